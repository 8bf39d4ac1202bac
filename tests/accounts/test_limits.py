"""How often a door may be tried: by whom, from where, for how long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.signals import user_login_failed
from django.db import connection
from django.db.models import F
from django.test import Client

from accounts.devices import device_of
from accounts.models import TryWindow
from accounts.services.limits import LIMITS, TooManyTries, charge, forget_closed_windows, give_back, when_again
from tests.conftest import PASSWORD

LOG_IN = LIMITS["log_in"]
WHO = {"account": "alice@harbor.test", "address": "192.0.2.1"}


def tried(door, times, **who):
    """How many of so many tries in a row were let through."""
    passed = 0
    for _ in range(times):
        try:
            charge(door, **who)
        except TooManyTries:
            continue
        passed += 1
    return passed


def pass_time(**span):
    TryWindow.objects.update(closes_at=F("closes_at") - timedelta(**span))


def log_in(email, password, address, **headers):
    answer = Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": email, "password": password}, **headers)
    return answer.status_code


@pytest.fixture
def checked():
    """The log-ins that reached the password check and failed there."""
    reached = []

    def note(sender, credentials, **_):
        reached.append(credentials["email"])

    user_login_failed.connect(note)
    yield reached
    user_login_failed.disconnect(note)


@pytest.mark.django_db
def test_account_is_limited_from_one_address():
    assert tried("log_in", 50, **WHO) == LOG_IN.here


@pytest.mark.django_db
def test_account_is_limited_over_all_addresses():
    passed = sum(tried("log_in", 10, account="alice@harbor.test", address=f"192.0.2.{n}") for n in range(100))

    assert passed == LOG_IN.everywhere


@pytest.mark.django_db
def test_address_alone_is_never_limited():
    passed = sum(tried("log_in", 1, account=f"pupil{n}@harbor.test", address="192.0.2.1") for n in range(200))

    assert passed == 200


@pytest.mark.django_db
def test_flood_from_everywhere_does_not_keep_a_person_out_of_a_known_browser(alice):
    known = Client(REMOTE_ADDR="192.0.2.1")
    known.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    known.post("/accounts/logout/")
    for n in range(LOG_IN.everywhere):
        log_in(alice.email, "wrong", f"198.51.100.{n}")

    right = {"login": alice.email, "password": PASSWORD}

    assert Client(REMOTE_ADDR="192.0.2.2").post("/accounts/login/", right).status_code == 429
    assert known.post("/accounts/login/", right).status_code == 302


@pytest.mark.django_db
def test_known_browser_is_limited_too_and_known_to_its_own_account_only(alice, bob):
    known = Client(REMOTE_ADDR="192.0.2.1")
    known.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    known.post("/accounts/logout/")
    limit = LIMITS["known_device"].here

    answers = [known.post("/accounts/login/", {"login": alice.email, "password": "no"}) for _ in range(limit + 1)]

    assert [answer.status_code for answer in answers] == [200] * limit + [429]
    assert device_of(answers[0].wsgi_request, account=bob.email) is None


@pytest.mark.django_db
def test_forged_device_is_nobody(alice):
    stranger = Client(REMOTE_ADDR="192.0.2.1")
    stranger.cookies["device"] = "forged:1tXyzw:signature"

    answer = stranger.post("/accounts/login/", {"login": alice.email, "password": "no"})

    assert device_of(answer.wsgi_request, account=alice.email) is None


@pytest.mark.django_db
def test_capitals_and_spaces_are_the_same_account():
    tried("log_in", 50, **WHO)

    assert tried("log_in", 1, account=" ALICE@harbor.test", address="192.0.2.1") == 0


@pytest.mark.django_db
def test_window_closes_after_a_quarter_of_an_hour_whatever_was_tried_meanwhile():
    tried("log_in", 50, **WHO)
    pass_time(minutes=14)
    meanwhile = tried("log_in", 50, **WHO)
    pass_time(minutes=1)

    assert (meanwhile, tried("log_in", 50, **WHO)) == (0, LOG_IN.here)


@pytest.mark.django_db
def test_refusal_says_when_to_come_back():
    tried("log_in", 50, **WHO)
    pass_time(minutes=5)

    with pytest.raises(TooManyTries) as refusal:
        charge("log_in", **WHO)

    assert 590 <= refusal.value.seconds <= 600
    assert refusal.value.message == "That was tried too often. Please try again in 10 minutes."


def test_time_is_told_in_whole_minutes():
    assert [when_again(seconds) for seconds in (1, 60, 61)] == [
        "Please try again in 1 minute.",
        "Please try again in 1 minute.",
        "Please try again in 2 minutes.",
    ]


@pytest.mark.django_db
def test_right_try_is_given_back():
    for _ in range(50):
        charge("log_in", **WHO)
        give_back("log_in", **WHO)

    assert list(TryWindow.objects.values_list("tries", flat=True)) == [0, 0]


@pytest.mark.django_db
def test_closed_windows_are_forgotten():
    charge("log_in", **WHO)
    pass_time(minutes=15)
    charge("sign_up", **WHO)

    assert (forget_closed_windows(), TryWindow.objects.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_time_are_all_counted():
    def try_once(_):
        try:
            return tried("log_in", 1, **WHO)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        passed = sum(pool.map(try_once, range(100)))

    assert passed == LOG_IN.here


@pytest.mark.django_db
def test_wrong_log_ins_beyond_the_limit_reach_no_password(alice, checked):
    answers = [log_in("alice@harbor.test", "wrong", "192.0.2.1") for _ in range(12)]

    assert answers == [200] * LOG_IN.here + [429] * (12 - LOG_IN.here)
    assert checked == ["alice@harbor.test"] * LOG_IN.here


@pytest.mark.django_db
def test_neighbor_behind_the_same_address_logs_in(alice, bob):
    for _ in range(12):
        log_in("alice@harbor.test", "wrong", "192.0.2.1")

    assert log_in("bob@harbor.test", PASSWORD, "192.0.2.1") == 302


@pytest.mark.django_db
def test_person_attacked_from_elsewhere_logs_in_from_home(alice):
    for _ in range(12):
        log_in("alice@harbor.test", "wrong", "192.0.2.1")

    assert log_in("alice@harbor.test", PASSWORD, "192.0.2.2") == 302


@pytest.mark.django_db
def test_person_attacked_from_everywhere_gets_in_when_the_window_closes(alice):
    for number in range(LOG_IN.everywhere):
        log_in("alice@harbor.test", "wrong", f"192.0.2.{number}")
    at_once = log_in("alice@harbor.test", PASSWORD, "198.51.100.1")
    pass_time(minutes=15)

    assert (at_once, log_in("alice@harbor.test", PASSWORD, "198.51.100.1")) == (429, 302)


@pytest.mark.django_db
def test_limit_page_says_when_and_how_long(alice):
    for _ in range(LOG_IN.here):
        log_in("alice@harbor.test", "wrong", "127.0.0.1")
    answer = Client().post("/accounts/login/", {"login": "alice@harbor.test", "password": "wrong"})

    assert answer.status_code == 429
    assert "Please try again in 15 minutes." in answer.content.decode()
    assert 880 <= int(answer["Retry-After"]) <= 900


@pytest.mark.django_db
def test_limit_is_the_same_for_people_who_do_not_exist(alice):
    known = [log_in("alice@harbor.test", "wrong", "192.0.2.1") for _ in range(8)]
    unknown = [log_in("nobody@harbor.test", "wrong", "192.0.2.1") for _ in range(8)]

    assert known == unknown


@pytest.mark.django_db
def test_forwarded_header_counts_for_nothing_without_a_proxy(alice, checked):
    for number in range(30):
        log_in("alice@harbor.test", "wrong", "192.0.2.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")

    assert len(checked) == LOG_IN.here


@pytest.mark.django_db
def test_forwarded_header_of_a_configured_proxy_is_where_people_come_from(alice, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(12):
        log_in("alice@harbor.test", "wrong", "10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 198.51.100.1")

    from_there = log_in("alice@harbor.test", PASSWORD, "10.0.0.1", HTTP_X_FORWARDED_FOR="7.7.7.7, 198.51.100.1")
    from_home = log_in("alice@harbor.test", PASSWORD, "10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.2")
    assert (from_there, from_home) == (429, 302)


@pytest.mark.django_db
def test_log_in_of_the_back_office_is_the_same_door(alice, checked):
    answer = Client().post("/admin/login/", {"username": "alice@harbor.test", "password": "wrong"})

    assert (answer.status_code, answer["Location"], checked) == (302, "/accounts/login/?next=/admin/login/", [])


@pytest.mark.django_db
def test_reset_mails_are_limited_for_known_and_unknown_people(alice):
    client = Client()
    answers = {
        email: [client.post("/accounts/password/reset/", {"email": email}).status_code for _ in range(7)]
        for email in ("alice@harbor.test", "nobody@harbor.test")
    }

    assert list(answers.values()) == [[302] * 5 + [429] * 2] * 2


@pytest.mark.django_db
def test_sign_up_with_one_address_is_limited():
    body = {"email": "dora@harbor.test", "password1": "x", "password2": "y"}
    answers = [Client().post("/accounts/signup/", body).status_code for _ in range(7)]

    assert answers == [200] * 5 + [429] * 2


@pytest.mark.django_db
def test_wrong_reset_links_are_limited_per_account(alice):
    answers = [Client().get("/accounts/password/reset/key/1-abc-def/").status_code for _ in range(12)]

    assert answers == [200] * 10 + [429] * 2


@pytest.mark.django_db
def test_wrong_tokens_are_limited_by_what_they_are_recognized_by(organization):
    limit = LIMITS["token"].here
    header = {"HTTP_AUTHORIZATION": "Token lectern_0123456789"}
    answers = [Client().get("/api/v1/harbor/courses/", **header).status_code for _ in range(limit + 2)]

    assert answers == [401] * limit + [429] * 2
