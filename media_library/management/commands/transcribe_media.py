"""Look for the words of media once more, free places first."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.management.choosing import chosen_organization
from core.errors import Refused
from core.tenancy import organization_scope
from media_library.models import Media
from media_library.querysets import MediaQuerySet
from media_library.services.transcribing import asked_of_host, look_for_words, without_words


class Command(BaseCommand):
    help = "Put the search for words in line again: for media without words, or named by id. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("media", nargs="*", type=UUID, help="ids; without any, all media without words")
        parser.add_argument("--organization", required=True, help="whose, by its slug")
        parser.add_argument("--missing", action="store_true", help="of those named, only what has no words")
        parser.add_argument("--from-host", action="store_true", help="what has its words from a host, or may have")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *, media: list[UUID], organization: str, missing: bool, from_host: bool, **options: Any) -> None:
        outcome: dict[str, int] = {"queued": 0, "under_way": 0, "refused": 0}
        with organization_scope(chosen_organization(organization)):
            rows = list(_chosen(media, missing=missing, from_host=from_host))
            if unknown := set(media) - set(Media.objects.filter(pk__in=media).values_list("pk", flat=True)):
                raise CommandError(f"There is no media {', '.join(sorted(map(str, unknown)))}.")
            for row in tqdm(rows, unit="media", disable=None):
                outcome[self._look(row)] += 1
        words = "{queued} put in line, {under_way} in line already, {refused} refused.".format(**outcome)
        self.stdout.write(json.dumps(outcome) if options["json"] else words)

    def _look(self, media: Media) -> str:
        try:
            return "queued" if look_for_words(media, by=None) else "under_way"
        except Refused as refusal:
            self.stderr.write(f"{media.pk}: {refusal.message}")
            return "refused"


def _chosen(ids: list[UUID], *, missing: bool, from_host: bool) -> MediaQuerySet:
    found: MediaQuerySet = Media.objects.filter(pk__in=ids) if ids else Media.objects.present()
    found = asked_of_host(found) if from_host else found
    return without_words(found) if missing or not (ids or from_host) else found
