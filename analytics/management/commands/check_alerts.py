import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analytics.models import AlertRule
from analytics.operation.conditions import words_for
from analytics.services.alert_notices import deliver_here
from analytics.services.alerts import check_rules
from core.tenancy import every_organization


class Command(BaseCommand):
    help = "Look at all alerts, and send what there is to tell without a worker. Exit status 1 where one is raised."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON list instead of lines.")

    def handle(self, *args: Any, **options: Any) -> None:
        with every_organization(reason="the operator looks at the alerts of all"):
            rules = check_rules()
            lines = [_line(rule) for rule in rules]
        deliver_here()
        self.stdout.write(json.dumps([_facts(rule) for rule in rules]) if options["json"] else "\n".join(lines))
        if any(rule.raised_at for rule in rules):
            sys.exit(1)


def _line(rule: AlertRule) -> str:
    whose = rule.organization.slug if rule.organization else "site"
    return f"{_state(rule):<7} {whose:<12} {rule}: {words_for(rule, rule.last_value or 0)}"


def _facts(rule: AlertRule) -> dict[str, Any]:
    whose = {"id": str(rule.pk), "organization_id": rule.organization_id and str(rule.organization_id)}
    return {**whose, "condition": rule.condition, "state": _state(rule), "value": rule.last_value}


def _state(rule: AlertRule) -> str:
    return "raised" if rule.raised_at else "ok"
