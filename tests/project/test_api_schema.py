"""The API's description is complete: nothing in it had to be guessed."""

from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import validate

from media_library.models import Project
from media_library.services.publishing import archive_media
from tests.courses.school import make_media
from tests.walls import bodies

UNKNOWN = "01a1f8ba-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def limits_of(schema, component, name):
    told = schema["components"]["schemas"][component]["properties"][name]
    named = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
    return {limit: told[limit] for limit in named if limit in told}


def test_schema_is_valid_and_says_everything():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_documentation_loads_nothing_from_outside(db):
    page = Client().get("/api/docs/")

    assert page.status_code == 200
    assert b"//cdn" not in page.content
    assert b"https://" not in page.content


def test_operations_are_described_for_who_calls_them(schema):
    described = {one.get("description", "") for methods in schema["paths"].values() for one in methods.values()}

    assert [words for words in described if "accounts.permissions" in words] == []


def test_every_operation_tells_how_it_refuses(schema):
    told = {
        (path, method): {int(status) for status in operation["responses"]} & {400, 401, 403, 404, 409, 429}
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    }
    here = "/api/v1/{organization}"

    assert {call for call, statuses in told.items() if not {401, 403, 404} <= statuses} == set()
    assert [
        told[f"{here}/{path}", method]
        for path, method in (
            ("frames/{frame_id}/", "get"), ("frames/", "get"), ("frames/{frame_id}/", "patch"),
            ("frames/{frame_id}/thumbnail/", "post"), ("search/", "get"), ("ask/", "post"),
        )
    ] == [
        {401, 403, 404}, {400, 401, 403, 404}, {400, 401, 403, 404, 409},
        {401, 403, 404, 409, 429}, {400, 401, 403, 404, 429}, {400, 401, 403, 404, 409, 429},
    ]  # fmt: skip


def test_refusals_look_as_they_are_described(schema, scope, alice, bob, client_of, settings):
    cache.clear()
    here, maker, film = "/api/v1/harbor", client_of(alice), make_media("Film")
    archive_media(film, by=alice)
    project = Project.objects.create(title="Films")
    calls = [
        (maker.post(f"{here}/projects/{project.pk}/batches/", {"name": " "}), "projects/{project_id}/batches/", "post"),
        (Client().get(f"{here}/playlists/"), "playlists/", "get"),
        (client_of(bob).get(f"{here}/projects/"), "projects/", "get"),
        (maker.get(f"{here}/frames/{UNKNOWN}/"), "frames/{frame_id}/", "get"),
        (maker.post(f"{here}/media/{film.pk}/retry/"), "media/{media_id}/retry/", "post"),
    ]

    assert [answer.status_code for answer, _path, _method in calls] == [400, 401, 403, 404, 409]
    for answer, path, method in calls:
        named = schema["paths"][f"/api/v1/{{organization}}/{path}"][method]["responses"][str(answer.status_code)]
        response = schema["components"]["responses"][named["$ref"].rpartition("/")[2]]
        assert response["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
        validate(answer.json(), schema["components"]["schemas"]["Error"])


@pytest.mark.parametrize(
    ("component", "name", "limits"),
    [
        ("NewBatchRequest", "name", {"minLength": 1, "maxLength": 50}),
        ("PatchedBatchEditRequest", "name", {"minLength": 1, "maxLength": 50}),
        ("PatchedFrameAnnotationRequest", "annotation", {"maxLength": 2000}),
        ("FramesAnnotationRequest", "annotation", {"maxLength": 2000}),
        ("FrameMoveRequest", "frames", {"minItems": 1, "maxItems": 500}),
        ("RegionRequest", "left", {"minimum": 0, "maximum": 1}),
        ("RegionRequest", "width", {"minimum": 0.005, "maximum": 1}),
        ("NewExtractionRequest", "interval", {"minimum": 0.1, "maximum": 86400}),
        ("NewExtractionRequest", "at", {"minimum": 0}),
        ("NewPlaylistRequest", "description", {"maxLength": 5000}),
        ("PatchedPlaylistRequest", "description", {"maxLength": 5000}),
    ],
)
def test_limits_that_services_judge_are_told(schema, component, name, limits):
    assert limits_of(schema, component, name) == limits


def test_whole_numbers_that_are_sent_have_a_largest():
    """What no column holds would end in an answer 500."""
    sent = (body for operation in operations() for body in operation.get("requestBody", {}).get("content", {}).values())

    boundless = {place for body in sent for place in boundless_numbers(body["schema"], "")}

    assert boundless == set()


def operations():
    return [one for methods in bodies.schema()["paths"].values() for one in methods.values() if isinstance(one, dict)]


def boundless_numbers(one, place):
    """Places of whole numbers in a body, below whatever it holds."""
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        yield from boundless_numbers(bodies.schema()["components"]["schemas"][name], name)
    if one.get("type") == "integer" and not one.get("readOnly") and "maximum" not in one and "enum" not in one:
        yield place
    for key in ("allOf", "oneOf", "anyOf"):
        for part in one.get(key, []):
            yield from boundless_numbers(part, place)
    for name, part in one.get("properties", {}).items():
        yield from boundless_numbers(part, f"{place}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(one.get(key), dict):
            yield from boundless_numbers(one[key], f"{place}[]")
