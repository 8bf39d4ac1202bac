"""What can go wrong on the way out, in few words; and what the libraries below say, translated into them."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests
import urllib3


class FetchError(Exception):
    """`code`: blocked_address, network, too_large, too_many_redirects; of downloads also refused.

    `detail` is for operators and holds no secret: no path, no query, no header. `status` is what a host answered
    instead of a download; 0 for all else.
    """

    def __init__(self, code: str, detail: str = "", *, status: int = 0) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail, self.status = code, detail, status


@contextmanager
def fetch_errors() -> Iterator[None]:
    """Whatever requests and urllib3 raise becomes a FetchError."""
    try:
        yield
    except requests.TooManyRedirects as error:
        raise FetchError("too_many_redirects") from error
    except ValueError as error:  # what is no address, or nothing that a header may hold
        raise FetchError("blocked_address", type(error).__name__) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise FetchError("network", _cause(error)) from error


def _cause(error: BaseException) -> str:
    """The system's own words, where it is the one that complained: those of the libraries quote whole addresses."""
    first = error
    while (deeper := first.__cause__ or first.__context__) is not None:
        first = deeper
    if isinstance(first, OSError) and not isinstance(first, requests.RequestException):
        return f"{type(first).__name__}: {first}"
    return type(error).__name__
