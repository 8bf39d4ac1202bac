"""What apps and directories ask of a feed, each rule one test (research: PSP-1, Apple's rules, Podcasting 2.0)."""

import json
import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from media_library.captions import parse
from media_library.models import PodcastPerson, Season
from media_library.podcasts.channel import Channel, Enclosure, Item, Sound
from media_library.podcasts.feed import NAMESPACES, write_feed
from tests.media_library.shows import CHAPTERS, CUES, SOUND, episode_of, show_of, sound_of, stored

FEED = "/harbor/podcasts/tides/feed.xml"
SITE = "http://localhost:8000"
NAMES = {name.removeprefix("xmlns:"): address for name, address in NAMESPACES.items()}


class Read:
    """A served feed, as XML and as it came."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.channel = ElementTree.fromstring(body).find("channel")  # noqa: S314 (of our own writing)
        self.items = self.channel.findall("item")

    def texts(self, path: str) -> list[str | None]:
        return [one.text for one in self.channel.findall(path, NAMES)]

    def facts(self, path: str) -> list[dict[str, str]]:
        return [one.attrib for one in self.channel.findall(path, NAMES)]


@pytest.fixture
def show(scope):
    made = show_of(copyright="© Ada", type="serial", is_explicit=False)
    PodcastPerson.objects.create(podcast=made, name="Ada Tide", role="Host", link="https://ada.test/")
    return made


@pytest.fixture
def episode(show):
    season = Season.objects.create(podcast=show, number=2, name="Deep water")
    made = episode_of(
        show, media=sound_of(words=True, chapters=CHAPTERS), season=season, number=3, is_explicit=True, type="bonus",
        artwork_path=stored("third.png", b"third"),
    )  # fmt: skip
    PodcastPerson.objects.create(podcast=show, episode=made, name="Grace", role="guest")
    return made


def read() -> Read:
    return Read(Client().get(FEED).content)


@pytest.fixture
def feed(episode) -> Read:
    return read()


def local(address: str) -> str:
    return address.removeprefix(SITE)


def head(address: str) -> Any:
    response = Client().head(local(address))
    for close in response._resource_closers:  # as a server does
        close()
    return response


def part(address: str, asked: str) -> Any:
    response = Client().get(local(address), headers={"Range": asked})
    response.body = response.getvalue()
    return response


def test_feed_is_utf8_and_names_its_namespaces(feed):
    head = feed.body.decode().splitlines()[:2]

    assert head[0] == '<?xml version="1.0" encoding="UTF-8"?>'
    assert head[1] == (
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        ' xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom">'
    )


def test_channel_has_a_title(feed):
    assert feed.texts("title") == ["Tides & Winds"]


def test_channel_has_a_description_with_its_markup(feed):
    assert feed.texts("description") == ["<p>About the sea.</p>"]
    assert b"<description><![CDATA[<p>About the sea.</p>]]></description>" in feed.body


def test_description_has_at_most_4000_bytes(show):
    show.description = "ä" * 2001
    show.save()

    assert read().texts("description") == ["ä" * 2000]


@pytest.mark.parametrize("end", ['<a href="https://harbor.test/">far</a>', "&eacute;", "<br>"])
def test_cut_leaves_no_half_of_a_mark(end):
    begun = "a" * 3998

    read = Read(write_feed(a_channel(description=begun + end)))

    assert read.texts("description") == [begun]


def test_mark_before_the_cut_stays():
    read = Read(write_feed(a_channel(description="<p>2 < 3 &amp; 4</p>")))

    assert read.texts("description") == ["<p>2 < 3 &amp; 4</p>"]


def test_channel_links_to_its_page(feed):
    assert feed.texts("link") == [f"{SITE}/harbor/podcasts/tides/"]


def test_channel_has_a_language(feed):
    assert feed.texts("language") == ["en-GB"]


def test_category_is_one_of_apple_with_its_inner_one(feed):
    assert feed.facts("itunes:category") == [{"text": "Education"}]
    assert feed.facts("itunes:category/itunes:category") == [{"text": "Courses"}]


def test_ampersand_of_a_category_is_escaped(show):
    show.category = "Society & Culture/Personal Journals"
    show.save()

    assert b'<itunes:category text="Society &amp; Culture">' in Client().get(FEED).content


@pytest.mark.parametrize(("explicit", "told"), [(True, "true"), (False, "false")])
def test_explicit_is_true_or_false(show, explicit, told):
    show.is_explicit = explicit
    show.save()

    assert read().texts("itunes:explicit") == [told]


def test_artwork_has_its_extension_and_answers_head(feed):
    addresses = [one["href"] for one in feed.facts("itunes:image") + feed.facts("item/itunes:image")]

    answers = [head(one) for one in addresses]

    assert addresses == [f"{SITE}/harbor/podcasts/tides/art/{name}" for name in ("cover.jpg", "third.png")]
    assert [(one.status_code, one["Content-Type"], one["Content-Length"]) for one in answers] == [
        (200, "image/jpeg", "5"), (200, "image/png", "5"),
    ]  # fmt: skip


def test_feed_links_to_itself(feed):
    assert feed.facts("atom:link") == [{"rel": "self", "type": "application/rss+xml", "href": f"{SITE}{FEED}"}]


def test_channel_has_its_guid(feed, show):
    assert feed.texts("podcast:guid") == [str(show.guid)]


def test_channel_is_locked_by_its_owner(feed):
    assert (feed.texts("podcast:locked"), feed.facts("podcast:locked")) == (["yes"], [{"owner": "ada@harbor.test"}])


def test_channel_names_its_author(feed):
    assert feed.texts("itunes:author") == ["Ada"]


def test_author_is_the_organization_where_nobody_is_named(show):
    show.author = ""
    show.save()

    assert read().texts("itunes:author") == ["Harbor School"]


def test_channel_names_its_owner(feed):
    assert feed.texts("itunes:owner/*") == ["Ada", "ada@harbor.test"]


def test_channel_has_a_type(feed):
    assert feed.texts("itunes:type") == ["serial"]


def test_channel_has_a_copyright(feed):
    assert feed.texts("copyright") == ["© Ada"]


@pytest.mark.parametrize(("complete", "told"), [(True, ["Yes"]), (False, [])])
def test_complete_is_said_where_nothing_follows(show, complete, told):
    show.is_complete = complete
    show.save()

    assert read().texts("itunes:complete") == told


@pytest.mark.parametrize("medium", ["podcast", "course"])
def test_channel_has_a_medium(show, medium):
    show.medium = medium
    show.save()

    assert read().texts("podcast:medium") == [medium]


def test_new_address_is_told_where_the_feed_has_come_to(show):
    show.new_feed_url = f"{SITE}{FEED}"
    show.save()

    assert read().texts("itunes:new-feed-url") == [f"{SITE}{FEED}"]


def test_whoever_asks_where_the_feed_was_is_sent_on_for_good(show):
    show.new_feed_url = "https://elsewhere.test/feed.xml"
    show.save()

    answer = Client().get(FEED)

    assert (answer.status_code, answer["Location"]) == (301, "https://elsewhere.test/feed.xml")


def test_channel_names_people_with_role_and_group(feed):
    assert feed.texts("podcast:person") == ["Ada Tide"]
    assert feed.facts("podcast:person") == [{"role": "host", "group": "cast", "href": "https://ada.test/"}]


def test_people_of_an_item_stand_for_themselves(feed):
    assert feed.texts("item/podcast:person") == ["Grace"]
    assert feed.facts("item/podcast:person") == [{"role": "guest", "group": "cast"}]


def test_public_feed_blocks_nobody(feed):
    assert feed.texts("itunes:block") + feed.texts("podcast:block") == []


def test_private_feed_asks_not_to_be_listed():
    read = Read(write_feed(a_channel(is_private=True)))

    assert (read.texts("itunes:block"), read.texts("podcast:block")) == (["Yes"], ["yes"])


def test_item_has_a_title(feed):
    assert feed.texts("item/title") == ["Why the tide comes in"]


def test_item_has_one_enclosure_in_ascii_with_the_right_end(feed, episode):
    assert feed.facts("item/enclosure") == [
        {"url": f"{SITE}/harbor/podcasts/tides/episodes/{episode.pk}.mp3", "length": "51200", "type": "audio/mpeg"}
    ]
    assert feed.facts("item/enclosure")[0]["url"].isascii()


def test_each_enclosure_has_an_address_of_its_own(episode):
    episode_of(episode.podcast, title="Another")

    addresses = [one["url"] for one in read().facts("item/enclosure")]
    assert len({*addresses}) == 2


def test_length_and_type_of_the_enclosure_are_true(feed):
    [told] = feed.facts("item/enclosure")

    answer = Client().get(local(told["url"]))

    assert (len(answer.getvalue()), answer["Content-Length"]) == (int(told["length"]), told["length"])
    assert answer["Content-Type"] == told["type"]


def test_enclosure_answers_head(feed):
    answer = head(feed.facts("item/enclosure")[0]["url"])

    told = [answer[name] for name in ("Content-Length", "Content-Type", "Accept-Ranges")]
    assert (answer.status_code, told) == (200, ["51200", "audio/mpeg", "bytes"])


def test_ten_ranges_of_the_enclosure_are_the_file(feed):
    address, size = feed.facts("item/enclosure")[0]["url"], len(SOUND) // 10
    asked = [f"bytes={start}-{start + size - 1}" for start in range(0, len(SOUND), size)]

    answers = [part(address, one) for one in asked]

    assert b"".join(one.body for one in answers) == SOUND
    assert [one.status_code for one in answers] == [206] * 10
    assert answers[3]["Content-Range"] == f"bytes {3 * size}-{4 * size - 1}/{len(SOUND)}"


def test_guid_is_no_link_and_stays(feed, episode):
    before = feed.texts("item/guid")
    episode.title, episode.published_at = "Renamed", timezone.now()
    episode.save()
    episode.podcast.save()

    after = read()
    assert (after.texts("item/guid"), after.facts("item/guid")) == (before, [{"isPermaLink": "false"}])
    assert (before, after.texts("item/title")) == ([episode.guid], ["Renamed"])


def test_publication_is_a_mail_date(feed, episode):
    [told] = feed.texts("item/pubDate")

    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", told)
    assert parsedate_to_datetime(told) == episode.published_at.replace(microsecond=0)


def test_description_of_an_item_is_cdata(feed):
    assert b"<description><![CDATA[Twice <b>a day</b>.]]></description>" in feed.body


def test_duration_is_whole_seconds(feed):
    assert feed.texts("item/itunes:duration") == ["61"]


def test_item_links_to_its_page(feed, episode):
    assert feed.texts("item/link") == [f"{SITE}/harbor/podcasts/tides/{episode.pk}/"]


@pytest.mark.parametrize(("explicit", "told"), [(None, []), (False, ["false"]), (True, ["true"])])
def test_item_says_explicit_where_it_is_known(episode, explicit, told):
    episode.is_explicit = explicit
    episode.save()

    assert read().texts("item/itunes:explicit") == told


def test_season_and_number_are_told_with_the_name_of_the_season(feed):
    assert (feed.texts("item/itunes:season"), feed.texts("item/itunes:episode")) == (["2"], ["3"])
    assert (feed.texts("item/podcast:season"), feed.texts("item/podcast:episode")) == (["2"], ["3"])
    assert feed.facts("item/podcast:season") == [{"name": "Deep water"}]


def test_name_of_a_season_has_at_most_128_characters(show):
    episode_of(show, season=Season.objects.create(podcast=show, number=1, name="é" * 200))

    assert read().facts("item/podcast:season") == [{"name": "é" * 128}]


def test_season_and_number_are_left_out_where_there_are_none(show):
    episode_of(show)

    feed = read()
    assert feed.texts("item/itunes:season") + feed.texts("item/itunes:episode") == []


def test_item_has_a_type(feed):
    assert feed.texts("item/itunes:episodeType") == ["bonus"]


def test_transcript_is_captions_in_its_language(feed, episode):
    assert feed.facts("item/podcast:transcript") == [{
        "url": f"{SITE}/harbor/podcasts/tides/episodes/{episode.pk}.vtt", "type": "text/vtt", "language": "en",
        "rel": "captions",
    }]  # fmt: skip


def test_transcript_tells_speakers_in_short_lines_to_every_site(feed):
    answer = Client().get(local(feed.facts("item/podcast:transcript")[0]["url"]))

    text = answer.content.decode()
    assert (answer["Content-Type"], answer["Access-Control-Allow-Origin"]) == ("text/vtt; charset=utf-8", "*")
    assert "<v Ada>Good evening" in text
    assert max(map(len, text.splitlines())) <= 65
    assert parse(text) == CUES


def test_chapters_are_json_of_version_1_2(feed):
    [told] = feed.facts("item/podcast:chapters")
    answer = Client().get(local(told["url"]))

    assert (told["type"], answer["Content-Type"]) == ("application/json+chapters",) * 2
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.content) == {
        "version": "1.2.0",
        "chapters": [
            {"startTime": 0.0, "title": "Low tide", "endTime": 30.5},
            {"startTime": 30.5, "title": "High <tide>", "endTime": 61.4},
        ],
    }


def test_what_has_no_words_and_no_chapters_names_none(show):
    episode = episode_of(show)
    beside = f"/harbor/podcasts/tides/episodes/{episode.pk}"

    feed = read()

    assert feed.facts("item/podcast:transcript") + feed.facts("item/podcast:chapters") == []
    assert [Client().get(f"{beside}.{end}").status_code for end in ("vtt", "chapters.json")] == [404, 404]


def test_other_format_is_an_alternate(feed, episode):
    assert feed.facts("item/podcast:alternateEnclosure") == [
        {"type": "audio/x-m4a", "length": "5000", "bitrate": "128000"}
    ]
    assert feed.facts("item/podcast:alternateEnclosure/podcast:source") == [
        {"uri": f"{SITE}/harbor/podcasts/tides/episodes/{episode.pk}.m4a"}
    ]


def test_what_xml_cannot_write_is_left_out():
    words = "Low\x00 tide\x0b \ud800& <high>]]> 🌊"

    read = Read(write_feed(a_channel(title=words, description=words, author=words)))

    clean = "Low tide & <high>]]> 🌊"
    assert [read.texts(name) for name in ("title", "description", "itunes:author")] == [[clean]] * 3


def test_newest_item_comes_first(episode):
    for days in (3, 0.5):
        episode_of(episode.podcast, title=f"{days} days ago", days=days)

    assert read().texts("item/title") == ["0.5 days ago", "Why the tide comes in", "3 days ago"]


def test_long_archive_has_pages(show, monkeypatch):
    monkeypatch.setattr("media_library.podcasts.channels.PAGE_ITEMS", 2)
    for days in range(1, 6):
        episode_of(show, title=f"{days}", days=days)

    pages = [Read(Client().get(FEED, {"page": page} if page > 1 else {}).content) for page in (1, 2, 3)]

    assert [page.texts("item/title") for page in pages] == [["1", "2"], ["3", "4"], ["5"]]
    links = [{one["rel"]: local(one["href"]) for one in page.facts("atom:link")} for page in pages]
    first, second, third = FEED, f"{FEED}?page=2", f"{FEED}?page=3"
    assert links == [
        {"self": first, "first": first, "next": second, "last": third},
        {"self": second, "first": first, "previous": first, "next": third, "last": third},
        {"self": third, "first": first, "previous": second, "last": third},
    ]
    assert [Client().get(FEED, {"page": page}).status_code for page in ("4", "0", "x", "²")] == [404] * 4


def test_feed_reader_gets_every_field_back(feed, episode):
    told = feedparser.parse(feed.body)

    assert (told.bozo, told.version, told.encoding) == (False, "rss20", "utf-8")
    show, [entry] = told.feed, told.entries
    assert [show[name] for name in ("title", "subtitle", "link", "language", "author", "rights")] == [
        "Tides & Winds", "<p>About the sea.</p>", f"{SITE}/harbor/podcasts/tides/", "en-GB", "Ada", "© Ada",
    ]  # fmt: skip
    assert (show.image.href, show.itunes_type) == (f"{SITE}/harbor/podcasts/tides/art/cover.jpg", "serial")
    assert [tag.term for tag in show.tags] == ["Education", "Courses"]
    assert (show.podcast_guid, show.podcast_medium) == (str(episode.podcast.guid), "podcast")
    page, beside = (f"{SITE}/harbor/podcasts/tides/{part}{episode.pk}" for part in ("", "episodes/"))
    assert [entry[name] for name in ("title", "id", "summary", "link", "guidislink")] == [
        "Why the tide comes in", episode.guid, "Twice <b>a day</b>.", f"{page}/", False,
    ]  # fmt: skip
    assert [(one.href, one.length, one.type) for one in entry.enclosures] == [(f"{beside}.mp3", "51200", "audio/mpeg")]
    assert [entry[f"itunes_{name}"] for name in ("duration", "season", "episode", "episodetype")] == [
        "61", "2", "3", "bonus",
    ]  # fmt: skip
    assert entry.image.href == f"{SITE}/harbor/podcasts/tides/art/third.png"
    assert datetime(*entry.published_parsed[:6]) == episode.published_at.replace(tzinfo=None, microsecond=0)
    assert (entry.podcast_transcript["url"], entry.podcast_chapters["url"]) == (
        f"{beside}.vtt",
        f"{beside}.chapters.json",
    )


def a_channel(**told: object) -> Channel:
    sound = Sound(Enclosure("https://harbor.test/1.mp3", 9), seconds=0.2)
    item = Item("one", "One", sound, published_at=timezone.now() - timedelta(days=1))
    facts = {"title": "Tides", "description": "About the sea.", **told}
    return Channel(
        address="https://harbor.test/feed.xml", link="https://harbor.test/", language="en", guid="g", items=(item,),
        **facts,
    )  # fmt: skip
