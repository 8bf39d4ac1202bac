"""A course followed as a private feed: what is unlocked for this learner now, and nothing else."""

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from core.errors import Refused
from courses.models import ContentItem, Course, Enrollment
from courses.services.authoring import add_chapter, add_item, create_course, save_item
from courses.services.enrolling import end_enrollment, enroll
from courses.services.publishing import publish_course, unpublish_course
from courses.services.removing import delete_course, delete_item
from media_library.models import Download, ListenerKey, Rendition
from media_library.podcasts.downloads import CONTEXT as OF_CONTEXT
from media_library.podcasts.downloads import Tally, tallies
from media_library.podcasts.following import CONTEXT, Followed, Listener
from media_library.podcasts.keys import give_key
from media_library.services.transcripts import publish_transcript
from tests.courses.conftest import make_media
from tests.media_library.listening import ask
from tests.media_library.shows import CUES, SOUND, add_sound

SPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


def from_date(days):
    return {"rules": [{"kind": "date", "at": (timezone.now() + timedelta(days=days)).isoformat()}]}


def sounding(title):
    media = make_media(title)
    add_sound(media, "mp3", SOUND)
    return media


@pytest.fixture
def course(scope, alice, bob):
    """Three lessons in two chapters; the first two have sound, and the last only a film."""
    made = create_course(title="Tides", by=alice, description="About *water*.")
    chapters = [add_chapter(made, title=title) for title in ("Beginnings", "Endings")]
    add_item(chapters[0], by=alice, type="text", title="Words", text="words")
    for chapter, title in zip((*chapters, chapters[1]), ("One", "Two", "Silent"), strict=True):
        media = sounding(title) if title != "Silent" else make_media(title)
        add_item(chapter, by=alice, type="video", title=title, media=media)
    publish_course(made, by=alice)
    enroll(made, user=bob)
    return Course.objects.get(pk=made.pk)


def item_of(course, title):
    return course.chapters.model.objects.get(course=course, items__title=title).items.get(title=title)


def follow(course, user):
    return give_key(Followed(CONTEXT, course.pk), Listener(user, course.organization))[1]


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def feed(token):
    return ask(f"/harbor/feeds/{token}/feed.xml")


def read(answer):
    return ElementTree.fromstring(answer.body)  # noqa: S314 (of our own writing)


def titles(token):
    answer = feed(token)
    if answer.status_code != 200:
        return answer.status_code
    return [one.findtext("title") for one in read(answer).iter("item")]


def sound(token, item):
    return ask(f"/harbor/feeds/{token}/{item.pk}.mp3").status_code


def test_feed_is_serial_and_its_chapters_are_seasons_with_names(course, bob):
    channel = read(feed(follow(course, bob))).find("channel")

    told = {tag: channel.findtext(tag, namespaces=SPACES) for tag in ("itunes:type", "podcast:medium", "itunes:block")}
    assert told == {"itunes:type": "serial", "podcast:medium": "course", "itunes:block": "Yes"}
    seasons = [one.find("podcast:season", SPACES) for one in channel.iter("item")]
    assert [(one.text, one.get("name")) for one in seasons] == [("1", "Beginnings"), ("2", "Endings")]
    dates = [one.findtext("pubDate") for one in channel.iter("item")]
    assert (dates, len(set(dates))) == (sorted(dates), 2)


def test_words_are_html_with_whole_addresses(course, bob, alice):
    first = item_of(course, "One")
    first.description = "Read *all* of [it](https://sea.test/) and [ours](/harbor/courses/)."
    save_item(first, by=alice)

    channel = read(feed(follow(course, bob))).find("channel")

    told = [channel.findtext("description"), *(one.findtext("description") for one in channel.iter("item"))]
    assert told[0] == "<p>About <em>water</em>.</p>\n"
    assert "<em>all</em>" in told[1]
    assert [part in told[1] for part in ('href="https://sea.test/"', 'href="/', 'src="/')] == [True, False, False]


def test_language_is_that_of_the_first_lesson_with_words(course, bob):
    token, first = follow(course, bob), item_of(course, "One")
    before = read(feed(token)).findtext("channel/language")

    publish_transcript(first.media, CUES, language="de", method="sidecar")

    assert (before, read(feed(token)).findtext("channel/language")) == ("en", "de")


def test_dates_lie_in_the_past_however_many_chapters_there_are(course, bob, alice):
    for number in range(3, 150):
        chapter = add_chapter(course, title=f"{number}")
    add_item(chapter, by=alice, type="video", title="Last", media=sounding("Last"))

    dates = [parsedate_to_datetime(one.findtext("pubDate")) for one in read(feed(follow(course, bob))).iter("item")]

    assert (dates, max(dates) < timezone.now()) == (sorted(dates), True)


def test_feed_and_sound_follow_what_is_unlocked(course, bob, alice):
    token, second = follow(course, bob), item_of(course, "Two")
    seen = {}

    for name, rules in {"open": {}, "tomorrow": from_date(1), "yesterday": from_date(-1)}.items():
        second.availability = rules
        save_item(second, by=alice)
        seen[name] = (titles(token), sound(token, second))

    assert seen == {
        "open": (["One", "Two"], 200), "tomorrow": (["One"], 404), "yesterday": (["One", "Two"], 200),
    }  # fmt: skip


@pytest.mark.parametrize("change", ["left", "ends_at", "closes_at", "unpublished"])
def test_course_that_ended_for_a_learner_is_refused(change, course, bob, alice):
    token, first = follow(course, bob), item_of(course, "One")
    enrollment = Enrollment.objects.get(user=bob)

    match change:
        case "left":
            end_enrollment(enrollment, by=alice)
        case "ends_at":
            Enrollment.objects.update(ends_at=timezone.now())
        case "closes_at":
            Course.objects.update(closes_at=timezone.now())
        case "unpublished":
            unpublish_course(course, by=alice)

    assert (titles(token), sound(token, first)) == (404, 404)


