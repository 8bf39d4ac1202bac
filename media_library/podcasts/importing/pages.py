"""Going out for a feed: one page after the other, each once, none larger than it may be."""

from collections.abc import Callable, Iterator
from email.message import Message
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.fetch import Answer, Fetcher, FetchError
from core.jobs import JobError, JobPostponed
from media_library.podcasts.importing.feed import Page, read_feed
from media_library.podcasts.importing.trees import UnreadableFeed

LARGEST_FEED = 20 * 1024 * 1024  # bytes of a page
MOST_PAGES = 100
FOUND, LATER = 200, 500
BUSY, UNAVAILABLE = 429, 503
PASSING = frozenset({408, 425, BUSY})
SHORTEST_WAIT, LONGEST_WAIT = 30.0, 3600.0  # seconds


def the_way_out() -> Fetcher:
    """Feeds, and what they name, are strangers'; those of the operator's own network are named in the settings."""
    return Fetcher(trusted=frozenset(settings.PODCAST_ORIGINS))


def pages_of(url: str, *, check: Callable[[], object]) -> Iterator[Page]:
    """The newest first. Raises JobError for what can pass, JobPostponed where its server says when, Refused for what
    stays: unreadable_feed and its like.
    """
    seen: set[str] = set()
    way = the_way_out()
    with way.kept() as kept:
        while url and url not in seen and len(seen) < MOST_PAGES:
            check()
            seen.add(url)
            page = _page(kept, url)
            yield page
            url = page.older


def asked_for(way: Fetcher, url: str, *, most_bytes: int) -> Answer:
    """An answer that has something in it. Raises JobError."""
    answer = _answer(way, url, most_bytes)
    _refuse_failure(answer)
    return answer


def failed(error: FetchError) -> JobError:
    """In words for whoever gave the address."""
    if error.status:
        return _not_there(error.status)
    words = {
        "network": _("Its server could not be reached, or was too slow."),
        "too_large": _("It is larger than it may be."),
        "blocked_address": _("This address leads to no public server, or to a port that is none of the web."),
        "too_many_redirects": _("Its server sends one on and on."),
    }
    return JobError(error.code, words[error.code], detail=error.detail, permanent=error.code != "network")


def _answer(way: Fetcher, url: str, most_bytes: int) -> Answer:
    try:
        return way.get(url, most_bytes=most_bytes)
    except FetchError as error:
        raise failed(error) from error


def _refuse_failure(answer: Answer) -> None:
    if answer.status != FOUND:
        raise _not_there(answer.status)


def _not_there(status: int) -> JobError:
    """Where a server answers otherwise than with what was asked for."""
    words = {
        BUSY: _("Its server is asked too often just now."),
        401: _("Its server wants a password: that cannot be brought in."),
        403: _("Its server does not give it out."),
        404: _("There is nothing at this address."),
        410: _("It is gone for good: ask whoever made it where it is now."),
    }.get(status, _("Its server answered %(status)d.") % {"status": status})
    return JobError("not_there", words, permanent=status < LATER and status not in PASSING)


def _wait_where_asked(answer: Answer) -> None:
    """Raises JobPostponed where its server says when to come again (RFC 9110, 10.2.3)."""
    told = answer.headers.get("retry-after", "").strip()
    if answer.status in (BUSY, UNAVAILABLE) and told:
        words = _("Its server is asked too often just now. It is tried again by itself.")
        raise JobPostponed("asked_too_often", words, delay=_seconds(told), detail=f"Retry-After: {told[:80]}")


def _seconds(told: str) -> float:
    """Never less than half a minute, never more than an hour."""
    try:
        seconds = float(told) if told.isdigit() else (parsedate_to_datetime(told) - timezone.now()).total_seconds()
    except (ValueError, TypeError, OverflowError):
        seconds = SHORTEST_WAIT
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


def _page(way: Fetcher, url: str) -> Page:
    answer = _answer(way, url, LARGEST_FEED)
    _wait_where_asked(answer)
    _refuse_failure(answer)
    try:
        return read_feed(answer.content, url=answer.url, charset=_charset(answer))
    except UnreadableFeed as error:
        words = _words_for(error)
        raise Refused(error.code, words, fields={"url": [words]}) from error


def _charset(answer: Answer) -> str:
    told = Message()
    told["content-type"] = answer.headers.get("content-type", "")
    return told.get_content_charset() or ""


def _words_for(error: UnreadableFeed) -> str:
    if error.is_page:
        page = _("This is a web page, not the feed of a podcast.")
        return f"{page} {_('It names this feed: %(url)s') % {'url': error.feed}}" if error.feed else page
    words = {
        "unreadable_feed": _("This is no feed that can be read: %(detail)s.") % {"detail": error.detail},
        "hostile_feed": _("This feed was not read: it declares what no feed needs."),
        "not_a_podcast": _("There is no podcast at this address."),
    }
    return words[error.code]
