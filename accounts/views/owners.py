"""What the pages of owners share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from accounts.permissions import can
from accounts.second_factor import second_factor_first
from core.errors import Refused

View = Callable[..., HttpResponse]


def owners_only(view: View) -> View:
    """For everybody else these pages do not exist; for owners once their second factor is on, where it is asked for."""
    opened = second_factor_first(view)

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can(request.user, "members.manage", request.organization):
            raise Http404
        return opened(request, *args, **kwargs)

    return guarded


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """What a service refuses is told on the next page; the rest of the block is left out."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, refusal.message)