def test_course_that_opens_tomorrow_is_followed_and_empty(course, bob):
    Course.objects.update(opens_at=timezone.now() + timedelta(days=1))

    token = follow(course, bob)

    assert (titles(token), sound(token, item_of(course, "One"))) == ([], 404)


def test_makers_hear_what_is_locked_and_strangers_nothing(course, alice, bob):
    second = item_of(course, "Two")
    second.availability = from_date(1)
    save_item(second, by=alice)
    Enrollment.objects.all().delete()

    assert titles(follow(course, alice)) == ["One", "Two"]
    with pytest.raises(Refused) as refusal:
        follow(course, bob)
    assert refusal.value.code == "not_followed"


def test_token_of_one_course_opens_no_lesson_of_another(course, alice, bob):
    other = create_course(title="Winds", by=alice)
    add_item(add_chapter(other, title="Air"), by=alice, type="video", title="Wind", media=sounding("Wind"))
    publish_course(other, by=alice)
    enroll(other, user=bob)

    assert sound(follow(course, bob), item_of(other, "Wind")) == 404


def test_lessons_are_counted_and_gone_with_what_they_were_of(course, alice, bob):
    token, first = follow(course, bob), item_of(course, "One")
    sound(token, first)
    counted = tallies(OF_CONTEXT, [first.pk])
    Enrollment.objects.all().delete()

    delete_item(first, by=alice)
    downloads = Download.objects.count()
    delete_course(course)

    assert (counted, downloads, ListenerKey.objects.count()) == ({first.pk: Tally(1, 1)}, 0, 0)


def test_page_of_a_course_tells_downloads_and_listeners(course, alice, bob, client_of):
    page = f"/admin/courses/course/{course.pk}/change/"
    before = client_of(alice).get(page).content.decode()
    sound(follow(course, bob), item_of(course, "Two"))

    after = words(client_of(alice).get(page))

    assert "Downloads and listeners" in before
    for told in ("1 download, 1 of them in the last 30 days", "1 private address ", "One 0 0 Two 1 1"):
        assert told in after
    listed = f"/admin/media_library/listenerkey/?context_id__exact={course.pk}"
    assert client_of(alice).get(listed).context["cl"].result_count == 1


def test_downloads_of_a_course_are_told_by_lesson_and_day(course, alice, bob, client_of):
    second = item_of(course, "Two")
    sound(follow(course, bob), second)
    path = f"/api/v1/harbor/courses/{course.pk}/downloads/"

    told = client_of(alice).get(path).json()
    later = client_of(alice).get(f"{path}?since=2999-01-01").json()
    refused = [client_of(alice).get(f"{path}?since=soon").status_code, client_of(bob).get(path).status_code]

    first = {"lesson": str(item_of(course, "One").pk), "title": "One", "total": 0, "private": 0}
    row = {"lesson": str(second.pk), "title": "Two", "total": 1, "private": 1}
    assert told == {"total": 1, "private": 1, "lessons": [first, row]}
    assert (later["total"], refused) == (0, [400, 403])


def test_learner_makes_an_address_on_the_page_and_reads_it_once(course, bob, charlie, client_of):
    page, client = f"/harbor/courses/{course.slug}/listen/", client_of(bob)

    before = client.get(page).content.decode()
    made = client.post(page)
    after = client.get(page).content.decode()
    mine = client.get("/harbor/my/feeds/").content.decode()

    assert ("2 lessons can be heard now." in before, "Make my address" in before, "New address" in after) == (True,) * 3
    address = made.context["address"]
    assert (made["Cache-Control"], address in made.content.decode(), address in after + mine) == (
        "no-store",
        True,
        False,
    )
    assert (titles(address.split("/")[-2]), "Tides" in mine) == (["One", "Two"], True)
    assert client_of(charlie).post(page).status_code == 404


def test_course_without_sound_offers_nothing_to_hear(course, bob, client_of):
    page, client = f"/harbor/courses/{course.slug}/", client_of(bob)
    offered = f'href="{page}listen/"'

    with_sound = client.get(page).content.decode()
    Rendition.objects.all().delete()
    without = client.get(page).content.decode()
    listen = client.get(f"{page}listen/").content.decode()
    made = client.post(f"{page}listen/")

    assert (offered in with_sound, offered in without) == (True, False)
    assert ("it has no lesson with sound" in listen, "Make my address" in listen) == (True, False)
    assert (made.status_code, ListenerKey.objects.count()) == (409, 0)


def test_lessons_that_are_all_locked_are_said_to_be(course, bob, client_of):
    ContentItem.objects.update(availability=from_date(1))
    page, client = f"/harbor/courses/{course.slug}/", client_of(bob)

    listen = client.get(f"{page}listen/").content.decode()

    assert f'href="{page}listen/"' in client.get(page).content.decode()
    assert "2 lessons have sound, and all of them are still locked." in listen
    assert "Make my address" in listen


def test_own_addresses_are_renewed_and_revoked_by_nobody_else(course, bob, alice, client_of):
    token, key = follow(course, bob), ListenerKey.objects.get()
    path = f"/harbor/my/feeds/{key.pk}/"

    refused = [client_of(alice).post(f"{path}{verb}/").status_code for verb in ("renew", "revoke")]
    renewed = client_of(bob).post(f"{path}renew/").context["address"].split("/")[-2]
    states = (titles(token), titles(renewed))
    client_of(bob).post(f"/harbor/my/feeds/{ListenerKey.objects.get(revoked_at=None).pk}/revoke/")

    assert (refused, states, titles(renewed)) == ([404, 404], (404, ["One", "Two"]), 404)
