"""What a feed of strangers says, and what of it is refused."""

from datetime import UTC, datetime
from time import monotonic
from uuid import UUID

import pytest

from media_library.podcasts.importing.feed import Person, Words, read_feed
from media_library.podcasts.importing.text import plain
from media_library.podcasts.importing.trees import UnreadableFeed

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>
<title>Tides &amp; tales</title><link>https://sea.test/</link><language>en-gb</language>
<description><![CDATA[<p>The <b>sea</b>.</p><p>See <a href="https://sea.test/x">here</a>.</p><script>alert(1)</script>]]></description>
<atom:link rel="self" href="https://sea.test/feed"/><atom:link rel="prev-archive" href="/feed?page=2"/>
<i:author>Ada</i:author><i:explicit>yes</i:explicit><i:type>Serial</i:type><i:image href="art.jpg"/>
<i:category text="Pottery"/><i:category text="Education"><i:category text="Courses"/></i:category>
<i:owner><i:name>Ada Q</i:name><i:email>ada@sea.test</i:email></i:owner>
<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid><podcast:locked>yes</podcast:locked>
<podcast:person href="https://sea.test/ada">Ada</podcast:person><podcast:person role="Guest">Bo</podcast:person>
<item><title>Ebb</title><guid isPermaLink="false">ep-1</guid><pubDate>Fri, 20 Nov 2026 08:00:00 +0100</pubDate>
<enclosure url="https://sea.test/ebb.mp3" length="5" type="audio/mpeg"/><i:episode>3</i:episode><i:season>2</i:season>
<podcast:season name="Currents">2</podcast:season><i:episodeType>bonus</i:episodeType><i:explicit>false</i:explicit>
<podcast:transcript url="ebb.srt" type="application/x-subrip"/>
<podcast:transcript url="ebb.vtt" type="text/vtt" language="de"/>
<podcast:chapters url="ebb.json" type="application/json+chapters"/></item>
<item><title>Nothing to hear</title><guid>ep-2</guid></item>
<item><enclosure url="javascript:alert(1)"/></item>
<item><enclosure url="flow.mp3"/><pubDate>soon</pubDate><i:episode>0</i:episode></item>
</channel></rss>"""


def test_feed_is_read_with_all_that_it_names_more_than_once():
    page = read_feed(FEED.encode(), url="https://sea.test/feed")

    show, (ebb, flow) = page.show, page.items
    assert (show.title, show.author, show.type, show.is_explicit) == ("Tides & tales", "Ada", "serial", True)
    assert show.description == "The sea.\n\nSee here (https://sea.test/x)."
    assert (show.category, show.artwork) == ("Education/Courses", "https://sea.test/art.jpg")
    assert (show.guid, show.is_locked, show.locked_by) == (
        UUID("9b024349-ccf0-5f69-a609-6b82873eab3c"), True, "ada@sea.test",
    )  # fmt: skip
    assert show.people == [Person("Ada", "host", "", "https://sea.test/ada"), Person("Bo", "guest", "", "")]
    assert (page.older, page.silent) == ("https://sea.test/feed?page=2", 2)
    assert (ebb.guid, ebb.number, ebb.season, ebb.season_name, ebb.type, ebb.is_explicit) == (
        "ep-1", 3, 2, "Currents", "bonus", False,
    )  # fmt: skip
    assert ebb.published_at == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert ebb.words == [
        Words("https://sea.test/ebb.srt", "application/x-subrip", ""),
        Words("https://sea.test/ebb.vtt", "text/vtt", "de"),
    ]
    assert ebb.chapters == "https://sea.test/ebb.json"
    assert (flow.guid, flow.title, flow.published_at, flow.number) == ("https://sea.test/flow.mp3", "?", None, None)


def test_hostile_numbers_and_endless_descriptions_cost_nothing():
    hostile = FEED.replace("<i:episode>3<", f"<i:episode>{'0' * 30}{'9' * 5000}<")
    endless = "<p>" + "<a <" * 5_000_000

    page = read_feed(hostile.encode(), url="https://sea.test/feed")
    started = monotonic()
    read = plain(endless)

    assert page.items[0].number is None
    assert (len(read) <= 4000, monotonic() - started < 2) == (True, True)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LAUGHS, "hostile_feed"),
        (OUTSIDE, "hostile_feed"),
        ("<a>" * 60 + "</a>" * 60, "hostile_feed"),
        ("<rss><channel>", "unreadable_feed"),
        ("not a feed", "unreadable_feed"),
        ("", "unreadable_feed"),
        ("<html><body>Hello</body></html>", "not_a_podcast"),
    ],
)
def test_what_is_no_feed_or_would_do_harm_is_refused(content, code):
    with pytest.raises(UnreadableFeed) as refused:
        read_feed(content.encode(), url="https://sea.test/feed")

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Plain & simple.\nTwo   lines.", "Plain & simple.\nTwo lines."),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ('<a href="javascript:alert(1)">Click</a><iframe src="x">no</iframe>', "Click"),
        ("1 &lt; 2<br/>3", "1 < 2\n3"),
        ("<p>" + "ä" * 3000 + "</p>", "ä" * 2000),
    ],
)
def test_descriptions_become_plain_text_of_the_length_allowed(html, text):
    assert plain(html) == text
