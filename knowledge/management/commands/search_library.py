from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.management.choosing import chosen_organization
from accounts.models import Membership
from core.errors import Refused
from core.tenancy import organization_scope
from knowledge.services.search import SearchResult, search
from media_library.wording import clock_time


class Command(BaseCommand):
    help = "Ask the library of an organization, as its owner would."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="first part of its addresses")
        parser.add_argument("query")

    def handle(self, *args: Any, organization: str, query: str, **options: Any) -> None:
        here = chosen_organization(organization)
        maker = Membership.objects.making().filter(organization=here).select_related("user").first()
        if maker is None:
            raise CommandError("Nobody makes content in this organization.")
        try:
            with organization_scope(here):
                self._show(search(query, user=maker.user, organization=here))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _show(self, result: SearchResult) -> None:
        self.stdout.write(f"{len(result.moments)} moments, found by {result.manner.value.replace('_', ' ')}")
        for moment in result.moments:
            self.stdout.write(f"{clock_time(moment.start):>8}  {moment.media.title}: {moment.text}")
