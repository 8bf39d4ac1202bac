"""How often somebody may try a door: a password, a code, a link.

Each try is charged before anything is checked, in one statement, so that a hundred at once are counted like a
hundred in a row. Two windows are charged: one of the account from this address, and a wider one of the account from
everywhere. None belongs to an address alone: a class behind one address is never locked out by one of its pupils.
A window opens with its first try and closes by itself after a quarter of an hour; nothing prolongs it.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Refused
from core.identifiers import uuid7

COOL_OFF = timedelta(minutes=15)


@dataclass(frozen=True)
class Limit:
    """Tries a window allows: for an account from one address, and for an account from all of them together."""

    here: int
    everywhere: int


LIMITS = {
    "log_in": Limit(here=5, everywhere=20),
    "known_device": Limit(here=5, everywhere=20),  # the log-in, from browsers the account was opened in before
    "second_factor": Limit(here=5, everywhere=10),  # six digits: a guess hits one time in 300,000
    "sign_up": Limit(here=5, everywhere=10),  # the account is the address that was typed; each try writes a mail
    "reset_password": Limit(here=5, everywhere=10),
    "reset_link": Limit(here=10, everywhere=30),  # wrong links only
    "confirm_email": Limit(here=10, everywhere=30),  # wrong links only
    "invitation": Limit(here=10, everywhere=30),
    "enrollment_code": Limit(here=10, everywhere=30),  # wrong codes only
    "token": Limit(here=20, everywhere=100),  # wrong secrets only: a right one always opens
    "feed": Limit(here=20, everywhere=100),  # wrong tokens of private feeds only: a right one always opens
    "feeds": Limit(here=200, everywhere=10_000),  # the same, of an organization whatever they begin with
}

# A window that is closed begins anew; one that is full is left as it is, so that an attack writes nothing.
CHARGE = """
INSERT INTO accounts_trywindow AS kept (id, key, tries, closes_at)
VALUES (%(id)s, %(key)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN kept.closes_at <= clock_timestamp() THEN 1 ELSE kept.tries + 1 END,
    closes_at = CASE WHEN kept.closes_at <= clock_timestamp() THEN excluded.closes_at ELSE kept.closes_at END
WHERE kept.closes_at <= clock_timestamp() OR kept.tries < %(limit)s
RETURNING tries"""
LEFT = "SELECT extract(epoch FROM closes_at - clock_timestamp()) FROM accounts_trywindow WHERE key = %s"
GIVE_BACK = "UPDATE accounts_trywindow SET tries = tries - 1 WHERE key = ANY(%s) AND tries > 0"


class TooManyTries(Refused):
    """A window is full. `seconds` until it closes."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too_many_tries", f"{_('That was tried too often.')} {when_again(seconds)}", status=429)
        self.seconds = seconds


def when_again(seconds: int) -> str:
    minutes = max(1, math.ceil(seconds / 60))
    words = ngettext("Please try again in %(count)d minute.", "Please try again in %(count)d minutes.", minutes)
    return words % {"count": minutes}


def charge(door: str, *, account: str, address: str) -> None:
    """One try more at this door. Raises TooManyTries when a window is full, and KeyError for a door nobody named.

    The narrow window is asked first: what it refuses does not use up the wide one.
    """
    limit = LIMITS[door]
    _charge(_key(door, account, address), limit.here)
    _charge(_key(door, account), limit.everywhere)


def give_back(door: str, *, account: str, address: str) -> None:
    """The try was right: it does not count."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [[_key(door, account, address), _key(door, account)]])


def forget_closed_windows() -> int:
    """Remove what no longer limits anybody. Answers how many windows there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_trywindow WHERE closes_at <= clock_timestamp()")
        return cursor.rowcount


def _charge(key: str, limit: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHARGE, {"id": uuid7(), "key": key, "limit": limit, "seconds": COOL_OFF.total_seconds()})
        if cursor.fetchone() is None:
            cursor.execute(LEFT, [key])
            (seconds,) = cursor.fetchone() or (0,)
            raise TooManyTries(max(1, math.ceil(seconds)))


def _key(door: str, account: str, address: str = "") -> str:
    return hashlib.sha256("\n".join((door, account.strip().lower(), address)).encode()).hexdigest()
