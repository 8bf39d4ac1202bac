"""Tell an organization's record store what it was not told yet."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.management.choosing import chosen_organization, day
from analytics.record_store import Failed
from analytics.services.record_stores import refused, store_here
from analytics.services.xapi_push import owe_past, push
from core.fetch import network_allowed
from core.tenancy import organization_scope


class Command(BaseCommand):
    help = "Push xAPI statements to an organization's record store; exit status 1 where it takes none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, help="by its slug")
        parser.add_argument("--from", dest="first", type=day, help="and all since that day, YYYY-MM-DD, once more")
        parser.add_argument("--to", dest="last", type=day, help="until that day")

    def handle(self, *, organization: str, first: date | None, last: date | None, **options: Any) -> None:
        with organization_scope(chosen_organization(organization)), network_allowed():
            store = store_here()
            if store is None:
                raise CommandError(f"{organization} has no record store. Name one in its back office.")
            if first or last:
                owe_past(store, first=first, last=last)
            try:
                pushed = push(store)
            except Failed as failure:
                raise CommandError(f"{failure.words} {failure.detail}".rstrip()) from failure
            waits = refused().count()
        self.stdout.write(f"{pushed.taken} statements told, {pushed.refused} refused, {waits} refused so far.")
