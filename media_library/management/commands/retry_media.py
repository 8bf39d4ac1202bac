"""Give failed work on media its attempts again."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Q
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from accounts.models import Organization
from core.errors import Refused
from core.jobs.registry import kinds_of_steps
from core.tenancy import organization_scope
from media_library.models import Media, Status
from media_library.querysets import MediaQuerySet
from media_library.services.retrying import retry_media
from media_library.services.status import failed_step
from media_library.services.steps import retry_step


class Command(BaseCommand):
    help = "Retry failed media: all of it, that of one organization, or the media named by id."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("media", nargs="*", type=UUID, help="ids; without any, all media that failed")
        parser.add_argument("--organization", help="only this one, by its slug")
        parser.add_argument("--step", choices=kinds_of_steps(), help="only this step; all media in which it failed")

    def handle(self, *args: Any, media: list[UUID], organization: str | None, step: str | None, **options: Any) -> None:
        retried = sum(self._retry_in(one, media, step) for one in chosen_organizations(organization))
        self.stdout.write(f"{retried} media tried again.")

    def _retry_in(self, organization: Organization, ids: list[UUID], step: str | None) -> int:
        with organization_scope(organization):
            found: MediaQuerySet = Media.objects.present()
            failed = failed_step(step) if step else Q(status=Status.FAILED)
            found = found.filter(pk__in=ids) if ids else found.filter(failed)
            return sum(self._retry(media, step) for media in tqdm(list(found), disable=None))

    def _retry(self, media: Media, step: str | None) -> bool:
        try:
            if step:
                retry_step(media, step, by=None)
            else:
                retry_media(media)
            return True
        except Refused as refusal:
            self.stderr.write(f"{media.pk}: {refusal.message}")
            return False
