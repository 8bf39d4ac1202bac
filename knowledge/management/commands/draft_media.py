from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.management.choosing import chosen_organization
from core.errors import Refused
from core.tenancy import organization_scope
from knowledge.drafting.generating import generate_draft
from knowledge.models import DraftKind
from media_library.models import Media


class Command(BaseCommand):
    help = "Have notes, a quiz or chapters drafted from what is said, in the background. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="its slug")
        parser.add_argument("kind", choices=DraftKind.values)
        parser.add_argument("media", type=UUID, nargs="*", help="media items; left out: all with words and without one")

    def handle(self, *args: Any, organization: str, kind: str, media: list[UUID], **options: Any) -> None:
        with organization_scope(chosen_organization(organization)):
            chosen = Media.objects.filter(transcript__words__gt=0).order_by("pk")
            chosen = chosen.filter(pk__in=media) if media else chosen.exclude(drafts__kind=kind)
            found = list(chosen.select_related("transcript"))
            if missing := set(media) - {one.pk for one in found}:
                raise CommandError(f"There is no media with words here: {', '.join(map(str, sorted(missing)))}.")
            try:
                drafts = [generate_draft(one, kind, by=None) for one in found]
            except Refused as refusal:
                raise CommandError(refusal.message) from refusal
        for draft in drafts:
            self.stdout.write(f"{draft.pk} {draft.media}")
        self.stdout.write(f"{len(drafts)} drafts ({kind}) are being written.")
