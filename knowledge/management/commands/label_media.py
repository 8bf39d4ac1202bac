from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from core.ai.errors import AiError
from core.tenancy import every_organization, organization_scope
from knowledge.labels.labelling import label_media
from media_library.models import Media


class Command(BaseCommand):
    help = "Label media by what is said in it: by a language model where one is configured, else by counting words."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="only this one")
        parser.add_argument("--media", type=UUID, help="only this media item")
        parser.add_argument("--anew", action="store_true", help="also what has labels of its present words already")

    def handle(self, *args: Any, organization: str | None, media: UUID | None, anew: bool, **options: Any) -> None:
        with every_organization(reason="the operator labels the whole installation"):
            library = Media.objects.filter(transcript__isnull=False).order_by("pk")
            library = library.filter(organization__in=chosen_organizations(organization))
            library = library.filter(pk=media) if media else library
            keys = list(library.values_list("organization_id", "pk"))
        labelled = 0
        try:
            for organization_id, media_id in tqdm(keys, unit="media", disable=None):
                with organization_scope(organization_id):
                    labelled += label_media(media_id, anew=anew)
        except AiError as error:
            raise CommandError(f"{labelled} media items were labelled, then: {error.message}") from error
        self.stdout.write(f"{labelled} of {len(keys)} media items were labelled.")
