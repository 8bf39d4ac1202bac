from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from core.ai.errors import AiError
from core.tenancy import every_organization, organization_scope
from knowledge.models import Passage
from knowledge.services.embedding import embed
from knowledge.services.indexing import index_media
from knowledge.written.indexing import index_items, written_items
from media_library.models import Media


class Source(NamedTuple):
    """A media item, or an item of a course with something to read; never both."""

    organization_id: UUID
    media_id: UUID | None = None
    item_id: UUID | None = None

    def bring_up_to_date(self) -> int:
        """Answers how many passages there are. Raises AiError."""
        passages = index_media(self.media_id) if self.media_id else index_items([key for key in (self.item_id,) if key])
        embed(Passage.objects.filter(media=self.media_id, item=self.item_id), subject_id=self.media_id)
        return passages


class Command(BaseCommand):
    help = "Bring passages and their vectors up to date with what is said and written. Safe to repeat and to interrupt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="only this one")
        parser.add_argument("--media", type=UUID, help="only this media item")

    def handle(self, *args: Any, organization: str | None, media: UUID | None, **options: Any) -> None:
        with every_organization(reason="the operator re-indexes the whole installation"):
            sources = list(_sources(organization, media))
        passages = 0
        try:
            for source in tqdm(sources, unit="source", disable=None):
                with organization_scope(source.organization_id):
                    passages += source.bring_up_to_date()
        except AiError as error:
            raise CommandError(f"Words are indexed, but not all meanings: {error.message}") from error
        films = sum(1 for source in sources if source.media_id)
        written = len(sources) - films
        self.stdout.write(f"{passages} passages of {films} media items and {written} texts and files are up to date.")


def _sources(organization: str | None, media: UUID | None) -> Iterator[Source]:
    here = chosen_organizations(organization)
    library = Media.objects.filter(transcript__isnull=False, organization__in=here).order_by("pk")
    library = library.filter(pk=media) if media else library
    yield from (Source(where, media_id=key) for where, key in library.values_list("organization_id", "pk"))
    if not media:
        written = written_items().filter(organization__in=here).order_by("pk")
        yield from (Source(where, item_id=key) for where, key in written.values_list("organization_id", "pk"))
