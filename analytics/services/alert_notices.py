"""Telling that an alert was raised, or is over: by mail, and to a webhook. Rows in the caller's transaction; jobs send
them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from analytics.models import AlertRule
from analytics.operation.conditions import words_for
from core.fetch import Fetcher, FetchError
from core.identifiers import uuid7
from core.jobs import JobError, enqueue
from core.jobs.worker import run_one
from core.mail import send_mail
from core.models import Job, JobState, OutgoingMail
from core.tenancy import organization_scope

RAISED, CLEARED, TEST = "raised", "cleared", "test"
MAIL = "analytics/mail/alert"
WAIT_SECONDS = 10.0
COME_AGAIN = (408, 425, 429)  # besides 5xx: what a server asks to be tried again after


def tell(rule: AlertRule, what: str, *, value: float, detail: str = "", about: UUID) -> None:
    """Once to each recipient for each incident and news: the keys of the jobs name them."""
    said = sentence(rule, what, value)
    context = {"said": said, "detail": detail, "rule": rule, "link": link_to(rule), "what": what}
    with organization_scope(rule.organization_id):
        for address in recipients_of(rule):
            send_mail(MAIL, to=address, context=context, organization=rule.organization)
        if rule.webhook_url:
            body = body_of(rule, what, value=value, detail=detail, about=about)
            enqueue("deliver_alert", rule.pk, key=f"deliver_alert:{about}:{what}", payload=body)


def send_test(rule: AlertRule) -> None:
    """As if it were raised, marked as a test; nothing about the rule changes."""
    value = rule.raise_at if rule.last_value is None else rule.last_value
    tell(rule, TEST, value=value, about=uuid7())


def recipients_of(rule: AlertRule) -> list[str]:
    """Those it names; else whoever runs the site, or the owners of the organization."""
    if rule.recipients:
        return list(rule.recipients)
    if rule.organization_id:
        owners = Membership.objects.in_charge_of(rule.organization_id)
        return list(owners.order_by("pk").values_list("user__email", flat=True))
    return list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk").values_list("email", flat=True))


def sentence(rule: AlertRule, what: str, value: float) -> str:
    """“Alert: Failed jobs: 12 jobs (from 10 jobs on)”"""
    words = {"about": str(rule), "value": words_for(rule, value), "limit": words_for(rule, rule.raise_at)}
    if what == CLEARED:
        return _("Over: %(about)s: %(value)s") % words
    until = _("down to %(limit)s") % words if rule.falls else _("from %(limit)s on") % words
    alert = _("Alert: %(about)s: %(value)s") % words
    return f"{_('Test') + ': ' if what == TEST else ''}{alert} ({until})"


def link_to(rule: AlertRule) -> str:
    model = "alertrule" if rule.organization_id else "sitealertrule"
    return settings.SITE_URL.rstrip("/") + reverse(f"admin:analytics_{model}_change", args=[rule.pk])


def body_of(rule: AlertRule, what: str, *, value: float, detail: str, about: UUID) -> dict[str, Any]:
    """What is posted. `text` is what chat servers show; `id` is the same when it comes twice."""
    return {
        "id": f"{about}:{what}", "event": f"alert_{what}", "text": sentence(rule, what, value),
        "condition": rule.condition, "value": value, "raise_at": rule.raise_at, "clear_at": rule.clears_at,
        "detail": detail, "organization": rule.organization.slug if rule.organization else None,
        "at": datetime.now(UTC).isoformat(), "link": link_to(rule),
    }  # fmt: skip


def deliver(rule_id: UUID, *, body: dict[str, Any]) -> None:
    """Post to the webhook that the rule has by now. Raises JobError: alert_refused (for good), alert_not_taken."""
    url = AlertRule.objects.filter(pk=rule_id).values_list("webhook_url", flat=True).first()
    if not url:
        return
    try:
        status = Fetcher(trusted=frozenset(settings.ALERT_ORIGINS), seconds=WAIT_SECONDS).post(url, json=body).status
    except FetchError as error:
        raise _failed(error.code, for_good=error.code == "blocked_address", detail=error.detail) from None
    if not 200 <= status < 300:
        raise _failed(str(status), for_good=status < 500 and status not in COME_AGAIN)


def _failed(answer: str, *, for_good: bool, detail: str = "") -> JobError:
    words = _("The webhook did not take this: %(answer)s") % {"answer": answer}
    return JobError("alert_refused" if for_good else "alert_not_taken", words, detail=detail, permanent=for_good)


def deliver_here() -> int:
    """Send what is due in this very process, because there may be no worker. Answers how many were taken up."""
    return sum(run_one(key) for key in _due())


def _due() -> Iterable[UUID]:
    mails = OutgoingMail.objects.filter(kind=MAIL).values("pk")
    ours = Q(kind="deliver_alert") | Q(kind="deliver_mail", subject_id__in=mails)
    due = Job.objects.filter(ours, state=JobState.QUEUED, available_at__lte=Now())
    return list(due.order_by("pk").values_list("pk", flat=True))
