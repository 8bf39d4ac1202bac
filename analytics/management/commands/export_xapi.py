"""Write what was watched as xAPI statements of the video profile."""

import gzip
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.management.choosing import chosen_organization, day
from analytics.services.xapi_export import Export, Teller
from core.tenancy import organization_scope


class Command(BaseCommand):
    help = "Export visits and completions as xAPI statements, one a line; the same ones have the same ids each time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, help="by its slug")
        parser.add_argument("--from", dest="first", type=day, help="first day, YYYY-MM-DD, in its time zone")
        parser.add_argument("--to", dest="last", type=day, help="last day")
        parser.add_argument("--out", default="-", help="a file, packed where it ends in .gz; - for standard output")
        parser.add_argument("--emails", action="store_true", help="name learners by address, not by pseudonym")

    def handle(self, *, organization: str, first: date | None, last: date | None, out: str, **options: Any) -> None:
        if first and last and last < first:
            raise CommandError("The last day lies before the first one.")
        owner = chosen_organization(organization)
        with organization_scope(owner), _opened(out) as file:
            export = Export(Teller(owner, with_addresses=options["emails"]), first=first, last=last)
            written = _write(export, file)
        self.stderr.write(f"{written} statements written.")


def _write(export: Export, file: IO[bytes]) -> int:
    written = 0
    with tqdm(total=export.rows(), unit="visit", disable=None) as bar:
        for statement in export.statements(told=bar.update):
            file.write(json.dumps(statement, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            written += 1
    return written


@contextmanager
def _opened(out: str) -> Iterator[Any]:
    """Raises CommandError where nothing can be written there."""
    if out == "-":
        yield sys.stdout.buffer
        return
    try:
        with gzip.open(out, "wb") if out.endswith(".gz") else Path(out).open("wb") as file:
            yield file
    except OSError as error:
        raise CommandError(str(error)) from error
