"""Every adapter keeps the contract: what was recorded is read, and whatever a host does wrong has a code of ours."""

import socket
from copy import deepcopy
from unittest.mock import ANY

import pytest

from core.fetch import MOST_BYTES, network_allowed
from media_library.sources import SOURCES, SourceError
from media_library.sources.errors import WORDS
from tests.sources.recording import is_subset, recordings

SHORT = 0.3  # seconds until a host that hangs is given up
PAGE = "<!doctype html><html><head><title>Welcome</title></head><body><p>Hello &amp; welcome</p></body></html>"
GARBAGE = bytes(range(256)) * 4
OVER = b'{"filler": "' + b" " * MOST_BYTES + b'"}'


def names_in(value):
    """All names that stand in JSON, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


def with_length(value, length):
    if isinstance(value, dict):
        return {name: length if name in LENGTH_NAMES else with_length(one, length) for name, one in value.items()}
    return [with_length(one, length) for one in value] if isinstance(value, list) else value


#: What a host does instead of answering, and what that is called; a tuple where it may be either.
FAULTS = {
    "garbage": ({"status": 200, "bytes": GARBAGE}, "provider_changed"),
    "page": ({"status": 200, "text": PAGE}, "provider_changed"),
    "empty": ({"status": 200, "text": ""}, ("provider_changed", "captions_absent")),
    "500": ({"status": 500, "text": "Internal Server Error"}, "provider_5xx"),
    "429": ({"status": 429, "headers": {"Retry-After": "7"}, "text": "slow down"}, "rate_limited"),
    "drop": ({"drop": True}, "network"),
    "hang": ({"seconds": 10}, "network"),
    "over": ({"status": 200, "bytes": OVER}, "provider_changed"),
}
#: What no recording can last, though JSON can say it.
LENGTHS = {
    "nan": float("nan"), "infinity": float("inf"), "negative": -5, "huge": 1e300, "long": 10**400, "years": 10**9,
}  # fmt: skip
LENGTH_NAMES = frozenset({"duration", "duration_seconds"})
GOOD = [one for one in recordings() if one.is_good]
PLACES = [
    pytest.param(one, at, id=f"{one}-{at}") for one in GOOD for at in range(len(one.told["exchanges"]))
]  # fmt: skip
LENGTH_PLACES = [
    place for place in PLACES for recording, at in [place.values]
    if recording.told["verb"] == "describe" and names_in(recording.told["exchanges"][at]) & LENGTH_NAMES
]  # fmt: skip


@pytest.fixture
def outcome(stand_in, tmp_path):
    """What an adapter gives, or the error it raises, while the stand-in plays these exchanges."""

    def ask(recording, exchanges, *, seconds=10.0):
        stand_in.play(exchanges)
        with network_allowed():
            try:
                return recording.ask(recording.access(stand_in.origin, seconds=seconds), tmp_path)
            except SourceError as error:
                return error

    return ask


@pytest.mark.parametrize("recording", recordings(), ids=str)
def test_what_was_recorded_is_read(recording, outcome, stand_in):
    found = outcome(recording, recording.told["exchanges"], seconds=SHORT if hangs(recording) else 10.0)

    assert stand_in.strays == []
    if "error" in recording.told:
        assert isinstance(found, SourceError), found
        assert {"code": found.code, "delay": found.delay} == {"delay": ANY, **recording.told["error"]}
    else:
        expected = stand_in.filled(recording.told["expect"])
        assert is_subset(expected, found), (expected, found)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("recording", "at"), PLACES)
def test_a_fault_of_the_host_has_its_code(recording, at, fault, outcome):
    exchanges = deepcopy(recording.told["exchanges"])
    behavior, code = FAULTS[fault]
    place = exchanges[at]
    exchanges[at] = {**found_by(place), **behavior}

    found = outcome(recording, exchanges, seconds=SHORT if fault == "hang" else 10.0)

    if recording.told["verb"] == "check":
        assert isinstance(found, SourceError) or found != recording.told["expect"]
    elif place.get("optional"):
        assert not isinstance(found, SourceError) or found.code in WORDS
    else:
        assert isinstance(found, SourceError), found
        assert found.code in expected_codes(place, fault, code), found
        if found.code == "rate_limited":
            assert found.delay == 7


@pytest.mark.parametrize("told", LENGTHS)
@pytest.mark.parametrize(("recording", "at"), LENGTH_PLACES)
def test_a_length_that_is_none_is_not_believed(recording, at, told, outcome):
    exchanges = deepcopy(recording.told["exchanges"])
    exchanges[at] = with_length(exchanges[at], LENGTHS[told])

    found = outcome(recording, exchanges)

    assert isinstance(found, SourceError), found
    assert found.code == "provider_changed"


@pytest.mark.parametrize(("recording", "at"), PLACES)
def test_no_answer_leads_into_our_own_network(recording, at, outcome):
    exchanges = deepcopy(recording.told["exchanges"])
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.setblocking(False)
        address = f"http://127.0.0.1:{inside.getsockname()[1]}/latest/meta-data"
        leading = {"status": 302, "headers": {"Location": address}}
        exchanges[at] = {**found_by(exchanges[at]), **leading}

        found = outcome(recording, exchanges, seconds=SHORT)

        with pytest.raises(BlockingIOError):  # nobody came
            inside.accept()
    if recording.told["verb"] != "check" and not recording.told["exchanges"][at].get("optional"):
        assert isinstance(found, SourceError), found
        assert found.code == "provider_changed"


@pytest.mark.parametrize("name", SOURCES)
def test_a_host_is_recorded(name):
    verbs = {one.told["verb"] for one in GOOD if one.path.parent.name == name}

    assert "describe" in verbs


@pytest.mark.parametrize("recording", GOOD, ids=str)
def test_a_good_recording_is_of_the_verb_it_is_named_for(recording):
    assert recording.path.stem.startswith(recording.told["verb"])
    assert "expect" in recording.told


def hangs(recording):
    return any(exchange.get("seconds") for exchange in recording.told["exchanges"])


def found_by(exchange):
    return {name: value for name, value in exchange.items() if name in {"method", "path", "query", "asks", "body"}}


def expected_codes(place, fault, code):
    code = place.get("faults", {}).get(fault, code)
    return {code} if isinstance(code, str) else set(code)
