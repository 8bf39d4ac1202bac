"""Asking a host, and what its answers mean that mean the same at every host."""

import math
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote_plus

from core.fetch import Answer, FetchError
from media_library.sources.errors import POSTPONED, RETRIED, SourceError
from media_library.sources.protocol import Access

T = TypeVar("T")
LONGEST_PAUSE = 24 * 3600.0  # seconds: no host holds us up longer than that, whatever it says
RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
PAUSE = re.compile(r"\bin (\d{1,6}) (second|minute|hour)")
LASTS = {"second": 1, "minute": 60, "hour": 3600}
LONGEST_RECORDING = 30 * 24 * 3600.0  # seconds: what a host tells beyond that is no length
NO_KEY = frozenset({"auth_invalid", "quota_exhausted"})  # for a day at least these credentials open nothing
EPOCH_BEGINS = 1_000_000_000  # a number of seconds from here on is a time and no duration


def asked(access: Access, method: str, url: str, **options: Any) -> Answer:
    """What a host answers, with `options` as Fetcher.request takes them. Any status but 429 and 5xx is an answer.

    Raises SourceError: network, rate_limited with its delay, provider_5xx, provider_changed.
    """
    try:
        answer = access.http.request(method, url, **options)
    except FetchError as error:
        raise unreached(error, secrets=access.credentials.values()) from error
    if answer.status == 429:
        raise SourceError("rate_limited", delay=pause_of(answer.headers) or pause_in(answer.text))
    if answer.status >= 500:
        raise SourceError("provider_5xx", detail=f"status {answer.status}")
    return answer


def unreached(error: FetchError, *, secrets: Iterable[str] = ()) -> SourceError:
    """No answer, or one that leads where nothing of a host's is. A query may hold a key: operators do not read it."""
    code = "network" if error.code == "network" else "provider_changed"
    detail = str(error)
    for secret in filter(None, secrets):
        detail = detail.replace(secret, "…").replace(quote_plus(secret), "…")
    return SourceError(code, detail=detail)


def pause_of(headers: Mapping[str, str]) -> float | None:
    """Seconds for which a host asks for a pause, from `Retry-After` or a reset header; None where it does not tell."""
    told = (headers.get(name, "") for name in ("retry-after", *RESETS))
    found = next((pause for value in told if (pause := _seconds_until(value)) is not None), None)
    return None if found is None else min(max(found, 1.0), LONGEST_PAUSE)


def pause_in(words: str) -> float | None:
    """Seconds, from an answer such as “Try again in 12 seconds.”"""
    found = PAUSE.search(words[:2000])
    return None if found is None else min(max(float(found[1]) * LASTS[found[2]], 1.0), LONGEST_PAUSE)


def _seconds_until(value: str) -> float | None:
    """Of a number of seconds, of a time in seconds since 1970, or of a date as in HTTP or ISO 8601."""
    value = value.strip()
    if value.isdecimal():
        seconds = float(value)
        return seconds - time.time() if seconds >= EPOCH_BEGINS else seconds
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        with suppress(ValueError, OverflowError):
            return read(value).timestamp() - time.time()
    return None


def json_of(answer: Answer) -> Any:
    """Without what no database takes. Raises SourceError, provider_changed, for what is no JSON."""
    try:
        return storable(answer.json())
    except (ValueError, RecursionError) as error:
        raise SourceError("provider_changed", detail=f"no JSON: {answer.content[:80]!r}") from error


def object_of(answer: Answer) -> dict[str, Any]:
    """The JSON object that an answer is. Raises SourceError, provider_changed."""
    return part(json_of(answer), kind=dict)


def part(data: Any, *path: str, kind: type[T]) -> T:
    """What stands at a path of names in JSON. Raises SourceError, provider_changed, where nothing of that kind does.

    A float is finite, and may be written as a whole number.
    """
    found = _at(data, path)
    if kind is float:
        found = _finite(found)
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        raise SourceError("provider_changed", detail=f"{'.'.join(path) or 'answer'}: {found!r:.80}")
    return found


def objects_in(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Of a list in JSON; what else stands there is left aside."""
    return [one for one in found if isinstance(one, dict)]


def maybe(data: Any, *path: str, kind: type[T], default: T) -> T:
    """Like `part`, for what may be missing or null."""
    return default if _at(data, path) is None else part(data, *path, kind=kind)


def seconds(data: Any, *path: str) -> float | None:
    """A length at a path of names; None where none is told, or 0. Raises SourceError, provider_changed."""
    return length_of(maybe(data, *path, kind=float, default=0.0))


def length_of(told: float) -> float | None:
    """As `seconds`, of a number."""
    if told == 0:
        return None
    if not 0 < told <= LONGEST_RECORDING:
        raise SourceError("provider_changed", detail=f"a length of {told!r:.40} seconds")
    return told


def by_key_or_public(keyed: Callable[[], T | None], public: Callable[[], T]) -> T:
    """What credentials show, or else everybody sees: where they know nothing of it, or open nothing themselves.

    What nobody sees is told as the trouble with the credentials. Raises SourceError.
    """
    try:
        if (found := keyed()) is not None:
            return found
    except SourceError as trouble:
        if trouble.code not in NO_KEY:
            raise
        return _public_despite(trouble, public)
    return public()


def _public_despite(trouble: SourceError, public: Callable[[], T]) -> T:
    try:
        return public()
    except SourceError as error:
        raise error if error.code in RETRIED | POSTPONED else trouble from None


def storable(told: T) -> T:
    """Without NUL and halves of surrogate pairs, wherever they stand: JSON can hold them and PostgreSQL cannot."""
    match told:
        case str():
            return told.replace("\x00", "").encode("utf-8", errors="ignore").decode()  # type: ignore[return-value]
        case list():
            return [storable(one) for one in told]  # type: ignore[return-value]
        case dict():
            return {storable(name): storable(one) for name, one in told.items()}  # type: ignore[return-value]
    return told


def _finite(found: Any) -> Any:
    """As a float; None for what is none, or none that can be counted with."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    with suppress(OverflowError):
        return float(found) if math.isfinite(found) else None
    return None


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def oembed(access: Access, endpoint: str, address: str, *, codes: Mapping[int, str], **params: str) -> dict[str, Any]:
    """What a host's oEmbed endpoint tells of an address, its title at least.

    `codes` are what the statuses mean that this host answers; hosts have been seen to answer 200 and "Forbidden" for
    403. Raises SourceError.
    """
    answer = asked(access, "GET", endpoint, params={"url": address, "format": "json", **params})
    is_forbidden = answer.text[:40].strip().lower() == "forbidden"
    status = 403 if is_forbidden and answer.status == 200 else answer.status
    if status in codes:
        raise SourceError(codes[status], detail=f"oEmbed: status {answer.status}")
    if status != 200:
        raise SourceError("provider_changed", detail=f"oEmbed: status {answer.status}")
    told = object_of(answer)
    part(told, "title", kind=str)
    return told
