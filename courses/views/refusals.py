"""What a service refuses is told on the page the learner comes back to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from core.errors import Refused


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        messages.error(request, refusal.message)
