"""How much of a video completes its item: its own word, its course's, the site's; and what follows when it changes."""

import json
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.services.organizations import change_organization
from core.models import AuditEntry, Job
from courses.models import Completion, ContentItem, Course
from courses.progress.item_standings import item_standings
from courses.services.authoring import save_course, save_item
from courses.services.progress import complete_watched
from courses.services.settling import settle_course
from media_library.models import Media
from media_library.services.site import change_site_configuration
from media_library.services.watching import start_session
from tests.courses.conftest import Tides, watched
from tests.media_library.watched import listening, pass_time, watch

pytestmark = pytest.mark.usefixtures("scope")


def ask(tides: Tides, percent: int | None, by=None) -> None:
    item = ContentItem.objects.get(pk=tides.video.pk)
    item.watched_from = percent
    save_item(item, by=by)
    settle_course(tides.course)


def is_done() -> bool:
    return Completion.objects.filter(item__type="video").exists()


def needed(tides: Tides) -> int:
    return ContentItem.objects.with_needed().get(pk=tides.video.pk).needed_percent


def test_an_items_word_goes_before_its_courses_and_that_before_the_sites(tides, alice):
    found = [needed(tides)]
    change_site_configuration(by=alice, watched_from=80)
    found.append(needed(tides))
    Course.objects.update(watched_from=60)
    found.append(needed(tides))
    ContentItem.objects.filter(pk=tides.video.pk).update(watched_from=33)
    found.append(needed(tides))

    assert found == [90, 80, 60, 33]


@pytest.mark.parametrize(("duration", "percent"), [(0.5, 70), (60, 72), (300, 82), (600, 95), (7200, 95)])
def test_sliding_share_grows_with_the_length(tides, alice, duration, percent):
    Media.objects.filter(pk=tides.media.pk).update(duration=duration)
    change_site_configuration(by=alice, watched_slides=True)
    of_site = needed(tides)
    change_site_configuration(by=alice, watched_slides=False)
    Course.objects.update(watched_slides=True)

    assert (of_site, needed(tides)) == (percent, percent)


@pytest.mark.parametrize("percent", [37, 95, 100])
def test_item_is_done_by_the_report_that_reaches_its_percent(tides, bobs_place, bob, percent):
    Media.objects.filter(pk=tides.media.pk).update(duration=100, duration_source="file")
    ask(tides, percent)
    session = start_session(tides.media, user=bob)
    pass_time(tides.media, 3600)

    with listening("watch_completed") as told:
        watch(session, (0, percent - 1))
        before = is_done()
        watch(session, (0, percent))

    assert (before, is_done(), len(told)) == (False, True, int(percent >= 90))


def test_events_stay_the_five_milestones(tides, bobs_place, bob):
    Media.objects.filter(pk=tides.media.pk).update(duration=100, duration_source="file")
    ask(tides, 37)
    session = start_session(tides.media, user=bob)
    pass_time(tides.media, 3600)

    with listening("watch_progressed") as told:
        for end in range(1, 101):
            watch(session, (0, end))

    marks = [(facts["percent"], facts["milestones"]) for _, facts in told]
    assert marks == [
        (10, (10,)), (25, (25,)), (37, ()), (50, (50,)), (74, ()), (75, (75,)), (90, (90,)),  # 74: the sliding share
    ]  # fmt: skip


def test_lowering_credits_who_has_seen_enough(tides, bobs_place, bob, work_off):
    watched(tides.media, bob, percent=70)
    settle_course(tides.course)
    before = is_done()
    Job.objects.filter(kind="settle_course").delete()

    item = ContentItem.objects.get(pk=tides.video.pk)
    item.watched_from = 70
    save_item(item, by=None)
    Job.objects.filter(kind="settle_course").update(available_at=timezone.now())
    work_off()

    tides.media.refresh_from_db()
    assert (before, is_done(), tides.media.watch_marks) == (False, True, [70])


def test_raising_takes_nothing_back(tides, bobs_place, bob):
    watched(tides.media, bob, percent=91)
    settle_course(tides.course)

    ask(tides, 100)

    assert is_done()


def test_site_that_asks_for_less_credits_everywhere(tides, bobs_place, bob, alice, work_off):
    watched(tides.media, bob, percent=50)

    change_site_configuration(by=alice, watched_from=50)
    Job.objects.exclude(kind="settle_everything").delete()
    work_off()

    assert is_done()


