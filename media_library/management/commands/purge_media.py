"""Remove archived media for good, files included."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from core.errors import Refused
from core.tenancy import organization_scope
from media_library.models import Media
from media_library.services.purging import archived_for, purge_media, refuse_purge


class Command(BaseCommand):
    help = "Remove archived media for good: those named by id, or all that were archived so long ago."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("media", nargs="*", type=UUID, help="ids")
        parser.add_argument("--archived-for", type=int, metavar="DAYS", help="all that were archived so long ago")
        parser.add_argument("--organization", help="only this one, by its slug")
        parser.add_argument("--dry-run", action="store_true", help="tell what would go")

    def handle(self, *, media: list[UUID], archived_for: int | None, organization: str | None, **options: Any) -> None:
        if bool(media) == (archived_for is not None):
            raise CommandError("Name media by id, or say --archived-for DAYS.")
        gone = 0
        for one in chosen_organizations(organization):
            with organization_scope(one):
                gone += sum(self._purge(row, **options) for row in tqdm(_chosen(media, archived_for), disable=None))
        self.stdout.write(f"{gone} media {'would go' if options['dry_run'] else 'purged'}.")

    def _purge(self, media: Media, *, dry_run: bool, **options: Any) -> bool:
        try:
            if dry_run:
                refuse_purge(media)
                self.stdout.write(f"{media.pk} {media}")
            else:
                purge_media(media, by=None)
        except Refused as refusal:
            self.stderr.write(f"{media.pk}: {refusal.message}")
            return False
        return True


def _chosen(ids: list[UUID], days: int | None) -> list[Media]:
    return list(Media.objects.filter(pk__in=ids) if days is None else archived_for(days))
