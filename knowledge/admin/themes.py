"""The map of themes: what the library speaks about, as a picture and as a table."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import can
from core.errors import Refused
from knowledge.labels.themes import theme_map

WIDE_FROM = 60.0  # percent of the largest theme: those are as wide as the page
RANGES = (30, 90, 365)  # days


@dataclass(frozen=True)
class Asked:
    """Whole days, each end included; None where there is no end. `refusal` says why it was not understood."""

    first: date | None = None
    last: date | None = None
    refusal: str = ""

    @property
    def is_everything(self) -> bool:
        return self.first is None and self.last is None


@require_safe
def themes_page(request: HttpRequest) -> HttpResponse:
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or not can(request.user, "content.view", organization):
        raise PermissionDenied
    asked = _asked(request)
    today = timezone.now().astimezone(organization.zone).date()
    context = {
        **admin.site.each_context(request),
        "title": _("Themes"),
        "asked": asked,
        "map": theme_map(first=asked.first, last=asked.last, zone=organization.zone),
        "ranges": [_range(days, today, asked) for days in RANGES],
        "wide_from": WIDE_FROM,
    }
    return render(request, "admin/knowledge/themes.html", context, status=400 if asked.refusal else 200)


def _asked(request: HttpRequest) -> Asked:
    """What is not understood is left away, and said."""
    try:
        first, last = _day(request, "from"), _day(request, "to")
        if first and last and last < first:
            raise Refused("invalid", _("The last day lies before the first one."))
    except Refused as refusal:
        return Asked(refusal=refusal.message)
    return Asked(first, last)


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused("invalid", _("“%(text)s” is no day.") % {"text": text[:20]}) from error
    if day is not None and not 1970 <= day.year <= 9000:
        raise Refused("invalid", _("“%(text)s” is no day.") % {"text": text[:20]})
    return day


def _range(days: int, today: date, asked: Asked) -> dict[str, Any]:
    first = today - timedelta(days=days - 1)
    return {
        "words": _("Last %(days)d days") % {"days": days},
        "query": f"from={first}&to={today}",
        "is_chosen": (asked.first, asked.last) == (first, today),
    }
