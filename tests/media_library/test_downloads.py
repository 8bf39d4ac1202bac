"""What counts as a download, and what a maker is told of the use of private addresses."""

import threading
from datetime import date, timedelta
from itertools import islice
from uuid import uuid4
from wsgiref.util import FileWrapper

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import RequestFactory
from django.utils import timezone

from core.tenancy import organization_scope
from media_library.models import Download, FeedVisit
from media_library.podcasts.agents import app_of, is_bot
from media_library.podcasts.downloads import EPISODE, Taken, Tally, count, tallies, tally_of_show
from media_library.podcasts.keys import keys_here
from media_library.podcasts.sharing import IS_SHARED, Use, apps_of, with_use
from media_library.podcasts.visits import forget_visits, network_digest, network_of
from tests.media_library.listening import APP, addresses, ask, followed_by, private_show
from tests.media_library.shows import SOUND, episode_of, show_of

MINUTE = 50_032  # bytes of the 51,200 of a sound of 61.4 seconds
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.fixture
def tides(scope):
    return private_show()


@pytest.fixture
def key(tides, bob):
    return followed_by(tides.show, bob)


def part(token, episode, first, last, **told):
    return ask(addresses(token, episode.pk)["mp3"], range=f"bytes={first}-{last}", **told)


def counted():
    return list(Download.objects.values_list("is_counted", flat=True))


def test_parts_of_a_day_are_one_download_when_a_minute_was_sent(tides, key):
    token = key[1]

    states = []
    for first, last in ((0, 1), (0, 29_999), (20_000, 39_999), (0, 39_999), (39_000, MINUTE - 1), (0, 51_199)):
        assert part(token, tides.episode, first, last).body == SOUND[first : last + 1]
        states.append(counted())

    assert states == [[], [False], [False], [False], [True], [True]]
    assert tallies(EPISODE, [tides.episode.pk]) == {tides.episode.pk: Tally(1, 1)}
    assert tally_of_show(tides.show.pk) == Tally(1, 1)
    assert tally_of_show(tides.show.pk, since=date.max) == Tally(0, 0)


def test_ten_parts_fetched_one_by_one_are_the_same_bytes(tides, key):
    fetched = b"".join(part(key[1], tides.episode, at, at + 5119).body for at in range(0, 51_200, 5120))

    assert (fetched, counted()) == (SOUND, [True])


def test_looking_programs_and_unchanged_files_are_no_downloads(tides, key):
    path = addresses(key[1], tides.episode.pk)["mp3"]

    ask(path, method="head")
    ask(path, app="Googlebot/2.1 (+http://www.google.com/bot.html)")
    ask(path, **{"if-none-match": ask(path, method="head")["ETag"]})
    ask(path, range="bytes=99999999-")

    assert counted() == []


def test_listener_who_leaves_early_counts_for_what_was_sent(tides):
    taken = Taken(EPISODE, tides.episode.pk, len(SOUND), 61.4, "somebody")

    count(taken, range(MINUTE - 1))
    count(taken, range(0))

    assert (taken.needed, counted()) == (MINUTE, [False])


@pytest.mark.django_db(transaction=True)
def test_ten_threads_of_one_listener_are_one_row(tides, organization):
    taken = Taken(EPISODE, tides.episode.pk, len(SOUND), 61.4, "somebody")
    start = threading.Barrier(10)

    def fetch(at):
        with organization_scope(organization):
            start.wait()
            count(taken, range(at * 5120, (at + 1) * 5120))
        connections.close_all()

    threads = [threading.Thread(target=fetch, args=[at]) for at in range(10)]
    [one.start() for one in threads]
    [one.join() for one in threads]

    assert counted() == [True]


@pytest.mark.django_db(transaction=True)
def test_listener_who_leaves_counts_for_what_the_server_has_read(tides, key):
    environ = {"wsgi.file_wrapper": FileWrapper, "PATH_INFO": addresses(key[1], tides.episode.pk)["mp3"]}
    request = RequestFactory()._base_environ(HTTP_USER_AGENT=APP, **environ)

    for pieces in (5, None):
        with organization_scope(None):
            body = WSGIHandler()(request, lambda *_: None)
            assert isinstance(body, FileWrapper)
            list(islice(body, pieces))
            body.close()
        told = Download.objects.values_list("sent", "is_counted").get()
        assert told == ([(0, 5 * 4096 if pieces else len(SOUND))], not pieces)


def test_head_of_a_file_is_no_sound():
    taken = Taken(EPISODE, uuid4(), size=300_000 + 120 * 16_000, seconds=120, bitrate=128_000, who="somebody")

    assert taken.needed == 300_000 + 60 * 16_000


