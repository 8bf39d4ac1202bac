"""What is asked of every page of Analytics: where, and for which range."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Organization
from accounts.permissions import can
from analytics.reports.behind import QUIET_DAYS, chosen_quiet_days
from analytics.reports.periods import USUAL_DAYS, Period, chosen_period, last_days
from core.errors import Refused


@dataclass(frozen=True)
class Asked:
    """`refusal` says what could not be read; then the usual range is shown."""

    organization: Organization
    by: Any
    today: date
    period: Period
    quiet_days: int
    refusal: str = ""


def organization_here(request: HttpRequest) -> Organization:
    """Raises PermissionDenied for who may not see figures, and for superusers who have chosen no organization."""
    organization: Organization | None = request.organization  # type: ignore[attr-defined]
    if organization is None or not can(request.user, "analytics.view", organization):
        raise PermissionDenied
    return organization


def read_asked(request: HttpRequest) -> Asked:
    """Raises Refused for a range that is none."""
    organization = organization_here(request)
    today = timezone.now().astimezone(organization.zone).date()
    period = chosen_period(request.GET, today=today)
    quiet_days = chosen_quiet_days(request.GET.get("quiet_days"))
    return Asked(organization, request.user, today, period, quiet_days)


def asked_of_page(request: HttpRequest) -> Asked:
    """What cannot be read is told on the page."""
    try:
        return read_asked(request)
    except Refused as refusal:
        organization = organization_here(request)
        today = timezone.now().astimezone(organization.zone).date()
        words = " ".join(words for told in refusal.fields.values() for words in told)
        return Asked(organization, request.user, today, last_days(USUAL_DAYS, today=today), QUIET_DAYS, words)
