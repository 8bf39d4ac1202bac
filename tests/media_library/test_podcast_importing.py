"""A show that has lived elsewhere comes here, once, however often it is asked for and killed meanwhile."""

import io
import subprocess
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from PIL import Image

from core.errors import Refused
from core.fetch import network_allowed
from core.models import Job
from media_library.models import (
    Episode,
    Media,
    Podcast,
    PodcastImport,
    PodcastPerson,
    Season,
    ShowImportState,
    Upload,
    UploadState,
)
from media_library.podcasts.importing.beside import give_artwork
from media_library.podcasts.importing.report import sounds_of
from media_library.podcasts.importing.shows import bring, import_show, look_at_show, start_import
from media_library.podcasts.importing.sound import sound_from_url
from media_library.podcasts.shows import publish_podcast
from media_library.services.transcripts import timed_texts
from tests.media_library.shows import make_show
from tests.sources.stand_in import StandIn

pytestmark = pytest.mark.usefixtures("scope")

HEAD = """<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>
<title>Tides and tales</title><description>About &lt;b&gt;the sea&lt;/b&gt;.</description><language>en</language>
<itunes:category text="Education"/><itunes:image href="{{{{origin}}}}/art.png"/>
<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid><podcast:person>Ada</podcast:person>
{more}{items}</channel></rss>"""
ITEM = """<item><title>{title}</title><guid isPermaLink="false">ep-{n}</guid>
<pubDate>Fri, 0{n} May 2020 08:00:00 +0000</pubDate><description>Number {n}.</description>
<enclosure url="{{{{origin}}}}/{n}.mp3" length="9" type="audio/mpeg"/><itunes:episode>{n}</itunes:episode>
<itunes:season>1</itunes:season><podcast:transcript url="{{{{origin}}}}/{n}.json" type="application/json"/>
<podcast:chapters url="{{{{origin}}}}/{n}.chapters.json" type="application/json+chapters"/></item>"""
WORDS = {
    "version": "1.0.0",
    "segments": [{"speaker": "Ada", "startTime": 0.2, "endTime": 1.4, "body": "Hello, <b>sea</b>."}],
}
CHAPTERS = {"version": "1.2.0", "chapters": [{"startTime": 1, "title": "End"}, {"startTime": 0, "title": "Hello"}]}


@pytest.fixture(scope="module")
def host():
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def tones(ffmpeg_binary: str, tmp_path_factory: Any) -> list[bytes]:
    """Three sounds of two seconds, none like another."""
    folder = tmp_path_factory.mktemp("tones")
    for n in range(3):
        made = ["-f", "lavfi", "-i", f"sine=frequency={300 + 100 * n}:d=2", str(folder / f"{n}.mp3")]
        subprocess.run([ffmpeg_binary, "-v", "error", *made], check=True)
    return [(folder / f"{n}.mp3").read_bytes() for n in range(3)]


@pytest.fixture
def fetch_all(work_off: Any, settings: Any) -> Any:
    """Does what goes out; what is made of the sounds is left."""
    settings.JOB_LANES = {"hosts": 1}
    return work_off


