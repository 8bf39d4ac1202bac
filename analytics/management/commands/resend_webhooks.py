from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand

from accounts.management.choosing import chosen_organizations, day
from analytics.models import Delivery
from analytics.services.deliveries import resend_missed
from core.tenancy import organization_scope


class Command(BaseCommand):
    help = "Send webhooks again that were not taken: what failed, and what was kept while they were switched off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="only this one")
        parser.add_argument("--since", type=day, help="only what happened from this day on, YYYY-MM-DD")

    def handle(self, *args: Any, organization: str | None, since: date | None, **options: Any) -> None:
        for here in chosen_organizations(organization):
            with organization_scope(here):
                missed = Delivery.objects.all()
                if since:
                    missed = missed.filter(occurred_at__gte=datetime.combine(since, time(), here.zone))
                count = resend_missed(missed, by=None)
            self.stdout.write(f"{here.name}: {count} sent again.")
