"""Playlists while things happen: something is withdrawn, the list itself goes, one comes back to it."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import Refused
from core.tenancy import organization_scope
from media_library.models import Media, Playlist, WatchRecord
from media_library.playlists.contents import contents_of
from media_library.services.playlist_covers import set_cover
from media_library.services.playlists import add_media, delete_playlist, share_playlist, stop_sharing
from media_library.services.publishing import archive_media, unpublish_media
from tests.courses.conftest import watched
from tests.media_library.test_playlist_pages import PAGES, bobs, films, missing, picture, tides

__all__ = ["bobs", "films", "tides"]
pytestmark = pytest.mark.django_db


def test_playing_goes_on_with_what_was_watched_last_in_it(bobs, films, bob, organization):
    def next_title():
        return contents_of(bobs, user=bob, organization=organization).next.title

    def watch(number, *, minutes, **facts):
        record = watched(films[number], bob, **facts)
        WatchRecord.objects.filter(pk=record.pk).update(updated_at=bobs.created_at + timedelta(minutes=minutes))

    watch(1, minutes=-1, percent=50, position=30)
    before_there_was_a_list = next_title()
    watch(2, minutes=1, percent=50, position=30)
    begun = next_title()
    WatchRecord.objects.filter(media=films[2]).update(percent=100, completed_at=bobs.created_at)
    behind = next_title()
    watch(3, minutes=2)
    around = next_title()

    assert (before_there_was_a_list, begun, behind, around) == ("Film 1", "Film 3", "Film 4", "Film 1")


def test_playing_goes_past_what_was_withdrawn_meanwhile(bobs, tides, films, alice, bob, charlie, client_of):
    client, page = client_of(bob), "/harbor/media/"
    unpublish_media(films[1], by=alice)
    archive_media(films[3], by=alice)

    def leads_to(number, query):
        answer = client.get(f"{page}{films[number].pk}/?{query}")
        return answer.status_code, answer.headers.get("Location", "")

    withdrawn = leads_to(1, f"list={bobs.pk}&play=1")
    said = client.get(withdrawn[1]).content.decode()
    last = leads_to(3, f"list={bobs.pk}")
    taken_out = leads_to(3, f"list={tides.pk}")
    alone = leads_to(1, "")
    with organization_scope(None):
        foreign = client_of(charlie).get(f"/summit/media/{films[1].pk}/?list={bobs.pk}").status_code

    assert withdrawn == (302, f"{page}{films[2].pk}/?list={bobs.pk}&play=1")
    assert missing(said, "What came next is not available any more: this follows it.") == []
    assert (last, taken_out) == ((302, f"{PAGES}{bobs.pk}/"), (302, f"{PAGES}{tides.pk}/"))
    assert (alone[0], foreign) == (404, 404)


def test_lengths_that_nobody_knows_are_not_passed_over(bobs, tides, films, alice, bob, client_of):
    films[0].duration = None
    films[0].save()

    own, all_lists = (client_of(bob).get(page).content.decode() for page in (f"{PAGES}{bobs.pk}/", PAGES))
    back_office = client_of(alice).get("/admin/media_library/playlist/").content.decode()
    told = client_of(bob).get(f"/api/v1/harbor/playlists/{bobs.pk}/").json()

    assert missing(own, "at least 3 min", "Nobody knows yet how long 1 of them is.") == []
    assert missing(all_lists, "at least 3 min", "at least 1 min") == []
    assert missing(back_office, "at least 1 min") == []
    assert (told["seconds"], told["unknown_lengths"]) == (180.0, 1)


def test_list_that_went_meanwhile_is_told_and_leaves_nothing_behind(bobs, films, bob, client_of, settings):
    stale = Playlist.objects.get(pk=bobs.pk)
    delete_playlist(bobs, by=bob)
    verbs = [
        lambda: share_playlist(stale, by=bob), lambda: stop_sharing(stale, by=bob),
        lambda: set_cover(stale, picture()), lambda: add_media(stale, [films[0].pk], by=bob),
    ]  # fmt: skip

    codes = []
    for verb in verbs:
        with pytest.raises(Refused) as refusal:
            verb()
        codes.append(refusal.value.code)
    added = client_of(bob).post(f"{PAGES}add/", {"media": films[0].pk, "playlist": stale.pk})

    assert codes == ["playlist_gone"] * 4
    assert list(Path(settings.MEDIA_ROOT).rglob("*.jpg")) == []
    assert (added.status_code, missing(added.content.decode(), "no longer there")) == (404, [])


def test_one_comes_back_to_the_row_that_one_changed(bobs, films, bob, client_of):
    client, page = client_of(bob), f"{PAGES}{bobs.pk}/"

    moved = client.post(f"{page}media/{films[3].pk}/move/", {"before": films[0].pk}).url
    shown = client.get(page).content.decode()
    removed = client.post(f"{page}media/{films[1].pk}/remove/", {"next": films[2].pk}).url

    button = f'formaction="media/{films[1].pk}/remove/" name="next" value="{films[2].pk}"'
    last = f'formaction="media/{films[2].pk}/remove/" name="next" value="{films[1].pk}"'
    assert (moved, removed) == (f"{page}#media-{films[3].pk}", f"{page}#media-{films[2].pk}")
    assert missing(shown, button, last) == []


def test_new_list_is_of_the_type_of_what_is_put_in(films, bob, client_of):
    Media.objects.filter(pk=films[0].pk).update(kind="audio")
    for number in (0, 1):
        client_of(bob).post(f"{PAGES}add/", {"media": films[number].pk, "title": f"List {number}"})

    assert list(Playlist.objects.order_by("title").values_list("type", flat=True)) == ["podcast", "video"]
