"""The API's description is complete: nothing in it had to be guessed."""

from io import StringIO

from django.core.management import call_command
from django.test import Client

from tests.walls.bodies import schema


def test_schema_is_valid_and_says_everything():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_documentation_loads_nothing_from_outside(db):
    page = Client().get("/api/docs/")

    assert page.status_code == 200
    assert b"//cdn" not in page.content
    assert b"https://" not in page.content


def test_whole_numbers_that_are_sent_have_a_largest():
    """What no column holds would end in an answer 500."""
    sent = (body for operation in operations() for body in operation.get("requestBody", {}).get("content", {}).values())

    boundless = {place for body in sent for place in boundless_numbers(body["schema"], "")}

    assert boundless == set()


def operations():
    return [one for methods in schema()["paths"].values() for one in methods.values() if isinstance(one, dict)]


def boundless_numbers(one, place):
    """Places of whole numbers in a body, below whatever it holds."""
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        yield from boundless_numbers(schema()["components"]["schemas"][name], name)
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
