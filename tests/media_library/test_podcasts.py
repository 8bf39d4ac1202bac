"""What makers do with shows, seasons, people and artwork."""

from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from core.errors import Refused
from media_library.models import Episode, Podcast, PodcastPerson, Season, ShowStatus
from media_library.podcasts.artwork import LARGEST_FILE, remove_artwork, set_artwork
from media_library.podcasts.categories import CATEGORIES, is_category
from media_library.podcasts.episodes import episode_of, publish_episode, save_episode
from media_library.podcasts.guid import guid_of
from media_library.podcasts.people import PersonLine, people_of, set_people
from media_library.podcasts.seasons import delete_season, save_season
from media_library.podcasts.shows import delete_podcast, publish_podcast, save_podcast, withdraw_podcast
from media_library.services.cleaning import clean_organization
from media_library.services.storage_report import storage_report
from tests.media_library.shelf import age, files
from tests.media_library.shows import FACTS, artwork, make_show, make_talk

pytestmark = pytest.mark.django_db


def refused(verb, *arguments, **named):
    with pytest.raises(Refused) as refusal:
        verb(*arguments, **named)
    return refusal.value.code, [*refusal.value.fields]


@pytest.mark.parametrize(
    ("url", "guid"),
    [
        ("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("http://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
    ],
)
def test_guid_follows_the_rule_of_podcasting_2(url, guid):
    assert guid_of(url) == UUID(guid)


def test_categories_are_those_of_apple():
    assert (len(CATEGORIES), sum(map(len, CATEGORIES.values()))) == (19, 91)
    assert [is_category(name) for name in ("Education/Courses", "History", "Education/", "Sea", "History/Sea")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_show_gets_its_address_and_guid_until_it_is_published(scope, alice, settings):
    settings.SITE_URL = "https://learn.test/"

    show = save_podcast(Podcast(title=" Tides\n", **FACTS), by=alice)
    other = save_podcast(Podcast(title="Tides", **FACTS), by=alice)
    show.slug = "ebb"
    save_podcast(show, by=alice)
    set_artwork(show, artwork(), by=alice)
    publish_podcast(show, by=alice)
    settings.SITE_URL = "https://elsewhere.test"
    save_podcast(show, by=alice)

    assert (show.title, show.created_by, other.slug) == ("Tides", alice, "tides-2")
    assert show.guid == guid_of("https://learn.test/harbor/podcasts/ebb/feed.xml")
    show.slug = "flood"
    assert refused(save_podcast, show, by=alice) == ("address_stays", ["slug"])
    other.slug = "ebb"
    assert refused(save_podcast, other, by=alice) == ("slug_taken", ["slug"])


def test_imported_show_keeps_its_guid(scope, alice):
    key = guid_of("podnews.net/rss")

    brought = save_podcast(Podcast(title="News", source_url="https://old.test/rss", guid=key), by=alice)
    told_nothing = save_podcast(Podcast(title="Other", source_url="https://old.test/other"), by=alice)

    assert (brought.guid, told_nothing.guid) == (key, guid_of("old.test/other"))


def test_show_without_what_apple_wants_is_not_published(scope, alice):
    show = save_podcast(Podcast(title="Tides", description=" ", language="", category=""), by=alice)

    missing = refused(publish_podcast, show, by=alice)

    assert missing == ("show_incomplete", ["description", "file", "language", "category"])
    assert refused(save_podcast, Podcast(title=" "), by=alice) == ("title_missing", ["title"])
    assert refused(save_podcast, Podcast(title="A", description="é" * 2001), by=alice) == ("too_long", ["description"])
    assert refused(save_podcast, Podcast(title="A", category="Sea"), by=alice) == ("unknown_category", ["category"])
    assert refused(save_podcast, Podcast(title="A", language="??"), by=alice) == ("invalid_language", ["language"])


def test_published_show_stays_complete_and_is_withdrawn_before_it_goes(scope, alice):
    show = make_show(by=alice)
    assert refused(withdraw_podcast, show, by=alice) == ("not_published", [])
    publish_podcast(show, by=alice)
    before = show.changed_at

    show.description = ""
    assert refused(save_podcast, show, by=alice) == ("show_incomplete", ["description"])
    assert refused(remove_artwork, show, by=alice) == ("show_incomplete", [])
    assert refused(delete_podcast, show, by=alice) == ("is_published", [])
    withdraw_podcast(show, by=alice)
    assert (show.status, show.changed_at > before) == (ShowStatus.WITHDRAWN, True)


def test_saving_leaves_what_others_changed_meanwhile(scope, alice):
    show = make_show(by=alice, published=True)
    episode = episode_of(make_talk(), show, by=alice)
    stale, stale_episode = Podcast.objects.get(pk=show.pk), Episode.objects.get(pk=episode.pk)
    withdraw_podcast(show, by=alice)
    show.audience, show.told = "private", {"title": "Tides"}
    save_podcast(show, by=alice, written=["audience", "told"])
    set_artwork(show, artwork("JPEG"), by=alice)
    publish_episode(episode, by=alice)

    stale.title = stale_episode.title = "Ebb"
    save_podcast(stale, by=alice, written=["title"])
    save_episode(stale_episode, by=alice, written=["title"])

    now = Podcast.objects.get(pk=show.pk)
    assert (now.title, now.status, now.audience, now.told) == ("Ebb", "withdrawn", "private", {"title": "Tides"})
    assert now.artwork_path == show.artwork_path
    now_heard = Episode.objects.get(pk=episode.pk)
    assert (now_heard.title, now_heard.published_at) == ("Ebb", episode.published_at)
    delete_podcast(show, by=alice)
    for save, row in ((save_podcast, stale), (save_episode, stale_episode)):
        assert refused(save, row, by=alice) == ("podcast_gone", [])


def test_show_goes_with_its_episodes_and_pictures_and_leaves_its_media(
    scope, alice, django_capture_on_commit_callbacks
):
    show, talk = make_show(by=alice), make_talk()
    set_artwork(episode_of(talk, show, by=alice), artwork("JPEG"), by=alice)

    with django_capture_on_commit_callbacks(execute=True):
        delete_podcast(show, by=alice)

    talk.refresh_from_db()
    assert (Podcast.objects.count(), Episode.objects.count(), talk.title, files()) == (0, 0, "Spring tide", [])


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK"), ("JPEG", "L")])
def test_artwork_is_kept_in_its_format_and_in_rgb(scope, alice, form, mode):
    show = make_show(by=alice)
    before, told = show.artwork_path, show.changed_at

    set_artwork(show, artwork(form, mode=mode, size=(1500, 1500)), by=alice)

    with default_storage.open(show.artwork_path) as file, Image.open(file) as kept:
        assert (kept.format, kept.mode, kept.size) == (form, "RGB", (1500, 1500))
    assert (show.artwork_side, show.artwork_bytes) == (1500, default_storage.size(show.artwork_path))
    assert (show.artwork_path == before, show.changed_at > told) == (False, True)
    assert show.artwork_path.startswith(f"{scope.pk}/podcasts/{show.pk}/")


def test_artwork_that_apple_would_not_take_is_refused(scope, alice):
    show = make_show(by=alice)

    def told(file):
        return refused(set_artwork, show, file, by=alice)

    assert told(artwork(size=(1400, 1401))) == ("not_square", ["file"])
    assert told(artwork(size=(1399, 1399))) == ("wrong_size", ["file"])
    assert told(artwork(size=(3001, 3001))) == ("wrong_size", ["file"])
    assert told(ContentFile(artwork(size=(6000, 6000)).read()[:60])) == ("wrong_size", ["file"])  # judged by its head
    assert told(artwork("WEBP")) == ("not_a_picture", ["file"])
    assert told(ContentFile(b"GIF89a")) == ("not_a_picture", ["file"])
    assert told(ContentFile(b"x" * (LARGEST_FILE + 1))) == ("too_large_picture", ["file"])
    scope.storage_ceiling = show.artwork_bytes
    scope.save()
    assert told(artwork()) == ("storage_full", ["file"])


def test_artwork_counts_and_only_what_was_replaced_is_cleaned_away(scope, alice):
    show = make_show(by=alice)
    episode = episode_of(make_talk(), show, by=alice)
    set_artwork(episode, artwork(), by=alice)
    replaced = show.artwork_path
    set_artwork(show, artwork("JPEG"), by=alice)
    for name in files():
        age(name)

    gone = [one.name for one in clean_organization()]

    sizes = {one.kind: one.size_bytes for one in storage_report().kinds}
    assert (sizes["podcasts"], sizes["episodes"]) == (show.artwork_bytes, episode.artwork_bytes)
    assert files() == sorted([show.artwork_path, episode.artwork_path])
    assert gone == [replaced]


def test_seasons_are_counted_from_1_and_leave_their_episodes(scope, alice):
    show = make_show(by=alice)
    first, second = (save_season(Season(podcast=show, number=None), by=alice) for _ in range(2))
    second.name = " Winter\n"
    save_season(second, by=alice)
    episode = episode_of(make_talk(), show, by=alice, season=second)

    assert refused(save_season, Season(podcast=show, number=1), by=alice) == ("season_taken", ["number"])
    assert refused(save_season, Season(podcast=show, number=0), by=alice) == ("invalid", ["number"])
    delete_season(second, by=alice)
    episode.refresh_from_db()
    assert ([str(first), second.name], episode.season) == (["Season 1", "Winter"], None)
    other = save_season(Season(podcast=make_show("Other", by=alice), number=1), by=alice)
    episode.season = other
    assert refused(save_episode, episode, by=alice) == ("season_elsewhere", ["season"])


def test_people_have_roles_of_the_taxonomy(scope, alice):
    show = make_show(by=alice)
    episode = episode_of(make_talk(), show, by=alice)

    set_people(show, [PersonLine("Ada"), PersonLine(" Bo\n", "Composer", link="https://bo.test")], by=alice)
    set_people(episode, [PersonLine("Cy", "Editor", "Video Post-Production")], by=alice)

    told = [(one.name, one.role, one.group) for one in people_of(show)]
    assert told == [("Ada", "host", "cast"), ("Bo", "composer", "audio post-production")]
    assert [(one.name, one.group) for one in people_of(episode)] == [("Cy", "video post-production")]
    assert refused(set_people, show, [PersonLine("Ada", "king")], by=alice) == ("unknown_role", ["role"])
    assert refused(set_people, show, [PersonLine(" ")], by=alice) == ("name_missing", ["name"])
    assert refused(set_people, show, [PersonLine("Ada")] * 2, by=alice) == ("named_twice", ["name"])
    assert refused(set_people, show, [PersonLine("Ada")] * 51, by=alice) == ("too_many_people", ["people"])
    assert PodcastPerson.objects.count() == 3


def test_new_show_is_locked_by_its_maker_unless_it_names_an_owner(scope, alice):
    made = [
        save_podcast(Podcast(title=title, **FACTS, **facts), by=alice).owner_email
        for title, facts in [("One", {}), ("Two", {"owner_email": "ada@sea.test"}), ("Three", {"is_locked": False})]
    ]

    assert made == [alice.email, "ada@sea.test", ""]


def test_locked_show_keeps_its_owner_and_may_be_written_when_that_one_is_erased(scope, alice):
    show = save_podcast(Podcast(title="One", **FACTS), by=alice)
    show.owner_email = ""
    with pytest.raises(Refused) as refusal:
        save_podcast(show, by=alice, written=["owner_email"])
    Podcast.objects.update(owner_email="")
    show.refresh_from_db()
    show.title = "Two"

    save_podcast(show, by=alice, written=["title"])

    assert (refusal.value.code, list(refusal.value.fields)) == ("owner_missing", ["owner_email"])
    assert (Podcast.objects.get().title, Podcast.objects.get().owner_email) == ("Two", "")
