"""One token opens feed, sound, words, chapters and artwork of one show to one listener, and nothing else to anybody."""

import logging

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role
from accounts.services.erasure import erase_account
from accounts.services.limits import LIMITS, Limit
from accounts.services.members import reinstate_member, remove_member, suspend_member
from core.errors import Refused
from core.log_lines import WithoutTokens
from core.models import AuditEntry, OutgoingMail
from media_library.models import ListenerKey, ShowStatus
from media_library.podcasts import keys
from media_library.podcasts.changes import touch
from media_library.podcasts.following import SHOW, Followed, Listener
from tests.conftest import member
from tests.media_library.listening import addresses, ask, followed_by, private_show, statuses
from tests.media_library.shows import SOUND, episode_of, show_of

ALL = ("feed", "mp3", "m4a", "words", "chapters", "artwork")
OPEN, REFUSED = dict.fromkeys(ALL, 200), dict.fromkeys(ALL, 404)


@pytest.fixture
def tides(scope):
    return private_show()


@pytest.fixture
def token(tides, bob):
    return followed_by(tides.show, bob)[1]


def test_token_opens_all_that_the_feed_names(tides, token):
    answers = {kind: ask(path) for kind, path in addresses(token, tides.episode.pk).items()}

    assert {kind: one.status_code for kind, one in answers.items()} == OPEN
    assert answers["mp3"].body == SOUND
    for one in answers.values():
        headers = {name: one[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")}
        assert headers == {
            "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer",
        }  # fmt: skip


def test_feed_names_only_addresses_with_the_token(tides, token):
    told = ask(addresses(token, tides.episode.pk)["feed"]).body.decode()

    named = {f"http://localhost:8000{path}" for path in addresses(token, tides.episode.pk).values()}
    assert {address for address in named if address not in told} == set()
    words = ("/podcasts/tides/feed.xml", "/podcasts/tides/episodes/", "<itunes:block>Yes", "<podcast:block>yes")
    assert [one in told for one in words] == [False, False, True, True]


@pytest.mark.parametrize("end", ["revoke", "renew", "revoke_all", "rotate"])
def test_ended_address_is_refused_at_the_next_request(end, tides, bob, alice):
    key, token = followed_by(tides.show, bob)
    before = statuses(token, tides.episode.pk)

    match end:
        case "revoke":
            keys.revoke_key(key, by=bob)
        case "renew":
            keys.renew_key(key, by=alice)
        case "revoke_all":
            keys.revoke_all(Followed(SHOW, tides.show.pk), by=alice)
        case "rotate":
            _, new = keys.rotate_key(key)
            assert statuses(new, tides.episode.pk) == OPEN

    assert (before, statuses(token, tides.episode.pk)) == (OPEN, REFUSED)


def test_whoever_leaves_is_refused_at_once(tides, token, alice, bob):
    membership = Membership.objects.get(user=bob)

    suspend_member(membership, by=alice)
    suspended = statuses(token, tides.episode.pk)
    reinstate_member(membership, by=alice)
    reinstated = statuses(token, tides.episode.pk)
    remove_member(membership, by=alice)

    assert (suspended, reinstated, statuses(token, tides.episode.pk)) == (REFUSED, OPEN, REFUSED)
    assert ListenerKey.objects.get().revoked_at is not None


def test_erased_account_and_its_keys_are_gone(tides, token, bob):
    erase_account(bob)

    assert (statuses(token, tides.episode.pk), ListenerKey.objects.count()) == (REFUSED, 0)


def test_withdrawn_show_is_gone_and_all_that_its_feed_named_is_refused(tides, token):
    tides.show.status = ShowStatus.WITHDRAWN
    tides.show.save()

    assert statuses(token, tides.episode.pk) == {**REFUSED, "feed": 410}


def test_show_that_everybody_hears_by_now_is_followed_on_at_its_public_addresses(tides, token):
    paths = addresses(token, tides.episode.pk)
    tides.show.audience = "public"
    tides.show.save()

    answers = {kind: ask(path) for kind, path in paths.items()}

    assert {kind: one.status_code for kind, one in answers.items()} == dict.fromkeys(ALL, 301)
    sent = {kind: one["Location"].removeprefix("http://localhost:8000") for kind, one in answers.items()}
    assert {kind: ask(path).status_code for kind, path in sent.items()} == OPEN
    assert (sent["feed"], answers["feed"]["Cache-Control"]) == ("/harbor/podcasts/tides/feed.xml", "private, no-store")


def test_token_opens_nothing_of_another_show(tides, token):
    other = private_show(slug="winds")
    foreign = addresses(token, other.episode.pk)

    refused = {kind: ask(foreign[kind]).status_code for kind in ("mp3", "m4a", "words", "chapters")}

    assert refused == dict.fromkeys(refused, 404)


def test_token_opens_nothing_of_another_organization(tides, token, other_organization):
    assert statuses(token, tides.episode.pk, slug="summit") == REFUSED


def test_episode_of_tomorrow_is_not_there_yet(tides, token):
    tomorrow = episode_of(tides.show, days=-1)

    assert ask(addresses(token, tomorrow.pk)["mp3"]).status_code == 404


def test_key_is_found_in_one_statement_right_or_wrong(tides, token):
    for secret in (token, "wrong"):
        with CaptureQueriesContext(connection) as asked:
            keys.find_key(secret, slug="harbor")
        assert len(asked) == 1


def test_wrong_tokens_of_one_beginning_are_slowed_down_and_right_ones_never(tides, token):
    wrong = addresses(f"{token[:8]}-wrong", tides.episode.pk)["feed"]

    answers = [ask(wrong).status_code for _ in range(21)]

    assert answers == [404] * 20 + [429]
    assert statuses(token, tides.episode.pk) == OPEN


def test_wrong_tokens_of_any_beginning_are_slowed_down_by_their_address(tides, token, monkeypatch):
    monkeypatch.setitem(LIMITS, "feeds", Limit(here=3, everywhere=100))
    wrong = [addresses(f"{place}{token}", tides.episode.pk)["feed"] for place in range(4)]

    answers = [ask(one).status_code for one in wrong]

    assert (answers, ask(wrong[0], address="192.0.2.8").status_code) == ([404] * 3 + [429], 404)
    assert statuses(token, tides.episode.pk) == OPEN


def test_address_is_stored_nowhere_and_given_once(tides, bob, caplog):
    caplog.set_level(logging.DEBUG)
    key, token = followed_by(tides.show, bob)

    statuses(token, tides.episode.pk)

    with pytest.raises(Refused) as refusal:
        followed_by(tides.show, bob)
    assert refusal.value.code == "has_address"
    assert token not in caplog.text
    assert token not in str([*ListenerKey.objects.values(), *AuditEntry.objects.values()])
    assert list(AuditEntry.objects.values_list("action", "detail")) == [("feed_address_made", "Tides & Winds")]


def test_log_of_an_error_hides_the_token():
    record = logging.LogRecord("x", logging.ERROR, "", 1, "Error: %s", (f"/harbor/feeds/{'t' * 43}/feed.xml",), None)

    assert (WithoutTokens().filter(record), record.getMessage()) == (True, "Error: /harbor/feeds/…/feed.xml")


def test_nobody_gets_an_address_of_what_they_may_not_hear(tides, bob, organization):
    customer = member("carla@harbor.test", organization, Role.CUSTOMER)
    draft, public = show_of(slug="draft", status="draft", audience="private"), show_of(slug="public")

    for user, show in ((customer, tides.show), (bob, draft), (bob, public)):
        with pytest.raises(Refused) as refusal:
            keys.give_key(Followed(SHOW, show.pk), Listener(user, organization))
        assert refusal.value.code == "not_followed"


def test_maker_ends_an_address_and_only_its_listener_reads_the_next(tides, bob, alice):
    key, _ = followed_by(tides.show, bob)

    keys.renew_key(key, by=alice)
    keys.renew_key(key, by=alice)

    mails = OutgoingMail.objects.values_list("recipient", "subject")
    assert list(mails) == [("bob@harbor.test", "“Tides & Winds” needs a new address in your app")]
    assert ListenerKey.objects.filter(revoked_at=None).count() == 0


def test_feed_reader_finds_everything(tides, token):
    read = feedparser.parse(ask(addresses(token, tides.episode.pk)["feed"]).body)

    assert [one.enclosures[0].href.rpartition("/")[2] for one in read.entries] == [f"{tides.episode.pk}.mp3"]


def test_private_feed_tells_a_change_of_its_show_at_once_and_any_within_a_minute(tides, token, move_clock):
    path = addresses(token, tides.episode.pk)["feed"]
    ask(path)

    tides.episode.title = "Renamed"
    tides.episode.save()
    unseen = ask(path).body
    touch(tides.show)
    at_once = ask(path).body
    type(tides.episode).objects.update(title="Once more")
    move_clock(61)

    told = [b"Renamed" in unseen, b"Renamed" in at_once, b"Once more" in ask(path).body]
    assert told == [False, True, True]


def test_private_feed_sends_nobody_to_an_address_for_all(tides, token):
    tides.show.new_feed_url = "http://localhost:8000/harbor/podcasts/tides/feed.xml"
    tides.show.save()

    assert b"new-feed-url" not in ask(addresses(token, tides.episode.pk)["feed"]).body


def test_statements_of_what_a_private_feed_names(tides, token, django_assert_num_queries):
    paths = addresses(token, tides.episode.pk)
    statuses(token, tides.episode.pk)  # the first use of a day is noted, and how many there were before counts

    for kind, statements in {"feed": 3, "mp3": 5, "m4a": 5, "words": 4, "chapters": 3, "artwork": 3}.items():
        with django_assert_num_queries(statements):
            assert ask(paths[kind]).status_code == 200
