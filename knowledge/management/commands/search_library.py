from argparse import ArgumentParser
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.management.choosing import chosen_organization
from accounts.models import Membership
from core.errors import Refused
from core.tenancy import organization_scope
from knowledge.services.search import SearchResult, search
from knowledge.visible import Filters
from media_library.wording import clock_time


class Command(BaseCommand):
    help = "Ask the library of an organization, as its owner would."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="first part of its addresses")
        parser.add_argument("query")
        parser.add_argument("--course", default="", metavar="SLUG", help="only in this course")
        parser.add_argument("--media", type=UUID, metavar="KEY", help="only in this media item")
        parser.add_argument("--speaker", default="", help="only what this person says")
        parser.add_argument("--language", default="", metavar="TAG", help="such as en")
        parser.add_argument("--label", default="", metavar="SLUG", help="only media about this")
        parser.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--until", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, organization: str, query: str, **options: Any) -> None:
        filters = Filters(**{named.name: options[named.name] for named in fields(Filters)})
        here = chosen_organization(organization)
        maker = Membership.objects.making().filter(organization=here).select_related("user").first()
        if maker is None:
            raise CommandError("Nobody makes content in this organization.")
        try:
            with organization_scope(here):
                self._show(search(query, user=maker.user, organization=here, filters=filters))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _show(self, result: SearchResult) -> None:
        self.stdout.write(f"{len(result)} moments, found by {result.manner.value.replace('_', ' ')}")
        if result.corrected:
            self.stdout.write(f"for: {result.corrected}")
        for moment in result.moments:
            self.stdout.write(f"{clock_time(moment.start):>8}  {moment.media.title}: {moment.text}")
        for reading in result.readings:
            where = f"page {reading.page}" if reading.page else "text"
            self.stdout.write(f"{where:>8}  {reading.item.title}: {reading.text}")