def test_course_that_slides_credits_short_videos(tides, bobs_place, bob):
    Media.objects.filter(pk=tides.media.pk).update(duration=60)
    watched(tides.media, bob, percent=72)
    course = Course.objects.get(pk=tides.course.pk)
    course.watched_slides = True
    save_course(course)

    settle_course(course)

    assert is_done()


def test_two_courses_ask_for_different_shares_of_one_video(tides, bobs_place, bob):
    ask(tides, 40)

    complete_watched(tides.media, user_id=bob.pk, percent=39.9)
    before = is_done()
    complete_watched(tides.media, user_id=bob.pk, percent=40)

    assert (before, is_done()) == (False, True)


def test_learner_reads_what_is_asked(tides, bobs_place, bob, client_of):
    watched(tides.media, bob, percent=12)
    ask(tides, 70)
    lesson = f"/harbor/courses/{tides.course.slug}/learn/{tides.video.pk}/"

    page = client_of(bob).get(lesson).content.decode()

    assert "of the 70 % that complete it" in page
    assert item_standings(bobs_place)[0].unmet == "Watched 12 % of the 70 % that complete it."


def test_proof_knows_the_threshold(tides, bobs_place, bob):
    watched(tides.media, bob, percent=55)
    silent = proof()
    ContentItem.objects.filter(pk=tides.video.pk).update(watched_from=55)

    assert (silent, proof()) == ([], ["completion of “The film”"])


def proof() -> list[str]:
    output = StringIO()
    with suppress(SystemExit):
        call_command("prove_progress", "--json", stdout=output, stderr=StringIO())
    return [json.loads(line)["what"] for line in output.getvalue().splitlines()]


def test_integrator_sets_and_reads_it(tides, alice, client_of):
    client, course = client_of(alice), f"/api/v1/harbor/courses/{tides.course.pk}/"
    item = reverse("api_item", args=["harbor", tides.video.pk])

    wrong = client.patch(item, {"watched_from": 101}, content_type="application/json")
    right = client.patch(item, {"watched_from": 70}, content_type="application/json")
    whole = client.patch(course, {"watched_from": 0}, content_type="application/json")
    tree = client.get(f"{course}structure/").json()

    assert (wrong.status_code, list(wrong.json()["error"]["fields"]), right.json()["watched_from"]) == (
        400, ["watched_from"], 70,
    )  # fmt: skip
    assert (whole.status_code, [one["needed_percent"] for one in tree["chapters"][0]["items"]]) == (400, [70, None])


def test_an_organizations_word_goes_before_the_sites(tides, scope, alice):
    found = []
    for values in ({"watched_from": 50}, {"watched_slides": True}, {"watched_from": None}, {"watched_slides": False}):
        change_organization(scope, values=values, by=alice)
        found.append(needed(tides))
    Course.objects.update(watched_from=60)
    change_organization(scope, values={"watched_from": 40}, by=alice)

    assert found == [50, 75, 75, 90]  # two minutes slide to 75 %
    assert needed(tides) == 60


def test_organization_that_asks_for_less_credits_and_is_told_by_the_report_that_reaches_it(
    tides, scope, bobs_place, bob, alice, work_off, client_of
):
    Media.objects.filter(pk=tides.media.pk).update(duration=100, duration_source="file")
    session = start_session(tides.media, user=bob)
    pass_time(tides.media, 3600)
    watch(session, (0, 37))
    client = client_of(alice)

    wrong = client.patch("/api/v1/harbor/organization/", {"watched_from": 101}, content_type="application/json")
    right = client.patch("/api/v1/harbor/organization/", {"watched_from": 38}, content_type="application/json")
    Job.objects.exclude(kind="settle_organization").delete()
    work_off()
    before = is_done(), proof()
    watch(session, (37, 38))

    assert (wrong.status_code, list(wrong.json()["error"]["fields"]), right.json()["watched_from"]) == (
        400, ["watched_from"], 38,
    )  # fmt: skip
    assert (before, is_done(), proof()) == ((False, []), True, [])
    assert AuditEntry.objects.filter(action="settings_changed").latest("id").detail == "watched_from"


def test_video_that_is_placed_later_asks_what_its_organization_asks(tides, scope, alice, bob, bobs_place):
    change_organization(scope, values={"watched_from": 37}, by=alice)
    item = ContentItem.objects.get(pk=tides.video.pk)
    item.state = "draft"
    save_item(item, by=alice)
    item.state = "published"

    save_item(item, by=alice)

    assert Media.objects.get(pk=tides.media.pk).watch_marks == [37]
