import json
import random
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from core.ai.errors import AiError
from core.ai.ledger import Unaffordable
from core.tenancy import organization_scope
from knowledge.services.embedding import search_embedder
from knowledge.services.proving import Difference, differences, meant_otherwise, some_passages
from knowledge.written.indexing import written_items
from media_library.models import Media


class Command(BaseCommand):
    help = "Cut all transcripts, texts and files anew and compare; print each difference; exit 1 if any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="of this one only, by its slug")
        parser.add_argument("--embed", type=int, default=0, metavar="N", help="N vectors of each anew, which is paid")
        parser.add_argument("--json", action="store_true", help="one JSON object a difference")

    def handle(self, *, organization: str | None, embed: int, **options: Any) -> None:
        found = 0
        for owner in chosen_organizations(organization):
            with organization_scope(owner):
                for difference in _all(embed):
                    found += 1
                    line = json.dumps(asdict(difference), default=str) if options["json"] else str(difference)
                    self.stdout.write(line)
        self.stderr.write(f"{found} differences.")
        if found:
            sys.exit(1)


def _all(embed: int) -> Iterator[Difference]:
    """Of the organization in scope."""
    embedder = search_embedder()
    written = written_items().select_related("resource", "chapter")
    sources = [*Media.objects.select_related("transcript"), *written]
    for source in tqdm(sources, unit="source", disable=None):
        yield from differences(source, model=embedder.model if embedder else None)
    if embedder is None or not embed:
        return
    passages = some_passages(embedder.model, embed, chance=random.Random())  # noqa: S311
    try:
        with tqdm(total=len(passages), unit="passage", disable=None) as bar:
            yield from meant_otherwise(passages, embedder=embedder, say=bar.update)
    except (AiError, Unaffordable) as error:
        raise CommandError(f"The embedder does not answer: {error}") from error
