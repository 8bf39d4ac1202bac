"""The library and watching through the API."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.services.tokens import create_token
from core.tenancy import organization_scope
from media_library.api.visit_key import key_of
from media_library.models import Media, Publication, Rendition, Source, WatchSession

UNKNOWN = "01a1f8ba-0000-7000-8000-000000000000"


def create(organization, creator, *, count: int = 1, **fields) -> list[Media]:
    with organization_scope(organization):
        drafts = [
            Media(source=Source.UPLOAD, source_path="s", title=f"Talk {n}", creator=creator, **fields)
            for n in range(count)
        ]
        return Media.objects.bulk_create(drafts)


@pytest.fixture
def talk(organization, alice) -> Media:
    [media] = create(organization, alice, duration=100.0, publication=Publication.PUBLISHED)
    with organization_scope(organization):
        media.rendition = Rendition.objects.create(media=media, folder="f")
        media.save()
    return media


def send(client: Client, method: str, path: str, body=None, slug: str = "harbor"):
    return client.generic(method, f"/api/v1/{slug}/{path}", json.dumps(body), content_type="application/json")


def codes(response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


# The library


def test_files_come_by_uploads_and_addresses_only(organization, alice, client_of):
    assert codes(send(client_of(alice), "POST", "media/", {})) == (400, "invalid")


def test_list_shows_makers_all_and_learners_what_is_out(organization, talk, alice, bob, client_of):
    create(organization, alice)
    create(organization, alice, publication=Publication.ARCHIVED)

    titles = {who: client_of(who).get("/api/v1/harbor/media/").json()["count"] for who in (alice, bob)}

    assert titles == {alice: 2, bob: 1}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=failed", 2),
        ("status=completed", 0),
        ("kind=audio", 1),
        ("publication=archived", 1),
        ("creator={alice}", 2),
        ("creator={bob}", 0),
    ],
)
def test_list_is_filtered(organization, alice, bob, client_of, query, count):
    create(organization, alice, status="failed", kind="audio")
    create(organization, alice, status="failed")
    create(organization, alice, publication=Publication.ARCHIVED)

    response = client_of(alice).get(f"/api/v1/harbor/media/?{query.format(alice=alice.pk, bob=bob.pk)}")

    assert response.json()["count"] == count


def test_unknown_filter_values_are_field_errors(organization, alice, client_of):
    response = client_of(alice).get("/api/v1/harbor/media/?status=sleepy&creator=me")

    assert (codes(response), sorted(response.json()["error"]["fields"])) == ((400, "invalid"), ["creator", "status"])


@pytest.mark.parametrize("count", [1, 3, 100])
def test_list_costs_ten_statements(organization, alice, client_of, django_assert_num_queries, count):
    create(organization, alice, count=count)
    client = client_of(alice)
    # session, person, membership, count, page; their categories, tags, credits, where courses and shows have them
    with django_assert_num_queries(10):
        client.get("/api/v1/harbor/media/?page_size=200")


def test_detail_is_edited(talk, alice, client_of):
    response = send(client_of(alice), "PATCH", f"media/{talk.pk}/", {"title": " New ", "publication": "draft"})

    answer = response.json()
    assert (response.status_code, answer["title"], answer["publication"]) == (200, "New", "draft")


def test_edit_is_all_or_nothing(organization, alice, client_of):
    [media] = create(organization, alice)
    client = client_of(alice)

    response = send(client, "PATCH", f"media/{media.pk}/", {"title": "New", "publication": "published"})

    assert codes(response) == (409, "not_ready")
    assert client.get(f"/api/v1/harbor/media/{media.pk}/").json()["title"] == "Talk 0"


def test_delete_archives(talk, alice, client_of):
    client = client_of(alice)

    response = send(client, "DELETE", f"media/{talk.pk}/")

    assert response.status_code == 204
    assert client.get(f"/api/v1/harbor/media/{talk.pk}/").json()["publication"] == "archived"


def test_retry_answers_what_happens(talk, alice, client_of):
    assert codes(send(client_of(alice), "POST", f"media/{talk.pk}/retry/")) == (409, "nothing_to_retry")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "retry/")])
@pytest.mark.parametrize("slug", ["harbor", "summit"])
def test_outsiders_find_no_media(talk, charlie, client_of, method, path, slug):
    assert codes(send(client_of(charlie), method, f"media/{talk.pk}/{path}", {}, slug)) == (404, "not_found")


# Watching


def start(client: Client, media, **more):
    return send(client, "POST", "watch/sessions/", {"media": str(media.pk), **more})


def test_session_starts_with_where_the_learner_is(talk, bob, client_of, organization):
    item = "01a1f8ba-0000-7000-8000-000000000001"

    response = start(client_of(bob), talk, item=item, device="mobile", referrer="search")

    answer = response.json()
    with organization_scope(organization):
        session = WatchSession.objects.get()
    state = {"percent": 0.0, "watched_seconds": 0, "position": 0.0, "completed": False}
    assert (response.status_code, answer) == (201, {"id": str(session.pk), "key": key_of(session), **state})
    assert (str(session.context_id), session.device, session.referrer, session.user) == (item, "mobile", "search", bob)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "media"),
        ({"media": "x"}, "media"),
        ({"media": UNKNOWN, "device": "fridge"}, "device"),
        ([], "non_field_errors"),
    ],
)
def test_session_refusals_name_the_field(talk, bob, client_of, body, field):
    response = send(client_of(bob), "POST", "watch/sessions/", body)

    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, [field])


def test_session_needs_media_one_may_watch(talk, organization, alice, bob, client_of):
    [draft] = create(organization, alice)

    assert codes(start(client_of(bob), draft)) == (404, "not_found")
    assert start(client_of(alice), draft).status_code == 201
    assert codes(send(client_of(bob), "POST", "watch/sessions/", {"media": UNKNOWN})) == (404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("verb", ["progress", "end"])
def test_reports_answer_the_learners_state(talk, bob, client_of, method, verb):
    client = client_of(bob)
    session = start(client, talk).json()["id"]

    report = {"intervals": [[0, 10.2]], "position": 10.2, "speed": 1, "duration": 100}
    response = send(client, method, f"watch/sessions/{session}/{verb}/", report)

    assert (response.status_code, response.json()) == (
        200,
        {"id": session, "percent": 10.0, "watched_seconds": 10, "position": 10.2, "completed": False},
    )


def test_reports_after_the_end_are_refused(talk, bob, client_of):
    client = client_of(bob)
    session = start(client, talk).json()["id"]
    send(client, "POST", f"watch/sessions/{session}/end/", {})

    assert codes(send(client, "POST", f"watch/sessions/{session}/progress/", {})) == (409, "session_ended")


@pytest.mark.parametrize("body", [[], "x", {"intervals": [[1]]}, {"position": "x"}])
def test_unreadable_reports_are_refused(talk, bob, client_of, body):
    client = client_of(bob)
    session = start(client, talk).json()["id"]

    assert codes(send(client, "POST", f"watch/sessions/{session}/progress/", body)) == (400, "invalid_report")


def test_reports_of_others_are_not_found(talk, alice, bob, charlie, client_of):
    session = start(client_of(bob), talk).json()["id"]
    path = f"watch/sessions/{session}/progress/"

    answers = [
        codes(send(client_of(alice), "POST", path, {})),
        codes(send(client_of(charlie), "POST", path, {})),
        codes(send(client_of(charlie), "POST", path, {}, "summit")),
    ]

    assert answers == [(404, "not_found")] * 3


def test_report_costs_four_statements(talk, bob, client_of):
    client = client_of(bob)
    path = f"watch/sessions/{start(client, talk).json()['id']}/progress/"
    send(client, "POST", path, {"intervals": [[0, 10]], "position": 10})  # reaches 10 %, and that is told

    with CaptureQueriesContext(connection) as captured:
        send(client, "POST", path, {"intervals": [[10, 12]], "position": 12})

    tables = [query["sql"].split(" FROM ")[1].split("(")[0].split()[0].strip('"') for query in captured]
    assert tables == ["django_session", "accounts_user", "accounts_organization", "media_library_count_report"]


def test_reports_need_the_token_of_the_page(talk, bob, client_of):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_of(bob).cookies

    assert codes(start(strict, talk)) == (403, "permission_denied")


def test_strangers_must_log_in(talk, client):
    assert codes(start(client, talk)) == (401, "not_authenticated")


@pytest.mark.parametrize(("scopes", "status"), [(["learning:read", "media:write"], 403), (["learning:write"], 201)])
def test_tokens_report_what_their_scopes_allow(talk, bob, organization, client, scopes, status):
    membership = Membership.objects.get(user=bob, organization=organization)
    _, token = create_token(membership, name="Player", scopes=scopes)
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {token}"

    assert start(client, talk).status_code == status
