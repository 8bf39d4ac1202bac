from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations, day
from accounts.models import Organization
from analytics.services.rollup import roll_up
from core.errors import Refused
from core.tenancy import organization_scope


class Command(BaseCommand):
    help = (
        "Add up what happened, by default on the days touched since the last run, yesterday and today. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="only this one")
        parser.add_argument("--from", dest="first", type=day, help="first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="last", type=day, help="last day, by default today")
        parser.add_argument("--rebuild", action="store_true", help="compute every day anew, touched or not")

    def handle(self, *, organization: str | None, rebuild: bool, **options: Any) -> None:
        first, last = options["first"], options["last"]
        if first and last and last < first:
            raise CommandError("The last day lies before the first one.")
        for here in chosen_organizations(organization):
            with organization_scope(here):
                days = _rolled_up(here, first=first, last=last, rebuild=rebuild)
            self.stdout.write(f"{here.name}: {len(days)} day{'' if len(days) == 1 else 's'} rolled up.")


def _rolled_up(organization: Organization, **which: Any) -> list[date]:
    try:
        return roll_up(organization, **which, shown=_shown)
    except Refused as refusal:
        raise CommandError(refusal.message) from refusal


def _shown(days: Iterable[date]) -> Iterable[date]:
    return tqdm(days, unit="day", disable=None)
