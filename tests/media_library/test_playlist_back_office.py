"""The form of a playlist in the back office, however much stands in it."""

import pytest

from media_library.models import Media, Playlist, PlaylistEntry, Publication, Source
from media_library.services.playlists import remove_media, save_playlist

pytestmark = pytest.mark.django_db


def make_list(by, *, count):
    made = save_playlist(Playlist(title="Tides", status="published"), by=by)
    media = Media.objects.bulk_create(
        Media(source=Source.UPLOAD, source_path=f"{n}", title=f"Film {n}", publication=Publication.PUBLISHED)
        for n in range(1, count + 1)
    )
    PlaylistEntry.objects.bulk_create(
        PlaylistEntry(playlist=made, media=one, position=place) for place, one in enumerate(media, start=1)
    )
    return made


def page_of(playlist):
    return f"/admin/media_library/playlist/{playlist.pk}/change/"


def posted(playlist, *, order=None):
    """What the form sends: its rows as they stand, or at the places of `order`."""
    rows = list(PlaylistEntry.objects.filter(playlist=playlist).in_order())
    told = {"title": "Tides", "type": "video", "status": "published"}
    told |= {"entries-TOTAL_FORMS": len(rows), "entries-INITIAL_FORMS": len(rows)}
    for n, row in enumerate(rows):
        place = row.position if order is None else order[n]
        told |= {f"entries-{n}-id": row.pk, f"entries-{n}-playlist": playlist.pk}
        told |= {f"entries-{n}-position": place, f"entries-{n}-media": row.media_id}
    return told


def titles(playlist):
    return list(PlaylistEntry.objects.filter(playlist=playlist).in_order().values_list("media__title", flat=True))


@pytest.mark.parametrize("count", [3, 30])
def test_form_costs_the_same_for_any_number(scope, alice, client_of, count, django_assert_num_queries):
    made, client = make_list(alice, count=count), client_of(alice)
    client.get(page_of(made))

    with django_assert_num_queries(8):
        client.get(page_of(made))
    with django_assert_num_queries(19):
        client.post(page_of(made), posted(made))
    with django_assert_num_queries(20):
        client.post(page_of(made), posted(made, order=range(count, 0, -1)))


def test_form_of_300_opens_and_saves_them_in_their_order(scope, alice, client_of):
    made, client = make_list(alice, count=300), client_of(alice)

    page = client.get(page_of(made)).content.decode()
    saved = client.post(page_of(made), posted(made, order=range(300, 0, -1)))

    assert (page.count('class="held__title"'), saved.status_code) == (300, 302)
    assert titles(made) == [f"Film {n}" for n in range(300, 0, -1)]


def test_row_says_how_long_its_media_is_and_what_keeps_learners_from_it(scope, alice, client_of):
    made, client = make_list(alice, count=2), client_of(alice)
    Media.objects.filter(title="Film 1").update(duration=750, publication=Publication.DRAFT, title="<i>")
    first = PlaylistEntry.objects.filter(playlist=made).in_order().first()

    page = client.get(page_of(made)).content.decode()

    address = f"/admin/media_library/media/{first.media_id}/change/"
    facts = '<span class="held__fact">12 min</span><span class="held__fact">Draft</span>'
    assert f'<div class="held"><a class="held__title" href="{address}">&lt;i&gt;</a>{facts}</div>' in page
    assert page.count("held__fact") == 2


def test_what_somebody_else_took_out_meanwhile_stays_out(scope, alice, client_of):
    made, client = make_list(alice, count=4), client_of(alice)
    told = posted(made, order=[4, 3, 2, 1])
    second = PlaylistEntry.objects.filter(playlist=made).in_order()[1]
    remove_media(made, second.media_id, by=alice)

    answer = client.post(page_of(made), told)

    assert (answer.status_code, titles(made)) == (302, ["Film 4", "Film 3", "Film 1"])


def test_more_rows_than_a_list_holds_are_refused_in_words(scope, alice, client_of):
    made, client = make_list(alice, count=501), client_of(alice)

    answer = client.post(page_of(made), posted(made))

    assert (answer.status_code, "At most 500 fit in. Take some out." in answer.content.decode()) == (200, True)
