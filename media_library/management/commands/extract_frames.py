"""Take frames of a media item into a batch."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_organizations
from core.errors import Refused
from core.tenancy import organization_scope
from media_library.batches.extracting import Asked, estimate, extract_frames
from media_library.models import ExtractionMode, Media, UploadBatch


class Command(BaseCommand):
    help = "Take frames of a media item into a batch: told how many, then done by the workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("media", type=UUID, help="its id")
        parser.add_argument("--batch", type=UUID, required=True, help="the id of the batch")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--every", type=float, metavar="SECONDS", help="from one frame to the next")
        which.add_argument("--scenes", action="store_true", help="where the picture changes")
        which.add_argument("--at", type=float, metavar="SECOND", help="at one moment")
        parser.add_argument("--dry-run", action="store_true", help="tell how many there would be")

    def handle(self, *args: Any, media: UUID, batch: UUID, dry_run: bool, **options: Any) -> None:
        for organization in chosen_organizations(None):
            with organization_scope(organization):
                film = Media.objects.select_related("rendition").filter(pk=media).first()
                home = UploadBatch.objects.filter(pk=batch).first()
                if film is not None and home is not None:
                    return self._take(film, home, _asked(**options), dry_run=dry_run)
        raise CommandError("No organization has both this media item and this batch.")

    def _take(self, media: Media, batch: UploadBatch, asked: Asked, *, dry_run: bool) -> None:
        try:
            self.stdout.write(estimate(media, batch, asked).words)
            if not dry_run:
                self.stdout.write(f"{extract_frames(media, batch, asked, by=None).pk}")
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal


def _asked(*, every: float | None, scenes: bool, at: float | None, **options: Any) -> Asked:
    if scenes:
        return Asked(ExtractionMode.SCENES)
    return Asked(ExtractionMode.MOMENT if every is None else ExtractionMode.EVERY, every, at)