def picture(side: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def item(n: int, title: str = "") -> str:
    return ITEM.format(n=n, title=title or f"Episode {n}")


@pytest.fixture
def plays(host, tones, settings):
    """The feed with episode 3, its archive of two pages with 2 and 1; `items`, `more` and `side` change it."""
    settings.PODCAST_ORIGINS = [host.origin]

    def play(*, items: str = item(3), more: str = "", side: int = 1400, older: bool = True) -> str:
        def page(path: str, items: str, link: str, more: str = "") -> dict[str, Any]:
            link = f'<atom:link rel="prev-archive" href="{link}"/>' if link else ""
            return {"path": path, "text": HEAD.format(more=more + link, items=items)}

        sounds = [
            {"path": f"/{n}.mp3", "method": method, "bytes": tones[n - 1]}
            for n in (1, 2, 3)
            for method in ("GET", "HEAD")
        ]
        beside = [{"path": f"/{n}{end}", "json": told} for n in (1, 2, 3) for end, told in BESIDE.items()]
        host.play(
            [
                page("/feed.xml", items, "/archive-2.xml" if older else "", more),
                page("/archive-2.xml", item(2), "/archive-1.xml"),
                page("/archive-1.xml", item(1), "/archive-2.xml"), *sounds, *beside,
                {"path": "/art.png", "bytes": picture(side)},
            ]
        )  # fmt: skip
        return f"{host.origin}/feed.xml"

    return play


BESIDE = {".json": WORDS, ".chapters.json": CHAPTERS}


def facts() -> list[tuple[Any, ...]]:
    rows = Episode.objects.order_by("number")
    return [(one.guid, one.title, one.number, one.published_at.year, one.media_id is not None) for one in rows]


def test_whole_show_comes_with_archive_sound_words_chapters_and_artwork(plays, alice, work_off, host):
    row = import_show(plays(), by=alice)

    work_off()

    row.refresh_from_db()
    show = Podcast.objects.get()
    assert (row.state, row.pages, row.episodes, row.added, row.problems) == (ShowImportState.DONE, 3, 3, 3, [])
    assert (show.title, show.description, show.status) == ("Tides and tales", "About the sea.", "draft")
    assert (str(show.guid), show.source_url) == ("9b024349-ccf0-5f69-a609-6b82873eab3c", row.url)
    assert (show.artwork_side, [one.name for one in PodcastPerson.objects.all()]) == (1400, ["Ada"])
    assert facts() == [(f"ep-{n}", f"Episode {n}", n, 2020, True) for n in (1, 2, 3)]
    assert [season.number for season in Season.objects.all()] == [1]
    media = Episode.objects.get(number=2).media
    assert (media.status, media.chapters) == (
        "completed", [{"at": 0.0, "title": "Hello"}, {"at": 1.0, "title": "End"}],
    )  # fmt: skip
    assert [(cue.speaker, cue.text) for cue in timed_texts(media.transcript)] == [("Ada", "Hello, sea.")]
    assert vars(sounds_of(row)) == {"total": 3, "here": 3, "coming": 0, "problems": []}
    assert [asked for asked in host.asked if "archive-2" in asked] == ["GET /archive-2.xml"]


def test_again_brings_what_is_new_and_leaves_what_a_person_changed(plays, alice, fetch_all):
    import_show(plays(older=False, items=item(2) + item(3)), by=alice)
    fetch_all()
    Episode.objects.filter(number=3).update(title="My own title")
    Podcast.objects.update(description="My own words.")
    sounds = list(Media.objects.order_by("pk").values_list("pk", flat=True))

    changed = item(1) + item(2, "A better title") + item(3, "Their new title")
    row = import_show(plays(older=False, items=changed), by=alice)
    fetch_all()

    row.refresh_from_db()
    assert (row.added, row.changed) == (1, 1)
    assert [one[1] for one in facts()] == ["Episode 1", "A better title", "My own title"]
    assert Podcast.objects.get().description == "My own words."
    assert list(Media.objects.order_by("pk").values_list("pk", flat=True))[:2] == sounds
    assert Media.objects.count() == 3


class Killed(BaseException):
    """As a process that ends in the middle."""


def test_killed_twice_it_goes_on_and_nothing_is_doubled(plays, alice, fetch_all):
    row = PodcastImport.objects.create(url=plays(), by=alice)
    for pages in (1, 2):
        left = iter([None] * pages)

        def check(left: Any = left) -> None:
            if next(left, "over") == "over":
                raise Killed

        with network_allowed(), pytest.raises(Killed):
            bring(row, check=check)
    before = (Episode.objects.count(), row.added)

    start_import(row, by=alice)
    fetch_all()

    row.refresh_from_db()
    assert before == (2, 2)
    assert (row.state, row.pages, row.added) == (ShowImportState.DONE, 3, 1)
    assert (Podcast.objects.count(), Episode.objects.count(), Media.objects.count()) == (1, 3, 3)
    assert Job.objects.filter(kind="fetch_episode_sound").count() == 3


def test_guid_is_believed_only_from_where_a_show_came_from_or_said_that_it_went(plays, alice, fetch_all, host):
    import_show(plays(older=False), by=alice)
    fetch_all()
    other = {"path": "/other.xml", "text": HEAD.format(more="", items=item(3, "Taken over"))}
    host.exchanges = [*host.exchanges, other]

    claims = import_show(f"{host.origin}/other.xml", by=alice)
    fetch_all()
    claims.refresh_from_db()
    refused = (claims.state, claims.code, Episode.objects.get().title)
    moved = "<itunes:new-feed-url>{{origin}}/other.xml</itunes:new-feed-url>"
    import_show(plays(older=False, more=moved), by=alice)
    fetch_all()
    host.exchanges = [*host.exchanges, other]
    start_import(claims, by=alice)
    fetch_all()

    claims.refresh_from_db()
    assert refused == (ShowImportState.REFUSED, "guid_taken", "Episode 3")
    assert (claims.state, Podcast.objects.count(), Episode.objects.get().title) == (
        ShowImportState.DONE, 1, "Taken over",
    )  # fmt: skip


def test_what_a_feed_forgets_to_say_takes_nothing_back(plays, alice, fetch_all, host):
    import_show(plays(older=False), by=alice)
    fetch_all()
    publish_podcast(Podcast.objects.get(), by=alice)
    text = HEAD.format(more="", items=item(3, "Better").replace("pubDate", "dateless"))
    text = text.replace("<description>About &lt;b&gt;the sea&lt;/b&gt;.</description>", "")
    others = [one for one in host.exchanges if one["path"] != "/feed.xml"]
    host.exchanges = [{"path": "/feed.xml", "text": text}, *others]

    row = import_show(f"{host.origin}/feed.xml", by=alice)
    fetch_all()

    row.refresh_from_db()
    assert (row.state, row.changed) == (ShowImportState.DONE, 1)
    assert row.problems == [{"about": "feed", "code": "description_missing", "message": "It has no description."}]
    assert Podcast.objects.get().description == "About the sea."
    assert facts() == [("ep-3", "Better", 3, 2020, True)]


def test_picture_that_somebody_chose_during_the_download_stays(alice):
    show = make_show(by=alice)
    fetched_for = Podcast.objects.get()
    fetched_for.artwork_path = ""

    give_artwork(fetched_for, picture(1500), by=alice)

    assert Podcast.objects.get().artwork_path == show.artwork_path


@pytest.mark.parametrize(
    ("head", "given_up"), [({"status": 404, "bytes": b"gone"}, 0), ({"bytes": b"short"}, 1)], ids=["404", "shorter"]
)
def test_sound_comes_whatever_its_server_said_of_its_size(plays, alice, fetch_all, host, head, given_up):
    plays()
    host.exchanges = [{"path": "/1.mp3", "method": "HEAD", **head}, *host.exchanges]
    show = Podcast.objects.create(title="Own", slug="own", guid="00000000-0000-5000-8000-000000000001")
    episode = Episode.objects.create(podcast=show, title="First", guid="1")

    sound_from_url(episode, f"{host.origin}/1.mp3", by=alice)
    fetch_all()

    episode.refresh_from_db()
    assert episode.media is not None
    assert Upload.objects.filter(state=UploadState.CANCELLED).count() == given_up


def test_sound_that_was_cut_off_is_fetched_anew_and_its_room_given_back(plays, alice, work_off, host):
    import_show(plays(older=False), by=alice)
    whole = list(host.exchanges)
    host.exchanges = [
        {**one, "drop": True} if one["path"] == "/3.mp3" and one.get("method") == "GET" else one for one in whole
    ]

    work_off()
    episode = Episode.objects.get()
    assert (episode.media, Upload.objects.filter(state=UploadState.RECEIVING).count()) == (None, 0)
    host.exchanges = whole
    Job.objects.filter(kind="fetch_episode_sound").update(available_at="2020-01-01T00:00Z")
    work_off()

    episode.refresh_from_db()
    assert episode.media.status == "completed"
    assert Upload.objects.exclude(state=UploadState.CANCELLED).count() == 1


def test_locked_show_comes_for_its_owner_only(plays, alice, fetch_all):
    url = plays(older=False, more='<podcast:locked owner="Ada@sea.test">yes</podcast:locked>')
    row = import_show(url, by=alice)
    fetch_all()
    row.refresh_from_db()
    refused = (row.state, row.code, row.locked_by, Podcast.objects.count())

    address = EmailAddress.objects.create(user=alice, email="ada@sea.test", verified=False)
    start_import(row, by=alice)
    fetch_all()
    unproven = Podcast.objects.count()
    address.verified = True
    address.save()
    start_import(row, by=alice)
    fetch_all()

    row.refresh_from_db()
    assert (refused, unproven) == ((ShowImportState.REFUSED, "feed_locked", "Ada@sea.test", 0), 0)
    assert (row.state, row.code, Podcast.objects.get().is_locked) == (ShowImportState.DONE, "", True)


def test_lock_is_that_of_the_source_until_somebody_turns_it_here(plays, alice):
    row = import_show(plays(older=False), by=alice)

    with network_allowed():
        bring(row)

    assert Podcast.objects.get().is_locked is False


def test_refused_import_keeps_what_its_look_counted(plays, alice, fetch_all):
    row = look_at_show(plays(more="<podcast:locked>yes</podcast:locked>"), by=alice)
    fetch_all()

    start_import(row, by=alice)
    fetch_all()

    row.refresh_from_db()
    assert (row.state, row.code, row.pages, row.episodes) == (ShowImportState.REFUSED, "feed_locked", 3, 3)


def test_looking_tells_what_would_come_and_brings_nothing(plays, alice, fetch_all):
    row = look_at_show(plays(more="<podcast:locked>yes</podcast:locked>"), by=alice)
    fetch_all()

    row.refresh_from_db()
    assert (row.state, row.title, row.pages, row.episodes, row.is_locked) == (
        ShowImportState.FOUND, "Tides and tales", 3, 3, True,
    )  # fmt: skip
    assert (Podcast.objects.count(), Episode.objects.count()) == (0, 0)


def test_problems_are_told_and_keep_nothing_else_from_coming(plays, alice, fetch_all):
    undated = '<item><title>Undated</title><enclosure url="/9.mp3"/></item><item><title>Silent</title></item>'
    row = import_show(plays(older=False, items=item(1) + undated, side=600), by=alice)
    fetch_all()

    row.refresh_from_db()
    assert row.state == ShowImportState.DONE
    assert [one["about"] for one in row.problems] == ["Undated", "feed", "Artwork"]
    assert "600" in row.problems[2]["message"]
    assert [one["about"] for one in sounds_of(row).problems] == ["Undated"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Its server wants a password: that cannot be brought in."),
        (403, "Its server does not give it out."),
        (404, "There is nothing at this address."),
        (410, "It is gone for good: ask whoever made it where it is now."),
        (418, "Its server answered 418."),
    ],
)
def test_sound_that_is_not_given_out_says_what_its_server_says(plays, host, alice, client_of, fetch_all, status, words):
    plays()
    show = Podcast.objects.create(title="Own", slug="own", guid="00000000-0000-5000-8000-000000000001")
    episode = Episode.objects.create(podcast=show, title="First", guid="1")
    host.play([{"path": "/gone.mp3", "method": method, "status": status, "text": "no"} for method in ("GET", "HEAD")])
    sound_from_url(episode, f"{host.origin}/gone.mp3", by=alice)
    address = f"/api/v1/harbor/podcasts/{show.pk}/episodes/{episode.pk}/"
    before = client_of(alice).get(address).json()["sound"]

    fetch_all()

    assert before == {"state": "under_way", "code": "", "message": ""}
    assert client_of(alice).get(address).json()["sound"] == {"state": "missing", "code": "not_there", "message": words}


