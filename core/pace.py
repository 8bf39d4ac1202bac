"""How fast somebody is asked, and when not at all: counted in the database, for all processes and machines."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from core.identifiers import uuid7
from core.models.ai_call import RequestPace

LONGEST_HOLD = 24 * 3600.0  # seconds: nobody stops us for longer, whatever they say

#: One row for each key. The row counts one more than is allowed once somebody had to be refused: so the new row alone
#: says whether this request was taken, and nothing has to be read before or after.
TAKE = """
insert into core_requestpace as pace (id, key, window_began_at, requests) values (%(id)s, %(key)s, clock_timestamp(), 1)
on conflict (key) do update set
    window_began_at = case
        when pace.held_until > clock_timestamp() then pace.window_began_at
        when pace.window_began_at <= clock_timestamp() - make_interval(secs => %(seconds)s) then clock_timestamp()
        else pace.window_began_at end,
    requests = case
        when pace.held_until > clock_timestamp() then pace.requests
        when pace.window_began_at <= clock_timestamp() - make_interval(secs => %(seconds)s) then 1
        else least(pace.requests, %(limit)s) + 1 end
returning extract(epoch from case
    when held_until > clock_timestamp() then held_until - clock_timestamp()
    when requests <= %(limit)s then interval '0'
    else greatest(window_began_at + make_interval(secs => %(seconds)s) - clock_timestamp(), interval '1 millisecond')
end)::float
"""
HOLD = """
insert into core_requestpace as pace (id, key, window_began_at, requests, held_until)
values (%(id)s, %(key)s, clock_timestamp(), 0, clock_timestamp() + make_interval(secs => %(seconds)s))
on conflict (key) do update set held_until = greatest(pace.held_until, excluded.held_until)
"""
HELD = """
select coalesce(max(extract(epoch from held_until - clock_timestamp())), 0)::float
from core_requestpace where key = %(key)s and held_until > clock_timestamp()
"""


def take(key: str, *, limit: int, seconds: float) -> float:
    """One of `limit` requests in `seconds`. Answers 0.0 where it was taken, else for how many seconds to wait.

    One statement. Its row stays locked until the transaction ends: better outside of one.
    """
    return max(_value_of(TAKE, key=key, limit=limit, seconds=seconds), 0.0)


def hold(key: str, seconds: float) -> None:
    """Somebody asked for a pause: until then nothing is taken. A longer pause that holds already stays."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"id": uuid7(), "key": key, "seconds": min(max(seconds, 0.0), LONGEST_HOLD)})


def held(key: str) -> float:
    """For how many seconds nobody may ask; 0.0 where nobody is held up."""
    return _value_of(HELD, key=key)


def holds(keys: Iterable[str]) -> dict[str, datetime]:
    """Until when nobody may ask, of those keys that are held. One statement."""
    rows = RequestPace.objects.filter(key__in=list(keys), held_until__gt=Now()).values_list("key", "held_until")
    return {key: until for key, until in rows if until is not None}


def _value_of(statement: str, **values: Any) -> float:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": uuid7(), **values})
        row = cursor.fetchone()
    return float(row[0])