def test_public_feed_counts_an_address_with_a_program_as_a_listener(scope):
    show = show_of()
    path = f"/harbor/podcasts/tides/episodes/{episode_of(show).pk}.mp3"

    for address, app in (("192.0.2.7", APP), ("192.0.2.7", APP), ("192.0.2.7", BROWSER), ("192.0.2.8", APP)):
        ask(path, address=address, app=app)

    assert tally_of_show(show.pk) == Tally(3, 0)


def test_delivery_by_others_counts_what_was_asked_for(tides, key, settings):
    settings.MEDIA_DELIVERY = "nginx"

    part(key[1], tides.episode, 0, MINUTE - 2)
    first = counted()
    ask(addresses(key[1], tides.episode.pk)["mp3"])

    assert (first, counted()) == ([False], [True])


def test_what_others_may_answer_with_nothing_or_a_part_counts_as_little(tides, key, settings):
    settings.MEDIA_DELIVERY = "nginx"
    path = addresses(key[1], tides.episode.pk)["mp3"]

    ask(path, **{"If-None-Match": '"theirs"'})
    nothing = counted()
    part(key[1], tides.episode, 0, MINUTE - 2, **{"If-Range": '"theirs"'})

    assert (nothing, counted()) == ([], [False])


def test_use_is_folded_and_nobody_is_recognized_in_it(tides, key):
    feed = addresses(key[1], tides.episode.pk)["feed"]

    for address, app in (("192.0.2.7", APP), ("192.0.2.99", APP), ("198.51.100.1", APP), ("2001:db8::1", BROWSER)):
        ask(feed, address=address, app=app)
        ask(feed, address=address, app=app)

    assert sorted(FeedVisit.objects.values_list("app", flat=True)) == ["Chrome", "Overcast", "Overcast"]
    assert "192.0.2" not in str(list(FeedVisit.objects.values()))
    assert Use.of(with_use(keys_here()).get()) == Use(3, 3, 2, 2)
    assert apps_of([key[0].pk]) == {key[0].pk: ["Chrome", "Overcast"]}
    key[0].refresh_from_db()
    assert key[0].last_used_at is not None


def test_many_networks_in_a_day_or_many_apps_in_a_week_are_remarkable(tides, key, alice):
    shared, fine = key[0], followed_by(tides.show, alice)[0]
    today = timezone.localdate()
    for n in range(9):
        FeedVisit.objects.create(key=shared, day=today, network=f"n{n}", app="Overcast")
    for n in range(6):
        FeedVisit.objects.create(key=fine, day=today - timedelta(days=n), network="home", app=f"app {n}")
    FeedVisit.objects.create(key=fine, day=today - timedelta(days=7), network="home", app="app of last week")

    reasons = {one.pk: Use.of(one).reasons for one in with_use(keys_here())}
    assert reasons == {shared.pk: ["9 networks in one day (more than 8)"], fine.pk: []}
    assert list(with_use(keys_here()).filter(IS_SHARED)) == [shared]


def test_visits_are_forgotten_after_five_weeks(tides, key):
    for days in (35, 36):
        day = timezone.now().date() - timedelta(days=days)
        FeedVisit.objects.create(key=key[0], day=day, network="home", app="Overcast")

    assert (forget_visits(), FeedVisit.objects.count()) == (1, 1)


def test_networks_are_24_and_48_bits_and_secret_for_each_key(tides, key, alice):
    other = followed_by(tides.show, alice)[0]

    assert (network_of("192.0.2.7"), network_of("2001:db8:1:2::/64")) == ("192.0.2.0/24", "2001:db8:1::/48")
    assert network_digest(key[0], "192.0.2.7") == network_digest(key[0], "192.0.2.200")
    assert network_digest(key[0], "192.0.2.7") != network_digest(other, "192.0.2.7")


def test_apps_and_programs_are_told_apart():
    agents = [APP, BROWSER, "AppleCoreMedia/1.0.0.20G75 (iPhone; U; CPU OS 16_6)", "", "Mozilla/5.0 what"]

    assert [app_of(one) for one in agents] == ["Overcast", "Chrome", "AppleCoreMedia", "unknown", "unknown"]
    assert [is_bot(one) for one in (*agents, "curl/8.5", "Spotify bot", "Googlebot/2.1")] == [False] * 5 + [True] * 3


def test_app_is_no_program_for_a_part_of_its_name():
    apps = ["Scandinavian Radio/2", "Podverse Preview/1", "Mozilla/5.0 (Linux; Android 9; CUBOT X19)"]

    assert [one for one in apps if is_bot(one)] == []
