"""Remove what nobody needs any more from the storage and from this machine."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from core.tenancy import every_organization, organization_scope
from media_library.batches.unused import clean_batches
from media_library.services.abandoned import Abandoned
from media_library.services.cleaning import clean_machine, clean_organization
from media_library.services.leftovers import Leftover
from media_library.wording import words_for_size


class Command(BaseCommand):
    help = "Remove superseded renditions, files that no row names, unused batches, and what dead work left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="tell what would go")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        gone = []
        for one in tqdm(_all(dry_run=dry_run), disable=None, unit=" files"):
            gone.append(one.size_bytes)
            if dry_run:
                self.stdout.write(f"{one.size_bytes} {one.name}")
        self._clean_batches(dry_run=dry_run)
        done = "would go" if dry_run else "removed"
        self.stdout.write(f"{len(gone)} files {done}, {words_for_size(sum(gone))}.")

    def _clean_batches(self, *, dry_run: bool) -> None:
        """Only what was warned of long ago goes; see README. Silent where there is none."""
        warned = 0
        for organization in chosen_organizations(None):
            with organization_scope(organization):
                cleaned = clean_batches(dry_run=dry_run)
            warned += len(cleaned.warned)
            for batch in cleaned.gone:
                self.stdout.write(f"batch {organization.slug}/{batch.folder}")
            for batch in cleaned.warned:
                self.stdout.write(f"warned {organization.slug}/{batch.folder}")
        if warned:
            batches = "1 batch" if warned == 1 else f"{warned} batches"
            self.stdout.write(f"{batches} would be warned of." if dry_run else f"{batches} warned of.")


def _all(*, dry_run: bool) -> Iterator[Leftover | Abandoned]:
    for organization in chosen_organizations(None):
        with organization_scope(organization):
            yield from clean_organization(dry_run=dry_run)
    with every_organization(reason="what lies on this machine belongs to uploads and jobs of anybody"):
        yield from clean_machine(dry_run=dry_run)
