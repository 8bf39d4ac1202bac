"""Read recorded video statements and say what each learner has covered of each video."""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.management.choosing import chosen_organization
from analytics.services.xapi_import import Summary, coverages
from analytics.services.xapi_report import COLUMNS, as_json, in_words, summary_as_json, summary_in_words
from analytics.services.xapi_store import store_history
from analytics.xapi.gathering import Gathered, Pair, gather
from analytics.xapi.lines import Statement, Tally, statements_in
from core.tenancy import organization_scope


class Command(BaseCommand):
    help = "Coverage by learner and video in recorded xAPI video statements; writes nothing unless --store is given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JSON lines, plain or gzip")
        parser.add_argument("--organization", help="whose media and learners these are, by its slug")
        parser.add_argument("--store", action="store_true", help="add it to what its learners have seen")
        parser.add_argument("--limit", type=int, help="read so many statements at most")
        parser.add_argument("--json", action="store_true", help="one JSON object a pair, and one with the summary")

    def handle(self, *, files: list[Path], organization: str | None, store: bool, **options: Any) -> None:
        if store and not organization:
            raise CommandError("To store, name the --organization whose learners these are.")
        owner = chosen_organization(organization) if organization else None
        tally = Tally()
        pairs = gather(islice(_read(files, tally), options["limit"]))
        self._tell(pairs, tally, json=options["json"])
        if store and owner:
            with organization_scope(owner):
                stored = store_history(pairs, owner)
            self.stderr.write(str(stored))

    def _tell(self, pairs: dict[Pair, Gathered], tally: Tally, *, json: bool) -> None:
        summary = Summary()
        if not json:
            self.stdout.write(COLUMNS)
        for found in coverages(pairs):
            summary.count(found)
            self.stdout.write(as_json(found) if json else in_words(found))
        self.stdout.write(summary_as_json(summary, tally) if json else summary_in_words(summary, tally))
        for words in tally.told:
            self.stderr.write(words)


def _read(files: list[Path], tally: Tally) -> Iterator[Statement]:
    """Raises CommandError for a file that cannot be read."""
    try:
        total = sum(path.stat().st_size for path in files)
        with tqdm(total=total, unit="B", unit_scale=True, disable=None) as bar:
            yield from chain.from_iterable(statements_in(path, tally, passed=bar.update) for path in files)
    except OSError as error:
        raise CommandError(str(error)) from error
