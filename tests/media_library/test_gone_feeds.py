"""What was followed and is deleted tells apps so for ever (RFC 9110: 410), and names nobody."""

import pytest

from accounts.models import Role
from accounts.services.erasure import erase_account
from core.tenancy import organization_scope
from courses.services.authoring import create_course
from courses.services.removing import delete_course
from media_library.models import Audience, GoneFeed, ListenerKey, ShowStatus
from media_library.podcasts.following import CONTEXT, Followed, Listener
from media_library.podcasts.keys import give_key, revoke_key
from media_library.podcasts.shows import delete_podcast, withdraw_podcast
from tests.conftest import member
from tests.media_library.listening import addresses, ask, followed_by, private_show, statuses
from tests.media_library.shows import episode_of, show_of

FEED = "/harbor/podcasts/tides/feed.xml"
REFUSED = {"feed": 410, **dict.fromkeys(("mp3", "m4a", "words", "chapters", "artwork"), 404)}


@pytest.fixture
def carla(organization):
    return member("carla@harbor.test", organization, Role.LEARNER)


def withdrawn_and_deleted(show, by):
    withdraw_podcast(show, by=by)
    delete_podcast(show, by=by)


def test_public_feed_of_a_deleted_show_stays_gone(scope, alice):
    show = show_of()
    episode = episode_of(show)
    beside = f"/harbor/podcasts/tides/episodes/{episode.pk}.mp3"
    before = [ask(path).status_code for path in (FEED, beside)]

    withdrawn_and_deleted(show, alice)

    assert (before, [ask(path).status_code for path in (FEED, f"{FEED}?page=2", beside)]) == (
        [200] * 2,
        [410, 410, 404],
    )
    assert ask("/harbor/podcasts/winds/feed.xml").status_code == 404


def test_private_feed_of_a_deleted_show_stays_gone_and_what_it_named_refused(scope, alice, bob):
    tides = private_show()
    _, token = followed_by(tides.show, bob)

    withdrawn_and_deleted(tides.show, alice)

    assert (statuses(token, tides.episode.pk), ListenerKey.objects.count()) == (REFUSED, 0)
    answer = ask(addresses(token, tides.episode.pk)["feed"])
    assert (answer["Cache-Control"], answer.body) == ("private, no-store", b"")
    assert ask(addresses("other", tides.episode.pk)["feed"]).status_code == 404
    assert ask(FEED).status_code == 404


def test_address_that_was_revoked_is_told_nothing(scope, alice, bob):
    tides = private_show()
    key, token = followed_by(tides.show, bob)
    revoke_key(key, by=bob)

    withdrawn_and_deleted(tides.show, alice)

    assert statuses(token, tides.episode.pk) == {**REFUSED, "feed": 404}


def test_draft_leaves_nothing(scope, alice):
    delete_podcast(show_of(status=ShowStatus.DRAFT), by=alice)

    assert (ask(FEED).status_code, GoneFeed.objects.count()) == (404, 0)


@pytest.mark.parametrize(
    ("facts", "told"),
    [({}, 200), ({"status": ShowStatus.DRAFT}, 410), ({"audience": Audience.PRIVATE}, 410)],
)
def test_new_show_at_the_address_answers_once_everybody_may_hear_it(facts, told, scope, alice):
    withdrawn_and_deleted(show_of(), alice)

    show_of(**facts)

    assert ask(FEED).status_code == told


def test_same_address_is_given_up_twice(scope, alice):
    for _ in range(2):
        withdrawn_and_deleted(show_of(), alice)

    assert (ask(FEED).status_code, GoneFeed.objects.count()) == (410, 1)


def test_show_of_another_organization_is_not_gone_here(scope, alice, bob, charlie, other_organization):
    tides = private_show()
    _, token = followed_by(tides.show, bob)
    withdrawn_and_deleted(tides.show, alice)
    with organization_scope(other_organization):
        withdrawn_and_deleted(show_of(slug="hills"), charlie)

    there = ask("/summit/podcasts/hills/feed.xml").status_code
    foreign = [ask(path).status_code for path in ("/harbor/podcasts/hills/feed.xml", f"/summit/feeds/{token}/feed.xml")]
    assert (there, foreign) == (410, [404, 404])


def test_what_is_kept_names_nobody_and_outlives_the_account(scope, alice, bob):
    tides = private_show()
    _, token = followed_by(tides.show, bob)
    withdrawn_and_deleted(tides.show, alice)

    erase_account(bob)

    assert ask(addresses(token, tides.episode.pk)["feed"]).status_code == 410
    assert {field.name for field in GoneFeed._meta.fields} == {"id", "organization", "slug", "digest", "gone_at"}
    assert token not in str(GoneFeed.objects.values())


def test_feed_of_a_deleted_course_is_gone(scope, alice, organization):
    course = create_course(title="Tides", by=alice)
    _, token = give_key(Followed(CONTEXT, course.pk), Listener(alice, organization))
    before = ask(f"/harbor/feeds/{token}/feed.xml").status_code

    delete_course(course)

    assert (before, ask(f"/harbor/feeds/{token}/feed.xml").status_code) == (200, 410)


@pytest.mark.parametrize("listeners", [1, 3])
def test_statements_of_a_deletion_are_the_same_however_many_follow(
    listeners, scope, alice, bob, carla, django_assert_num_queries
):
    tides = private_show()
    for user in (bob, alice, carla)[:listeners]:
        followed_by(tides.show, user)
    withdraw_podcast(tides.show, by=alice)

    with django_assert_num_queries(17):
        delete_podcast(tides.show, by=alice)
