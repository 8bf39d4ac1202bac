"""Signed links: whom they open files to, and for how long."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from core.tenancy import organization_scope
from media_library.models import Media, Publication, Rendition
from tests.media_library.fetching import address, addresses, fetch, status
from tests.media_library.revoking import unpublish

FOUR_HOURS, ONE_HOUR = 4 * 3600, 3600


def pages(media: Media, slug: str) -> list[str]:
    """What opens to who is logged in."""
    return [
        reverse(f"media_library:{name}", args=[slug, media.pk]) for name in ("watch", "thumbnail", "captions", "cues")
    ]


def test_page_names_files_that_open_in_its_browser(stored_talk, bob, client_of):
    client = client_of(bob)
    page = client.get(pages(stored_talk, "harbor")[0]).content.decode()

    url = re.search(r'<source src="([^"]+)"', page).group(1)

    assert status(client, url) == 200
    assert url == address(stored_talk, client, "master.m3u8")


def test_playlists_cover_what_they_name(stored_talk, bob, client_of):
    """Names in playlists are relative: resolved against the address they stand below the same token."""
    client = client_of(bob)

    one, other = address(stored_talk, client, "master.m3u8"), address(stored_talk, client, "240p_00000.m4s")

    assert one.rpartition("/")[0] == other.rpartition("/")[0]


def test_link_is_the_same_for_a_quarter_of_its_life(stored_talk, bob, client_of, move_clock):
    client = client_of(bob)
    first = address(stored_talk, client)

    move_clock(ONE_HOUR + 1)

    assert address(stored_talk, client) != first
    assert status(client, first) == 200


def test_link_ends(stored_talk, bob, client_of, move_clock):
    client = client_of(bob)
    old = address(stored_talk, client)

    move_clock(FOUR_HOURS + 1)

    assert (status(client, old), status(client, address(stored_talk, client))) == (404, 200)


def test_link_opens_to_nobody_else(stored_talk, alice, bob, charlie, client_of):
    link = address(stored_talk, client_of(bob))

    answers = {who: status(client_of(who), link) for who in (alice, bob, charlie)}

    assert (answers, status(Client(), link)) == ({alice: 404, bob: 404, charlie: 404}, 404)  # bob: another browser


def test_link_ends_with_the_session(stored_talk, bob, client_of, move_clock):
    client = client_of(bob)
    link = address(stored_talk, client)
    cookie = client.cookies["sessionid"].value
    opened = status(client, link)
    client.logout()
    client.cookies["sessionid"] = cookie

    move_clock(61)

    assert (opened, status(client, link)) == (200, 404)


@pytest.mark.parametrize("slug", ["harbor", "summit"])
def test_outsiders_find_nothing(stored_talk, charlie, client_of, slug):
    """Not even with a link that is signed for their own browser."""
    client = client_of(charlie)
    links = [address(stored_talk, client, slug=slug), *pages(stored_talk, slug)]

    assert [status(client, link) for link in links] == [404] * 5


def test_members_reach_everything(stored_talk, bob, client_of):
    client = client_of(bob)
    links = [address(stored_talk, client), *pages(stored_talk, "harbor")]

    assert [status(client, link) for link in links] == [200] * 5


def test_strangers_find_no_files_and_are_asked_to_log_in_for_pages(stored_talk, client):
    answers = [status(client, url) for url in (address(stored_talk, client), *pages(stored_talk, "harbor"))]

    assert answers == [404, 302, 302, 302, 302]


@pytest.mark.parametrize("publication", [Publication.DRAFT, Publication.ARCHIVED])
def test_unpublished_media_is_for_its_makers(stored_talk, alice, bob, client_of, organization, publication):
    with organization_scope(organization):
        Media.objects.update(publication=publication)

    answers = {}
    for who in (alice, bob):
        client = client_of(who)
        answers[who] = [status(client, url) for url in (address(stored_talk, client), *pages(stored_talk, "harbor"))]

    assert answers == {alice: [200] * 5, bob: [404] * 5}


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("/harbor/", "/summit/"),
        lambda url: url[:-20] + ("x" if url[-20] != "x" else "y") + url[-19:],
        lambda url: re.sub(r"[^/]+/240p_00000.m4s$", "240p_00000.m4s", url),
        lambda url: re.sub(r"[^/]+/240p_00000.m4s$", "~/240p_00000.m4s", url),
        lambda url: re.sub(r"[^/]+/240p_00000.m4s$", "~~/240p_00000.m4s", url),
        lambda url: url.replace("240p_00000.m4s", "..%2F240p_00000.m4s"),
        lambda url: url.replace("240p_00000.m4s", "%252e%252e%252f240p_00000.m4s"),
        lambda url: url.replace("/240p_00000.m4s", "//240p_00000.m4s"),
        lambda url: url.replace("/hls/", "/hls//"),
        lambda url: url.replace("240p_00000.m4s", "x/../240p_00000.m4s"),
        lambda url: url.replace("240p_00000.m4s", ".%2E/one/240p_00000.m4s"),
    ],
    ids=["slug", "signature", "none", "empty", "halves", "slash", "twice", "double", "middle", "dots", "mixed"],
)
def test_changed_links_open_nothing(stored_talk, bob, client_of, change, method):
    client = client_of(bob)
    link = address(stored_talk, client)
    changed = change(link)

    answer = getattr(client, method)(changed, headers={"Range": "bytes=0-1"})

    assert changed != link
    assert answer.status_code == 404


def test_token_of_one_media_opens_no_other(stored_talk, bob, client_of, organization):
    client = client_of(bob)
    with organization_scope(organization):
        other = Media.objects.create(source="upload", source_path="o", title="O", publication=Publication.PUBLISHED)
        other.rendition = Rendition.objects.create(media=other, folder=stored_talk.rendition.folder)
        other.save()
    link = address(stored_talk, client)
    media, rendition = str(stored_talk.pk), str(stored_talk.rendition_id)

    answers = [
        status(client, link.replace(rendition, str(other.rendition_id))),
        status(client, link.replace(media, str(other.pk))),
        status(client, link.replace(media, str(other.pk)).replace(rendition, str(other.rendition_id))),
        status(client, address(other, client)),
    ]

    assert answers == [404, 404, 404, 200]


def test_rendition_of_other_media_is_not_found_below_this_one(stored_talk, bob, client_of, organization):
    """Though the link is signed as our own pages would sign it."""
    client = client_of(bob)
    with organization_scope(organization):
        draft = Media.objects.create(source="upload", source_path="d", title="Draft")
        stored_talk.rendition = Rendition.objects.create(media=draft, folder=stored_talk.rendition.folder)

    assert status(client, address(stored_talk, client)) == 404


def test_segment_costs_no_statement_within_a_minute(stored_talk, bob, client_of, django_assert_num_queries, move_clock):
    client = client_of(bob)
    link = address(stored_talk, client)
    with django_assert_num_queries(5):  # session, person, membership, what is open to them, media with its rendition
        fetch(client, link)
    with django_assert_num_queries(0):
        fetch(client, link)
        fetch(client, address(stored_talk, client, "master.m3u8"))
    move_clock(61)
    with django_assert_num_queries(5):
        fetch(client, link)


def test_refused_link_costs_no_statement(stored_talk, bob, client_of, django_assert_num_queries):
    client = Client()
    link = address(stored_talk, client_of(bob))

    with django_assert_num_queries(0):
        assert status(client, link) == 404


def test_links_are_answered_to_a_session_for_itself(stored_talk, bob, client_of, move_clock):
    client = client_of(bob)

    answer = client.get(f"/api/v1/harbor/media/{stored_talk.pk}/links/")

    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["hls_url"] == f"http://testserver{address(stored_talk, client, 'master.m3u8')}"
    assert answer.json()["previews_url"] == ""
    shown = addresses(stored_talk, client)
    assert answer.json()["thumbnail_url"] == f"http://testserver{shown.thumbnail}"
    assert answer.json()["captions_url"] == f"http://testserver{shown.captions}"
    assert [status(client, url) for url in (shown.thumbnail, shown.captions)] == [200, 200]
    assert ONE_HOUR * 3 < answer.json()["seconds"] <= FOUR_HOURS


def test_links_are_for_who_may_watch(stored_talk, bob, charlie, client_of, organization):
    with organization_scope(organization):
        unpublish(stored_talk, bob)

    answers = [status(client_of(who), f"/api/v1/harbor/media/{stored_talk.pk}/links/") for who in (bob, charlie)]

    assert (answers, status(Client(), f"/api/v1/harbor/media/{stored_talk.pk}/links/")) == ([404, 404], 401)


def test_nobody_gets_no_link(stored_talk):
    with pytest.raises(ValueError, match="for nobody"):
        addresses(stored_talk, Client()).__class__(stored_talk, "harbor").hls  # noqa: B018
