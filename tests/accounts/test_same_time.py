"""Known and unknown people are answered in the same time: the one slow step, hashing, is done as often for both."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from tests.conftest import PASSWORD

HASHED: list[str] = []


class CountedHasher(MD5PasswordHasher):
    algorithm = "counted"

    def encode(self, password: str, salt: str) -> str:
        HASHED.append(password)
        return super().encode(password, salt)


@pytest.fixture
def known(settings, alice):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    alice.set_password(PASSWORD)
    alice.save()
    return alice.email


def log_in(email):
    return "/accounts/login/", {"login": email, "password": "wrong"}


def sign_up(email):
    return "/accounts/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD}


def reset(email):
    return "/accounts/password/reset/", {"email": email}


def hashes_for(path, body):
    HASHED.clear()
    Client().post(path, body)
    return len(HASHED)


@pytest.mark.parametrize(("door", "times"), [(log_in, 1), (sign_up, 1), (reset, 0)])
def test_known_and_unknown_people_cost_the_same(door, times, known):
    hashes = [hashes_for(*door(email)) for email in (known, "nobody@harbor.test")]

    assert hashes == [times, times]
