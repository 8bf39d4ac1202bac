"""What somebody has watched: their page, the API, the back office; and beginning anew."""

import pytest
from django.urls import reverse

from core.models.audit import AuditEntry
from core.tenancy import organization_scope
from courses.models import Completion
from courses.services.settling import settle_course
from media_library.models import Media, Publication, WatchRecord, WatchSession
from media_library.services.resetting import reset_watching
from media_library.services.watching import start_session
from tests.courses.conftest import Tides
from tests.media_library.watched import leave, listening, make_talk, pass_time, watch

HISTORY, API = "/harbor/my/history/", "/api/v1/harbor/watch/"


@pytest.fixture
def seen(organization, tides: Tides, bobs_place, alice, bob) -> Tides:
    """Bob has seen 40 of the film's 100 seconds in two visits, then the whole of a talk that no course shows."""
    with organization_scope(organization):
        Media.objects.filter(pk=tides.media.pk).update(duration=100, duration_source="file")
        for end in (30, 40):
            visit = start_session(tides.media, user=bob)
            pass_time(tides.media, 3600)
            leave(visit, (0, end), position=end)
        talk = make_talk(alice, publication=Publication.PUBLISHED, described_at=tides.course.created_at)
        visit = start_session(talk, user=bob)
        pass_time(talk, 3600)
        leave(visit, (0, 100), position=100)
        settle_course(tides.course)
    return tides


def test_page_lists_the_last_first_and_leads_back(seen, bob, client_of):
    page = client_of(bob).get(HISTORY)

    rows = [
        (one.title, one.percent, one.watch_seconds, one.is_completed, one.action) for one in page.context["watched"]
    ]
    talk, film = (one.address for one in page.context["watched"])
    assert rows == [("Talk", 100, 100, True, "Watch again"), (seen.media.title, 40, 70, False, "Continue at 0:40")]
    assert film == f"/harbor/courses/{seen.course.slug}/learn/{seen.video.pk}/"
    assert talk.startswith("/harbor/media/")


def test_page_of_who_watched_nothing_says_what_to_do(bob, organization, client_of):
    assert "Nothing watched yet" in client_of(bob).get(HISTORY).content.decode()


@pytest.mark.parametrize("films", [1, 3])
def test_page_takes_as_many_statements_for_one_as_for_three(
    organization, alice, bob, client_of, django_assert_num_queries, films
):
    with organization_scope(organization):
        for _ in range(films):
            talk = make_talk(alice, publication=Publication.PUBLISHED, described_at=organization.created_at)
            watch(start_session(talk, user=bob), (0, 10))
    client = client_of(bob)

    with django_assert_num_queries(9):
        client.get(HISTORY)


def test_page_names_no_way_to_what_is_shut(seen, bob, client_of, organization):
    with organization_scope(organization):
        Media.objects.update(publication=Publication.DRAFT)

    page = client_of(bob).get(HISTORY)

    assert [one.address for one in page.context["watched"]] == ["", ""]
    assert "Not open to you any more" in page.content.decode()


def test_api_tells_everybody_their_own_and_makers_everybodys(seen, alice, bob, charlie, client_of):
    own = client_of(bob).get(f"{API}history/").json()
    none = client_of(alice).get(f"{API}history/").json()
    of_bob = client_of(alice).get(f"{API}records/?user={bob.pk}&media={seen.media.pk}").json()
    refused = [client_of(who).get(f"{API}records/").status_code for who in (bob, charlie)]

    facts = [(one["percent"], one["watch_seconds"], one["completed"], one["position"]) for one in own["results"]]
    assert facts == [(100.0, 100, True, 100.0), (40.0, 70, False, 40.0)]
    assert (none["count"], [one["email"] for one in of_bob["results"]], refused) == (0, [bob.email], [403, 404])


def test_reset_forgets_what_was_seen_and_keeps_what_was_done(seen, alice, bob, organization):
    with organization_scope(organization):
        visit = start_session(seen.media, user=bob)
        pass_time(seen.media, 3600)
        watch(visit, (0, 95), position=95)
        record = WatchRecord.objects.get(media=seen.media)

        with listening("watch_left", "watch_progressed", "watch_completed") as told:
            after = reset_watching(record, by=alice)
            again = start_session(seen.media, user=bob)
            pass_time(seen.media, 3600)
            state = watch(again, (0, 92), position=92)

        visit.refresh_from_db()
        done = Completion.objects.filter(item=seen.video).count()
        entry = AuditEntry.objects.get(action="watching_reset")
    assert (after.percent, after.seconds, after.position, after.completed_at) == (0, [], 0, None)
    assert (visit.ended_at is not None, visit.left_open, visit.watched_seconds) == (True, False, 95)
    assert (state.percent, state.completed, done, entry.actor) == (92.0, True, 1, alice)
    assert [(name, facts.get("seconds"), facts.get("milestones")) for name, facts in told] == [
        ("watch_left", 95, None), ("watch_progressed", None, ()),  # what was told before is not told again
    ]  # fmt: skip


def test_reset_through_both_doors(seen, alice, bob, charlie, client_of, organization):
    with organization_scope(organization):
        film, talk = (WatchRecord.objects.get(watched_seconds=seconds) for seconds in (40, 100))
    address = f"{API}records/{film.pk}/reset/"
    refused = [client_of(who).post(address).status_code for who in (bob, charlie)]
    page = reverse("admin:media_library_watchrecord_change", args=[talk.pk])

    by_api = client_of(alice).post(address)
    client_of(alice).post(page, {"media_library_watchrecord_reset": "1"})

    with organization_scope(organization):
        percents = list(WatchRecord.objects.values_list("percent", flat=True))
        visits = WatchSession.objects.count()
    assert (refused, by_api.json()["percent"], by_api.json()["watch_seconds"]) == ([403, 404], 0.0, 70)
    assert (percents, visits) == ([0, 0], 3)


def test_back_office_lists_who_watched_what(seen, alice, client_of):
    page = client_of(alice).get(reverse("admin:media_library_watchrecord_changelist")).content.decode()

    assert ("40 %" in page, "100 %" in page, "1 min 10 s" in page) == (True, True, True)
