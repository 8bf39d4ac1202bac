"""Going out for a feed: one page after the other, each once, none larger than it may be."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from core.fetch import Answer, Fetcher, FetchError
from core.jobs import JobError
from media_library.podcasts.importing.feed import Page, read_feed
from media_library.podcasts.importing.trees import UnreadableFeed

LARGEST_FEED = 20 * 1024 * 1024  # bytes of a page
MOST_PAGES = 100
FOUND, LATER = 200, 500


def the_way_out() -> Fetcher:
    """Feeds, and what they name, are strangers'; those of the operator's own network are named in the settings."""
    return Fetcher(trusted=frozenset(settings.PODCAST_ORIGINS))


def pages_of(url: str, *, check: Callable[[], object]) -> Iterator[Page]:
    """The newest first. Raises JobError for what can pass, Refused for what stays: unreadable_feed and its like."""
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
    try:
        answer = way.get(url, most_bytes=most_bytes)
    except FetchError as error:
        raise failed(error) from error
    if answer.status != FOUND:
        words = _("It answered %(status)d.") % {"status": answer.status}
        raise JobError("not_there", words, permanent=answer.status < LATER)
    return answer


def failed(error: FetchError) -> JobError:
    """In words for whoever gave the address."""
    words = {
        "network": _("Its server could not be reached, or was too slow."),
        "too_large": _("It is larger than it may be."),
        "blocked_address": _("This address leads to no public server."),
        "too_many_redirects": _("Its server sends one on and on."),
        "refused": _("Its server does not give it out."),
    }
    return JobError(error.code, words[error.code], detail=error.detail, permanent=error.code != "network")


def _page(way: Fetcher, url: str) -> Page:
    answer = asked_for(way, url, most_bytes=LARGEST_FEED)
    try:
        return read_feed(answer.content, url=answer.url)
    except UnreadableFeed as error:
        words = {
            "unreadable_feed": _("This is no feed that can be read: %(detail)s.") % {"detail": error.detail},
            "hostile_feed": _("This feed was not read: it declares what no feed needs."),
            "not_a_podcast": _("There is no podcast at this address."),
        }
        raise Refused(error.code, words[error.code], fields={"url": [words[error.code]]}) from error
