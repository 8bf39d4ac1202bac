"""Limits at the doors of pages: who is counted where, and what a page answers when a window is full."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest

from accounts.devices import device_of
from accounts.origin import address_of
from accounts.services import limits
from accounts.views.errors import too_many_tries


def charge(request: HttpRequest, door: str, *, account: str) -> None:
    """Count one try. Raises the page that says when to come back (allauth's middleware shows it)."""
    try:
        limits.charge(**_window(request, door, account))
    except limits.TooManyTries as refusal:
        raise ImmediateHttpResponse(too_many_tries(request, refusal)) from refusal


def give_back(request: HttpRequest, door: str, *, account: str) -> None:
    limits.give_back(**_window(request, door, account))


def _window(request: HttpRequest, door: str, account: str) -> dict[str, str]:
    """Where a try counts: in the windows of account and address, or in those of a browser known to the account."""
    if door == "log_in" and (device := device_of(request, account=account)):
        return {"door": "known_device", "account": account, "address": device}
    return {"door": door, "account": account, "address": address_of(request)}


@contextmanager
def counting_mistakes(request: HttpRequest, door: str, *, account: str) -> Iterator[None]:
    """A try is charged before the check inside, and given back when that raises nothing."""
    charge(request, door, account=account)
    yield
    give_back(request, door, account=account)
