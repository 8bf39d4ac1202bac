"""What the owners of an organization decide about its alerts. What follows from it: services.alerts."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Organization
from analytics.models import AlertRule
from analytics.services.alerts import save_rule
from core.audit import record


def make_rule(organization: Organization, *, by: Any, values: Mapping[str, Any]) -> AlertRule:
    """Raises ValidationError for what cannot be watched."""
    return _decide(AlertRule(organization=organization), "added", by=by, values=values)


def change_rule(rule: AlertRule, *, by: Any, values: Mapping[str, Any]) -> AlertRule:
    """One that watches another thing now, or is switched, forgets what it saw. Raises ValidationError."""
    return _decide(rule, "changed", by=by, values=values)


@transaction.atomic
def delete_rule(rule: AlertRule, *, by: Any) -> None:
    """With all that it has told."""
    record("deleted", by=by, row=rule)
    rule.delete()


@transaction.atomic
def _decide(rule: AlertRule, action: str, *, by: Any, values: Mapping[str, Any]) -> AlertRule:
    changed = [name for name, value in values.items() if getattr(rule, name) != value]
    for name in changed:
        setattr(rule, name, values[name])
    rule.full_clean()
    save_rule(rule, changed=changed)
    record(action, by=by, row=rule, detail=", ".join(changed))
    return rule