def test_number_that_no_column_holds_is_left_out_and_told(plays, alice):
    row = import_show(
        plays(older=False, items=item(1).replace(">1</itunes:season>", ">99999999999</itunes:season>")), by=alice
    )

    with network_allowed():
        bring(row)

    assert row.problems == [
        {"about": "Episode 1", "code": "odd_number", "message": "Its number was left out: 99999999999."}
    ]
    assert Episode.objects.get().season is None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"text": '<!DOCTYPE x [<!ENTITY a "ha">]><rss><channel/></rss>'}, "hostile_feed"),
        ({"text": "<rss><chan"}, "unreadable_feed"),
        ({"text": "<rss/>"}, "not_a_podcast"),
        ({"status": 404, "text": "gone"}, "not_there"),
    ],
)
def test_what_is_no_podcast_is_refused_with_words(host, settings, alice, fetch_all, answer, code):
    settings.PODCAST_ORIGINS = [host.origin]
    host.play([{"path": "/feed.xml", **answer}])
    row = import_show(f"{host.origin}/feed.xml", by=alice)

    fetch_all()

    row.refresh_from_db()
    assert (row.state, row.code, bool(row.message)) == (ShowImportState.REFUSED, code, True)


@pytest.mark.parametrize(
    ("code", "words", "urls"),
    [
        ("invalid_address", "Write the whole", ["", "feed.xml", "file:///etc/passwd", "http://[::1", "http://a.test:b/"]),
        ("invalid_address", "without a name and a password", ["http://user:pw@sea.test/feed.xml"]),
        ("blocked_address", "no public server", [
            "http://127.0.0.1:9/feed.xml", "http://10.0.0.1/", "https://sea.test:9443/feed.xml", "http://feeds/1",
        ]),
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_or_inside_are_refused_at_once(code, words, urls, alice):
    for url in urls:
        with pytest.raises(Refused, match=words) as refused:
            import_show(url, by=alice)

        assert (refused.value.code, list(refused.value.fields)) == (code, ["url"])


def test_command_says_where_servers_of_the_own_network_are_named(alice):
    with pytest.raises(CommandError, match="PODCAST_ORIGINS"):
        call_command("import_podcast", "http://10.0.0.1/feed.xml", organization="harbor", by=alice.email)


def test_sound_comes_from_an_address_that_somebody_gives(plays, alice, work_off, host):
    plays()
    show = Podcast.objects.create(title="Own", slug="own", guid="00000000-0000-5000-8000-000000000001")
    episode = Episode.objects.create(podcast=show, title="First", guid="1")

    sound_from_url(episode, f"{host.origin}/1.mp3", by=alice)
    with pytest.raises(Refused, match="on its way"):
        sound_from_url(episode, f"{host.origin}/1.mp3", by=alice)
    work_off()

    episode.refresh_from_db()
    assert (episode.media.title, episode.media.status, episode.media.original_filename) == (
        "First",
        "completed",
        "1.mp3",
    )
    with pytest.raises(Refused, match="already"):
        sound_from_url(episode, f"{host.origin}/2.mp3", by=alice)


def test_command_brings_a_show_and_says_what_is_locked(plays, alice, capsys):
    locked = plays(older=False, more="<podcast:locked>yes</podcast:locked>")
    given = {"organization": "harbor", "by": alice.email}

    call_command("import_podcast", locked, dry_run=True, **given)
    with pytest.raises(CommandError, match="feed_locked"):
        call_command("import_podcast", locked, **given)
    call_command("import_podcast", plays(older=False), **given)

    told = capsys.readouterr().out.splitlines()
    assert told == [
        "Tides and tales: 1 episode on 1 page (locked)", "Tides and tales: 1 episode on 1 page",
        "1 new, 0 changed; the sounds follow.",
    ]  # fmt: skip
    assert (Episode.objects.count(), PodcastImport.objects.filter(state=ShowImportState.REFUSED).count()) == (1, 1)
