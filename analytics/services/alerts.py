"""Alert rules: looking whether one is raised or over, once, whoever looks."""

import logging
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from analytics.models import AlertIncident, AlertRule, Condition
from analytics.operation.conditions import Reading, read
from analytics.services.alert_notices import CLEARED, RAISED, tell
from core.tenancy import every_organization, organization_scope

#: Whoever did not look for so long knows nothing of what was in between.
UNSEEN = timedelta(minutes=10)
#: What a new installation watches: condition, threshold, minutes it must have lasted, on.
DEFAULTS = (
    (Condition.WORKER_SILENCE, 300, 0, True),
    (Condition.WAITING_TIME, 1800, 0, True),
    (Condition.FAILURE_SHARE, 50, 10, True),
    (Condition.DISK_SHARE, 10, 0, True),
    (Condition.COST_DAY, 20, 0, False),
)
logger = logging.getLogger(__name__)


def check_rules(now: datetime | None = None) -> list[AlertRule]:
    """Look at every rule that is on; answers them as they are then. One that cannot be measured keeps no other back."""
    rules = AlertRule.objects.filter(is_active=True).values_list("pk", flat=True)
    return [rule for key in rules if (rule := _check_safely(key, now or timezone.now()))]


def _check_safely(key: UUID, now: datetime) -> AlertRule | None:
    try:
        return check_rule(key, now=now)
    except Exception:
        logger.exception("An alert could not be measured: %s", key)
        return None


@transaction.atomic
def check_rule(key: UUID, *, now: datetime) -> AlertRule | None:
    """Raise the rule or end it, and tell so, in one transaction. None where somebody else is looking at it just now."""
    rule = AlertRule.objects.select_for_update(skip_locked=True).filter(pk=key, is_active=True).first()
    if rule is None:
        return None
    with _scope_of(rule.organization_id):
        reading = read(rule)
    _judge(rule, reading, now)
    rule.last_value, rule.checked_at = reading.value, now
    rule.save(update_fields=["last_value", "checked_at", "over_since", "raised_at"])
    return rule


def _judge(rule: AlertRule, reading: Reading, now: datetime) -> None:
    if rule.raised_at is not None:
        _follow(rule, reading, now)
    elif not rule.is_over(reading.value):
        rule.over_since = None
    elif now - _over_since(rule, now) >= timedelta(minutes=rule.after_minutes):
        _raise(rule, reading, now)


def _over_since(rule: AlertRule, now: datetime) -> datetime:
    is_seen = rule.checked_at is not None and now - rule.checked_at <= UNSEEN
    rule.over_since = (rule.over_since if is_seen else None) or now
    return rule.over_since


def _raise(rule: AlertRule, reading: Reading, now: datetime) -> None:
    rule.raised_at = now
    values = {"raised_value": reading.value, "worst_value": reading.value, "detail": reading.detail[:500]}
    incident = AlertIncident.objects.create(
        rule_id=rule.pk, organization_id=rule.organization_id, raised_at=now, **values
    )
    tell(rule, RAISED, value=reading.value, detail=reading.detail, about=incident.pk)


def _follow(rule: AlertRule, reading: Reading, now: datetime) -> None:
    incident = rule.incidents.get(cleared_at=None)
    worse = min if rule.falls else max
    incident.worst_value = worse(incident.worst_value, reading.value)
    if rule.is_calm(reading.value):
        incident.cleared_at, incident.cleared_value = now, reading.value
        rule.raised_at = rule.over_since = None
        tell(rule, CLEARED, value=reading.value, about=incident.pk)
    incident.save(update_fields=["worst_value", "cleared_at", "cleared_value"])


def forget_state(rule: AlertRule) -> None:
    """What it watches is another thing now, or nothing: an incident ends without a word. Does not save the rule."""
    rule.incidents.filter(cleared_at=None).update(cleared_at=timezone.now())
    rule.raised_at = rule.over_since = rule.last_value = rule.checked_at = None


@transaction.atomic
def save_rule(rule: AlertRule, *, changed: list[str]) -> AlertRule:
    """Write down what somebody decided; `changed` are the names of the fields that are different now."""
    if {"condition", "is_active"} & set(changed):
        forget_state(rule)
    rule.save()
    return rule


def make_default_rules() -> int:
    """Those of a new installation; where there is any rule of the site, somebody has decided. Answers how many."""
    if AlertRule.objects.filter(organization=None).exists():
        return 0
    rules = [
        AlertRule(condition=condition, raise_at=threshold, after_minutes=minutes, is_active=is_on)
        for condition, threshold, minutes, is_on in DEFAULTS
    ]
    return len(AlertRule.objects.bulk_create(rules))


def raised_rules(organization_id: UUID | None) -> list[AlertRule]:
    """Those of an organization, or where there is none those of the site, that are raised now; the latest first."""
    with _scope_of(organization_id):
        here = AlertRule.objects.filter(organization=organization_id, is_active=True)
        return list(here.exclude(raised_at=None).order_by("-raised_at"))


def _scope_of(organization_id: UUID | None) -> AbstractContextManager[Any]:
    if organization_id:
        return organization_scope(organization_id)
    return every_organization(reason="rules of the site are about the whole installation")
