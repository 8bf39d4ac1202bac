"""A host is asked no faster than it may be, and a pause that it asks for is everybody's whom it knows by that name."""

import json

import pytest

from core.fetch import network_allowed
from core.jobs import JobPostponed
from core.models import RequestPace
from core.pace import held, hold
from core.secrets import seal
from core.tenancy import organization_scope
from media_library.models import SourceAccount
from media_library.services.hosts import access_to, access_with, job_error
from media_library.sources import SOURCES, Reference, SourceError
from tests.media_library.recorded import one_stand_in, stand_in  # noqa: F401

NAME = "loom"
LIMITED = SourceError("rate_limited", delay=300.0)
VIDEO = Reference(NAME, "0123456789abcdef0123456789abcdef")
SESSION = f"/api/campaigns/sessions/{VIDEO.key}"
RAW_FILE = [
    {"method": "POST", "path": "/graphql",
     "json": {"data": {"getVideo": {"__typename": "RegularUserVideo", "name": "Demo", "download_enabled": True}}}},
    {"method": "POST", "path": f"{SESSION}/transcoded-url", "status": 204},
    {"method": "POST", "path": f"{SESSION}/raw-url", "json": {"url": "{{origin}}/raw.mp4"}},
    {"method": "HEAD", "path": "/raw.mp4", "text": "xx"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def way_out(stand_in):  # noqa: F811
    with network_allowed():
        yield


@pytest.fixture
def host(monkeypatch):
    return paced(None, monkeypatch)


@pytest.fixture
def unstable(stand_in, settings):  # noqa: F811
    """Loom, whose own routes may be used."""
    stand_in.play(RAW_FILE)
    settings.SOURCES[NAME]["unstable_routes"] = True
    return settings.SOURCES[NAME]


def paced(pace, monkeypatch):
    found = SOURCES[NAME]
    monkeypatch.setattr(type(found), "pace_with", lambda _host, options: pace)
    return found


def give_credentials():
    SourceAccount.objects.create(source=NAME, sealed=seal(json.dumps({"token": "secret"})))


def delay_of(host):
    """None where it may be asked."""
    access = access_to(host)
    try:
        access.http.get(access.options["base"])
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


def test_each_request_takes_a_turn(unstable, stand_in, scope):  # noqa: F811
    SOURCES[NAME].file(VIDEO, access_to(SOURCES[NAME]))

    assert (RequestPace.objects.get(key=NAME).requests, len(stand_in.asked)) == (4, 4)


def test_the_pace_ends_work_that_is_under_way(unstable, stand_in, scope):  # noqa: F811
    unstable["requests_an_hour"] = 2

    with pytest.raises(JobPostponed) as postponed:
        SOURCES[NAME].file(VIDEO, access_to(SOURCES[NAME]))

    assert (postponed.value.code, 3540 < postponed.value.delay <= 3600) == ("rate_limited", True)
    assert len(stand_in.asked) == 2


def test_a_pause_ends_work_that_is_under_way(unstable, stand_in, scope):  # noqa: F811
    access = access_to(SOURCES[NAME])
    hold(f"{NAME}:anyone", 300.0)

    with pytest.raises(JobPostponed):
        SOURCES[NAME].file(VIDEO, access)

    assert stand_in.asked == []


def test_what_asks_nothing_takes_no_turn(stand_in, scope):  # noqa: F811
    with pytest.raises(SourceError, match="captions_absent"):
        SOURCES[NAME].captions(VIDEO, access_to(SOURCES[NAME]))

    assert (RequestPace.objects.count(), stand_in.asked) == (0, [])


def test_a_pace_is_for_those_who_ask_in_the_name_of_somebody(host, monkeypatch, scope):
    paced((1, 3600.0), monkeypatch)

    way = access_with(host, {})
    answers = [way.http.get(way.options["base"]).status for _ in range(2)]

    assert (answers, RequestPace.objects.count()) == ([404, 404], 0)
