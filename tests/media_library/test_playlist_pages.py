"""Playlists as members meet them: the library's, their own, those that others share."""

import io
from threading import Barrier, Thread

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from accounts.models import Membership, Role
from accounts.services.identity import person_of
from analytics.models import Event
from core.errors import Refused
from core.holdings import all_holdings
from core.tenancy import every_organization, organization_scope
from media_library.models import Playlist, PlaylistEntry, Publication
from media_library.playlists.contents import contents_of
from media_library.services import playlists
from media_library.services.cleaning import clean_organization
from media_library.services.playlist_covers import set_cover
from media_library.services.playlists import (
    add_media,
    delete_playlist,
    move_media,
    reorder_playlist,
    save_playlist,
    share_playlist,
    stop_sharing,
)
from media_library.services.publishing import archive_media, unpublish_media
from media_library.services.storage_report import storage_report
from tests.conftest import member
from tests.courses.conftest import watched
from tests.courses.school import make_media

pytestmark = pytest.mark.django_db
PAGES = "/harbor/playlists/"


def film(number, *, seconds=60.0):
    made = make_media(f"Film {number}", seconds=seconds)
    made.publication = Publication.PUBLISHED
    made.save()
    return made


def picture(color="teal"):
    file = io.BytesIO()
    Image.new("RGB", (640, 360), color).save(file, "PNG")
    file.seek(0)
    file.name = "cover.png"
    return file


@pytest.fixture
def films(scope):
    return [film(number) for number in range(1, 5)]


@pytest.fixture
def bobs(scope, bob, films):
    made = save_playlist(Playlist(title="Bob's evening", owner=bob), by=bob)
    add_media(made, [one.pk for one in films], by=bob)
    return made


@pytest.fixture
def tides(scope, alice, films):
    made = save_playlist(Playlist(title="Tides", status="published"), by=alice)
    add_media(made, [films[1].pk, films[0].pk], by=alice)
    return made


@pytest.fixture
def carol(organization):
    return member("carol@harbor.test", organization, Role.LEARNER)


@pytest.fixture
def customer(organization):
    return member("customer@harbor.test", organization, Role.CUSTOMER)


def titles(playlist):
    entries = PlaylistEntry.objects.filter(playlist=playlist).in_order()
    return [entry.media.title for entry in entries.select_related("media")]


def missing(page, *texts):
    return [text for text in texts if text not in page]


def places(playlist):
    return list(PlaylistEntry.objects.filter(playlist=playlist).in_order().values_list("position", flat=True))


def test_each_sees_their_own_the_librarys_and_what_is_shared(bobs, tides, alice, bob, carol, customer, organization):
    draft = save_playlist(Playlist(title="Draft"), by=alice)

    def seen():
        people = (alice, bob, carol, customer)
        lists = [Playlist.objects.visible_to(one, organization).order_by("title") for one in people]
        return [[one.title for one in some] for some in lists]

    before = seen()
    share_playlist(bobs, by=bob)
    shared = seen()
    Membership.objects.filter(user=bob).update(is_active=False)
    left = [one.title for one in Playlist.objects.visible_to(carol, organization)]
    stop_sharing(bobs, by=bob)

    assert before == [["Draft", "Tides"], ["Bob's evening", "Tides"], ["Tides"], []]
    assert shared == [["Bob's evening", "Draft", "Tides"], ["Bob's evening", "Tides"], ["Bob's evening", "Tides"], []]
    assert (left, draft.is_published, bobs.is_published) == (["Tides"], False, False)


def test_page_counts_what_this_person_may_watch_and_tells_the_owner(bobs, films, alice, bob, carol, client_of):
    watched(films[0], bob)
    watched(films[1], bob, percent=50, position=30)
    unpublish_media(films[2], by=alice)
    archive_media(films[3], by=alice)
    share_playlist(bobs, by=bob)

    own = client_of(bob).get(f"{PAGES}{bobs.pk}/").content.decode()
    others = client_of(carol).get(f"{PAGES}{bobs.pk}/").content.decode()
    cards = client_of(carol).get(PAGES).content.decode()

    said = ("2 items", "2 min", "30 s left", "1 of 2", "Continue with “Film 2” at 0:30")
    assert missing(own, *said, "2 are not available to you now and are not shown.") == []
    assert missing(cards, "Shared by Bob") == []
    assert missing(own + others, "Film 3") == ["Film 3"]
    assert missing(others + cards, "not available", "bob@", "Stop sharing") == ["not available", "bob@", "Stop sharing"]


