"""Wrong log-ins at one account that reach its password, of a thousand from one address and a thousand from a hundred.

The right people wait as long as a window lasts and no longer: its end is moved, nobody sleeps. The medians of what a
wrong password takes for a known and an unknown person stand beside, measured with the real hasher, and those of
asking for a reset mail.
"""

import statistics
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.signals import user_login_failed
from django.db.models import F
from django.test import Client

from accounts.models import TryWindow
from accounts.services.limits import COOL_OFF, LIMITS
from accounts.services.members import make_account

TRIES, ADDRESSES, TIMED = 1000, 100, 30
PASSWORD, WRONG = "correct horse battery staple", "wrong"


def measure(data: Path) -> dict[str, Any]:
    for name in ("one", "hundred", "neighbor", "timed"):
        make_account(_mail(name), PASSWORD)
    one = _attack("one", ["192.0.2.1"])
    hundred = _attack("hundred", [f"198.51.100.{number}" for number in range(ADDRESSES)])
    return {
        "ratio": max(one / LIMITS["log_in"].here, hundred / LIMITS["log_in"].everywhere),
        "aim": 1.0,
        "checked": {"one address": one, "a hundred addresses": hundred},
        "neighbor gets in": _gets_in("neighbor", "192.0.2.1"),
        "right person": _waits("one", "192.0.2.1") | _waits("hundred", "203.0.113.1"),
        "milliseconds": _times(),
    }


def _attack(name: str, addresses: list[str]) -> int:
    """How many of a thousand wrong log-ins reached the password check."""
    reached: list[str] = []
    note = lambda credentials, **_: reached.append(credentials["email"])  # noqa: E731  (kept until disconnected)
    user_login_failed.connect(note)
    for number in range(TRIES):
        _log_in(name, WRONG, addresses[number % len(addresses)])
    user_login_failed.disconnect(note)
    return len(reached)


def _waits(name: str, address: str) -> dict[str, list[bool]]:
    """Whether the person gets in at once, and after a cool-off."""
    at_once = _gets_in(name, address)
    TryWindow.objects.update(closes_at=F("closes_at") - COOL_OFF)
    later = _gets_in(name, address)
    TryWindow.objects.update(closes_at=F("closes_at") + COOL_OFF + timedelta(seconds=1))
    return {name: [at_once, later]}


def _times() -> dict[str, float]:
    known, unknown = _medians("password")
    reset, no_reset = _medians("reset")
    return {
        "log-in known": known, "log-in unknown": unknown, "log-in ratio": round(known / unknown, 3),
        "reset known": reset, "reset unknown": no_reset, "reset ratio": round(reset / no_reset, 3),
    }  # fmt: skip


def _medians(door: str) -> tuple[float, float]:
    """Of a known and an unknown person, taking turns; the first round warms up."""
    rounds = [(_milliseconds("timed", door), _milliseconds("nobody", door)) for _ in range(TIMED + 1)][1:]
    known, unknown = zip(*rounds, strict=True)
    return round(statistics.median(known), 2), round(statistics.median(unknown), 2)


def _milliseconds(name: str, door: str) -> float:
    TryWindow.objects.all().delete()
    start = time.perf_counter()
    if door == "password":
        _log_in(name, WRONG, "192.0.2.9")
    else:
        Client().post("/accounts/password/reset/", {"email": _mail(name)})
    return (time.perf_counter() - start) * 1000


def _gets_in(name: str, address: str) -> bool:
    return _log_in(name, PASSWORD, address) == 302


def _log_in(name: str, password: str, address: str) -> int:
    client = Client(REMOTE_ADDR=address)
    return client.post("/accounts/login/", {"login": _mail(name), "password": password}).status_code


def _mail(name: str) -> str:
    return f"{name}@example.org"
