"""A host is asked no faster than it may be, and a pause that it asks for is everybody's whom it knows by that name."""

import json

import pytest

from core.jobs import JobPostponed
from core.pace import held
from core.secrets import seal
from core.tenancy import organization_scope
from media_library.models import SourceAccount
from media_library.services.hosts import access_to, access_with, job_error
from media_library.sources import SOURCES, SourceError

NAME = "loom"
LIMITED = SourceError("rate_limited", delay=300.0)


@pytest.fixture
def host(monkeypatch):
    return paced(None, monkeypatch)


def paced(pace, monkeypatch):
    found = SOURCES[NAME]
    monkeypatch.setattr(type(found), "pace_with", lambda _host, options: pace)
    return found


def give_credentials():
    SourceAccount.objects.create(source=NAME, sealed=seal(json.dumps({"token": "secret"})))


def delay_of(host):
    """None where it may be asked."""
    try:
        access_to(host)
    except JobPostponed as postponed:
        return postponed.delay if postponed.code == "rate_limited" else postponed.code
    return None


def test_the_pace_is_that_of_the_whole_installation(host, monkeypatch, scope, other_organization):
    paced((2, 3600.0), monkeypatch)

    first = delay_of(host)
    with organization_scope(other_organization):
        second, third = delay_of(host), delay_of(host)

    assert (first, second, 3540 < third <= 3600) == (None, None, True)
    assert 3540 < delay_of(host) <= 3600


def test_without_a_pace_nothing_waits(host, scope):
    assert [delay_of(host) for _ in range(5)] == [None] * 5


def test_a_pause_is_kept_by_all_who_have_no_credentials(host, scope, other_organization):
    told = job_error(LIMITED, host)

    with organization_scope(other_organization):
        theirs = delay_of(host)
        give_credentials()
        with_credentials = delay_of(host)

    assert (told.code, told.delay) == ("rate_limited", 300.0)
    assert (290 < delay_of(host) <= 300, 290 < theirs <= 300, with_credentials) == (True, True, None)


def test_a_pause_of_an_account_is_its_own(host, scope, other_organization):
    give_credentials()

    job_error(LIMITED, host)

    with organization_scope(other_organization):
        give_credentials()
        theirs = delay_of(host)
    assert (290 < delay_of(host) <= 300, theirs) == (True, None)


def test_other_failures_hold_nobody_up(host, scope):
    for code in ("quota_exhausted", "network", "not_found"):
        job_error(SourceError(code), host)

    assert delay_of(host) is None


def test_no_host_holds_us_up_for_ever(host, scope):
    told = job_error(SourceError("rate_limited", delay=1e9), host)

    assert (told.delay, held(f"{NAME}:anyone") <= 86_400) == (86_400, True)


def test_a_pace_is_for_those_who_ask(host, monkeypatch, scope):
    paced((1, 3600.0), monkeypatch)
    access_to(host)

    assert access_with(host, {}).options == access_with(host, {}).options
    assert delay_of(host) is not None
