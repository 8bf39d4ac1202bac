"""Recompute all rolled up figures from events and say where what is stored differs."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from analytics.services.proving import Difference, days_to_prove, differences
from core.tenancy import organization_scope


class Command(BaseCommand):
    help = "Recompute the figures of each day from its events; print each difference; exit 1 if any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", help="of this one only, by its slug")
        parser.add_argument("--json", action="store_true", help="one JSON object a difference")

    def handle(self, *, organization: str | None, **options: Any) -> None:
        proven = waited = found = 0
        for owner in chosen_organizations(organization):
            with organization_scope(owner):
                days, waiting = days_to_prove(owner)
                proven, waited = proven + len(days), waited + len(waiting)
                for difference in differences(owner, tqdm(days, unit="day", disable=None)):
                    found += 1
                    self.stdout.write(_line(difference, as_json=options["json"]))
        self.stderr.write(f"{proven} days, {found} differences. {waited} days wait to be rolled up.")
        if found:
            sys.exit(1)


def _line(difference: Difference, *, as_json: bool) -> str:
    return json.dumps(asdict(difference), default=str) if as_json else str(difference)