def test_playing_goes_on_at_the_first_that_is_not_completed(bobs, tides, films, bob, client_of):
    client = client_of(bob)

    def leads_to():
        return client.get(f"{PAGES}{bobs.pk}/play/").url

    first = leads_to()
    watched(films[0], bob)
    second = leads_to()
    page = client.get(second).content.decode()
    alone = client.get(f"/harbor/media/{films[3].pk}/?list={tides.pk}").content.decode()
    nonsense = client.get(f"/harbor/media/{films[3].pk}/?list=x").status_code
    for one in films[1:]:
        watched(one, bob)

    assert first == f"/harbor/media/{films[0].pk}/?list={bobs.pk}&play=1"
    assert second == leads_to().replace(str(films[0].pk), str(films[1].pk))
    assert missing(page, "2 of 4", 'rel="prev"', "Next: Film 3") == []
    assert page.count('aria-current="true"') == 1
    assert ("data-queue" in alone, nonsense) == (False, 200)


def test_own_list_is_made_changed_ordered_and_deleted_without_a_script(films, bob, client_of):
    client = client_of(bob)

    made = client.post(f"{PAGES}new/", {"title": " Evenings ", "type": "video", "cover": picture()})
    mine = Playlist.objects.get()
    for one in films[:3]:
        client.post(f"{PAGES}add/", {"media": one.pk, "playlist": mine.pk})
    again = client.post(
        f"{PAGES}add/", {"media": films[0].pk, "playlist": mine.pk}, headers={"X-Requested-With": "fetch"}
    )
    client.post(f"{PAGES}{mine.pk}/media/{films[2].pk}/move/", {"before": films[0].pk})
    client.post(f"{PAGES}{mine.pk}/media/{films[0].pk}/remove/")
    cover = client.get(f"{PAGES}{mine.pk}/cover.jpg")
    size = sum(map(len, cover.streaming_content))
    shared = client.post(f"{PAGES}{mine.pk}/share/", {"shared": "1"}).status_code
    client.post(f"{PAGES}{mine.pk}/edit/", {"title": "Nights", "type": "course", "without_cover": "on"})
    mine.refresh_from_db()
    gone = client.get(f"{PAGES}{mine.pk}/cover.jpg").status_code
    ordered = titles(mine)
    deleted = client.post(f"{PAGES}{mine.pk}/delete/").url

    assert (made.url, b"already" in again.content) == (f"{PAGES}{mine.pk}/", True)
    assert (ordered, mine.title, mine.type, mine.status) == (["Film 3", "Film 2"], "Nights", "course", "published")
    assert (cover["Content-Type"], size > 500, gone, shared) == ("image/jpeg", True, 404, 302)
    assert (deleted, Playlist.objects.count()) == (PAGES, 0)


def test_refusals_stand_in_the_form_and_nothing_is_made(films, bob, client_of, monkeypatch):
    monkeypatch.setattr(playlists, "MOST_OWN", 1)
    client = client_of(bob)
    no_picture = io.BytesIO(b"<svg/>")
    no_picture.name = "x.png"

    untitled = client.post(f"{PAGES}new/", {"title": " ", "type": "video"})
    wrong = client.post(f"{PAGES}new/", {"title": "A", "type": "video", "cover": no_picture})
    count = Playlist.objects.count()
    client.post(f"{PAGES}add/", {"media": films[0].pk, "title": "First"})
    full = client.post(f"{PAGES}add/", {"media": films[0].pk, "title": "Second"})

    assert (untitled.status_code, wrong.status_code, count, full.status_code) == (422, 422, 0, 400)
    assert "You have 1 playlists already" in full.content.decode()
    assert [one.title for one in Playlist.objects.all()] == ["First"]


def test_nobody_touches_the_lists_of_others(bobs, tides, films, alice, bob, carol, charlie, client_of):
    share_playlist(bobs, by=bob)
    private = save_playlist(Playlist(title="Private", owner=bob), by=bob)
    verbs = ("edit/", "delete/", "share/", f"media/{films[0].pk}/move/", f"media/{films[0].pk}/remove/")

    with organization_scope(None):
        carols, alices, bobs_client = client_of(carol), client_of(alice), client_of(bob)
        answers = {carols.post(f"{PAGES}{bobs.pk}/{verb}").status_code for verb in verbs}
        answers |= {alices.post(f"{PAGES}{bobs.pk}/{verb}").status_code for verb in verbs}
        answers |= {bobs_client.post(f"{PAGES}{tides.pk}/{verb}").status_code for verb in verbs}
        answers |= {one.get(f"{PAGES}{private.pk}/").status_code for one in (carols, alices)}
        added = bobs_client.post(f"{PAGES}add/", {"media": films[0].pk, "playlist": tides.pk}).status_code
        foreign = client_of(charlie).get(f"/summit/playlists/{bobs.pk}/").status_code

    assert (answers, added, foreign) == ({404}, 404, 404)
    assert (titles(bobs), titles(tides)) == ([f"Film {n}" for n in range(1, 5)], ["Film 2", "Film 1"])


