"""Bring in videos from elsewhere: addresses, CSV, JSON, or a folder of Markdown."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.management.choosing import chosen_member
from accounts.permissions import can
from core.errors import Refused
from core.fetch import network_allowed
from core.tenancy import organization_scope
from media_library.importing import Given, read_path, read_standard_input
from media_library.models import ImportFormat
from media_library.services.import_report import Outcome, bring_all, foreseen, is_all_refused


class Command(BaseCommand):
    help = "Import videos of hosts. Exits with 1 where nothing could be read, or every row was refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="a file, a folder of Markdown, or - for standard input")
        parser.add_argument("--organization", required=True, help="its slug")
        parser.add_argument("--as", required=True, dest="email", help="who brings them in: a member who may")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object a row")
        parser.add_argument("--format", default="", choices=ImportFormat.values, help="where the name does not tell")

    def handle(self, *args: Any, path: str, organization: str, email: str, **options: Any) -> None:
        member = chosen_member(email, organization)
        if not can(member.user, "content.edit", member.organization):
            raise CommandError(f"{email} may not add media to {organization}.")
        try:
            given = _given(path, options["format"])
            with organization_scope(member.organization), network_allowed():
                outcomes = foreseen(given) if options["dry_run"] else _bring(given, member.user)
        except (Refused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(outcomes, as_json=options["json"])
        if is_all_refused(outcomes):
            sys.exit(1)

    def _tell(self, outcomes: list[Outcome], *, as_json: bool) -> None:
        for one in outcomes:
            words = f"{one.position}: {one.state}: {one.address} {one.message}".rstrip()
            self.stdout.write(json.dumps(asdict(one), default=str) if as_json else words)
        counts = Counter(one.state for one in outcomes)
        self.stderr.write(", ".join(f"{count} {state}" for state, count in sorted(counts.items())))


def _given(path: str, format: str) -> Given:
    if path == "-":
        return read_standard_input(sys.stdin.buffer, format=format)
    return read_path(Path(path), format=format)


def _bring(given: Given, user: Any) -> list[Outcome]:
    with tqdm(total=len(given.rows), disable=None) as bar:
        return bring_all(given, by=user, tell=bar.update)
