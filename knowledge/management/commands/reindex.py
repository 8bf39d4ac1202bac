from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from core.ai.errors import AiError
from core.tenancy import every_organization, organization_scope
from knowledge.services.embedding import embed_passages
from knowledge.services.indexing import index_media
from media_library.models import Media


class Command(BaseCommand):
    help = "Bring passages and their vectors up to date with the transcripts. Safe to repeat and to interrupt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="only this one")
        parser.add_argument("--media", type=UUID, help="only this media item")

    def handle(self, *args: Any, organization: str | None, media: UUID | None, **options: Any) -> None:
        with every_organization(reason="the operator re-indexes the whole installation"):
            library = Media.objects.filter(transcript__isnull=False).order_by("pk")
            library = library.filter(organization__in=chosen_organizations(organization))
            library = library.filter(pk=media) if media else library
            keys = list(library.values_list("organization_id", "pk"))
        passages = 0
        try:
            for organization_id, media_id in tqdm(keys, unit="media", disable=None):
                with organization_scope(organization_id):
                    passages += index_media(media_id)
                    embed_passages(media_id)
        except AiError as error:
            raise CommandError(f"Words are indexed, but not all meanings: {error.message}") from error
        self.stdout.write(f"{passages} passages of {len(keys)} media items are up to date.")