def test_only_what_one_may_watch_is_added(bobs, films, alice, bob, client_of):
    hidden = make_media("Draft")

    with pytest.raises(Refused) as refusal:
        add_media(bobs, [hidden.pk], by=bob)
    page = client_of(bob).get(f"{PAGES}add/?media={hidden.pk}").status_code

    assert (refusal.value.code, page, add_media(bobs, [hidden.pk], by=alice)) == ("unknown_media", 404, 1)


def test_cover_counts_into_the_storage_and_goes_with_its_list(
    bobs, films, bob, client_of, django_capture_on_commit_callbacks
):
    films[1].thumbnail_path = "x/thumbnail.jpg"
    films[1].save()
    default = client_of(bob).get(PAGES).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        set_cover(bobs, picture())
    first = bobs.cover_path
    with django_capture_on_commit_callbacks(execute=True):
        set_cover(bobs, picture("red"))
    kept = {kind.kind: kind.size_bytes for kind in storage_report().kinds}["playlist_covers"]
    left_over = list(clean_organization())
    with django_capture_on_commit_callbacks(execute=True):
        delete_playlist(bobs, by=bob)

    assert f"/harbor/media/{films[1].pk}/thumbnail.jpg" in default
    assert (default_storage.exists(first), default_storage.exists(bobs.cover_path or "x"), left_over) == (
        False,
        False,
        [],
    )
    assert 0 < kept < 100_000


def test_lists_of_both_kinds_are_told_as_events(bobs, tides, alice, bob):
    events = Event.objects.filter(type="playlist_created").order_by("id")

    told = [(one.learner, one.actor_id, one.metadata) for one in events]

    assert sorted(told, key=str) == sorted(
        [
            (bob.pseudonym, None, {"playlist_type": "video", "own": True}),
            (None, alice.pseudonym, {"playlist_type": "video", "own": False}),
        ],
        key=str,
    )


def test_what_one_put_together_is_taken_along_and_goes_with_the_account(bobs, tides, bob):
    set_cover(bobs, picture())
    person = person_of(bob)
    kept = {one.name: one for one in all_holdings()}

    with every_organization(reason="a person is erased wherever they have been"):
        told = [list(kept[name].export(person)) for name in ("own_playlists", "own_playlist_entries", "playlists")]
        for name in ("own_playlists", "own_playlist_entries"):
            kept[name].erase(person)

    assert [len(rows) for rows in told] == [1, 4, 0]
    assert [one.title for one in Playlist.objects.all()] == ["Tides"]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_any_number(scope, bob, client_of, count, django_assert_num_queries):
    for number in range(count):
        made = save_playlist(Playlist(title=f"List {number}", owner=bob), by=bob)
        add_media(made, [film(f"{number} {one}").pk for one in range(count)], by=bob)
    client = client_of(bob)
    first = PlaylistEntry.objects.filter(playlist=made).in_order().first()

    with django_assert_num_queries(10):
        client.get(PAGES)
    with django_assert_num_queries(7):
        client.get(f"{PAGES}{made.pk}/")
    with django_assert_num_queries(7):
        client.get(f"{PAGES}add/?media={first.media_id}")


@pytest.mark.django_db(transaction=True)
def test_two_who_reorder_at_once_leave_places_without_gaps(organization, alice):
    with organization_scope(organization):
        keys = [film(number).pk for number in range(12)]
        made = save_playlist(Playlist(title="Tides"), by=alice)
        add_media(made, keys, by=alice)
    start = Barrier(3)

    def run(verb):
        with organization_scope(organization):
            start.wait()
            verb()
        connection.close()

    verbs = [
        lambda: reorder_playlist(made, keys[5::-1], by=alice),
        lambda: [move_media(made, keys[n], before=keys[-1 - n], by=alice) for n in range(5)],
        lambda: playlists.remove_media(made, keys[6], by=alice),
    ]
    threads = [Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with organization_scope(organization):
        entries = PlaylistEntry.objects.filter(playlist=made)
        assert places(made) == list(range(1, 12))
        assert {entry.media_id for entry in entries} == {*keys} - {keys[6]}


def test_list_of_150_is_read_in_two_statements(scope, bob, organization, django_assert_num_queries):
    made = save_playlist(Playlist(title="Long", owner=bob), by=bob)
    add_media(made, [film(number).pk for number in range(150)], by=bob)

    with django_assert_num_queries(2):
        contents = contents_of(made, user=bob, organization=organization)

    assert (contents.totals.count, contents.totals.seconds, contents.next.title) == (150, 9000.0, "Film 0")
