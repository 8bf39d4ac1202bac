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
    assert (flow.guid, flow.title, flow.published_at, flow.number) == ("https://sea.test/flow.mp3", "flow", None, None)
    assert (ebb.is_titled, flow.is_titled) == (True, False)


def one_item(told):
    text = '<rss xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><item>{}{}</item></channel></rss>'
    page = read_feed(text.format('<enclosure url="/a/Low%20tide_1.mp3"/>', told).encode(), url="https://sea.test/feed")
    return page.items[0]


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("<title> </title><i:title>Ebb</i:title><description>Words</description>", "Ebb"),
        ("<description>&lt;p&gt;The sea.&lt;/p&gt;&lt;p&gt;More&lt;/p&gt;</description>", "The sea."),
        (f"<description>{'word, ' * 20}</description>", "word, " * 9 + "word…"),
        (f"<description>{'w' * 99}</description>", "w" * 59 + "…"),
        ("<pubDate>Fri, 01 May 2020 08:00:00 +0000</pubDate>", "2020-05-01"),
        ("<pubDate>some day</pubDate>", "Low tide_1"),
    ],
)
def test_episode_without_a_title_gets_one_that_a_person_can_use(told, title):
    item = one_item(told)

    assert (item.title, item.is_titled) == (title, "Ebb" in told)


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("Fri, 01 May 2020 08:00:00", datetime(2020, 5, 1, 8, tzinfo=UTC)),
        ("2020-05-01T08:00:00Z", datetime(2020, 5, 1, 8, tzinfo=UTC)),
        ("2020-05-01T08:00:00+02:00", datetime(2020, 5, 1, 6, tzinfo=UTC)),
        ("Fri, 31 Feb 2020 08:00:00 GMT", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
    ],
)
def test_dates_are_read_as_feeds_write_them(told, moment):
    assert one_item(f"<pubDate>{told}</pubDate>").published_at == moment


@pytest.mark.parametrize(("told", "number"), [("1.5", None), ("0", None), ("-1", None), ("², ", None), ("07", 7)])
def test_numbers_that_are_none_are_left_out(told, number):
    item = one_item(f"<i:episode>{told}</i:episode><i:season>{told}</i:season><i:duration>abc</i:duration>")

    assert (item.number, item.season) == (number, number)


LETTERS = '<?xml version="1.0"{}?><rss><channel><title>Gezeiten für Anfänger</title></channel></rss>'


@pytest.mark.parametrize(
    ("declared", "encoding", "charset"),
    [
        (' encoding="ISO-8859-1"', "latin-1", ""),
        (' encoding="windows-1252"', "cp1252", "utf-8"),
        (' encoding="gb18030"', "gb18030", ""),
        (' encoding="UTF-16"', "utf-16", ""),
        (' encoding="UTF-16"', "utf-16-be", ""),
        (' encoding="UTF-16"', "utf-8", ""),
        (' encoding="utf-8"', "utf-8-sig", "iso-8859-1"),
        (' encoding="nonsense"', "utf-8", "zlib"),
        ("", "latin-1", "iso-8859-1"),
        ("", "latin-1", ""),
        ("", "utf-8", ""),
    ],
)
def test_feed_is_read_in_whichever_letters_it_is_written(declared, encoding, charset):
    content = LETTERS.format(declared).encode(encoding)

    assert read_feed(content, url="https://sea.test/feed", charset=charset).show.title == "Gezeiten für Anfänger"


def test_one_broken_letter_takes_no_show_away():
    content = LETTERS.format(' encoding="utf-8"').encode().replace(b" f", b" \x0c\xff\x00f")

    assert read_feed(content, url="https://sea.test/feed").show.title == "Gezeiten \ufffdfür Anfänger"


@pytest.mark.parametrize(
    ("head", "feed"),
    [
        (
            '<!DOCTYPE html><html><head><link href="/rss?a=1&amp;b=2" rel="alternate" type="application/rss+xml">',
            "/rss?a=1&b=2",
        ),
        ("<!-- made by hand -->\n<HTML><p>unclosed", ""),
        ('<html><link type="application/rss+xml" href="javascript:alert(1)">', ""),
    ],
)
def test_web_page_is_known_and_says_where_its_feed_is(head, feed):
    with pytest.raises(UnreadableFeed) as refused:
        read_feed(head.encode(), url="https://sea.test/")

    told = refused.value
    assert (told.code, told.is_page, told.feed) == ("not_a_podcast", True, f"https://sea.test{feed}" if feed else "")


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
