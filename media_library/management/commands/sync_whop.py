"""Bring the lessons of an organization's courses into its library."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_organization
from core.fetch import network_allowed
from core.identifiers import uuid7
from core.jobs import JobError, JobPostponed
from core.tenancy import organization_scope
from media_library.models import SourceAccount
from media_library.services.lessons import LessonAnswer
from media_library.services.syncing import foreseen_lessons, synchronize
from media_library.sources import SOURCES

HOST = SOURCES[__name__.rpartition("_")[2]]
LONGEST_PAUSE = 300.0  # seconds that the command waits by itself


class Command(BaseCommand):
    help = f"Bring lessons of {HOST.label} into the library, or what has changed of them; one line for each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, help="by its slug")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *, organization: str, dry_run: bool, json: bool, **options: Any) -> None:
        counts: Counter[str] = Counter()
        try:
            with organization_scope(chosen_organization(organization)), network_allowed():
                for answer in foreseen_lessons(HOST) if dry_run else self._synchronized():
                    counts[answer.outcome] += 1
                    self.stdout.write(_as_json(answer) if json else _in_words(answer))
        except (JobError, JobPostponed) as error:
            raise CommandError(str(error)) from error
        if not json:
            told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
            self.stdout.write(f"{told or 'no lessons'}{' (nothing was written)' if dry_run else ''}.")

    def _synchronized(self) -> Iterator[LessonAnswer]:
        """In the name of whoever gave the credentials. Goes on after a short pause. Raises JobError, JobPostponed."""
        account = SourceAccount.objects.filter(source=HOST.name).first()
        into = uuid7()
        while True:
            try:
                yield from synchronize(HOST, into=into, by=account and account.by)
                return
            except JobPostponed as pause:
                if pause.delay > LONGEST_PAUSE:
                    raise
                self.stderr.write(f"{pause} In {pause.delay:.0f} seconds.")
                time.sleep(pause.delay)


def _in_words(answer: LessonAnswer) -> str:
    return " ".join(filter(None, (f"{answer.outcome}:", answer.lesson.title or answer.lesson.key, answer.message)))


def _as_json(answer: LessonAnswer) -> str:
    told = {"lesson": answer.lesson.key, "title": answer.lesson.title, "outcome": answer.outcome, "code": answer.code}
    return json.dumps({**told, "message": answer.message, "media": str(answer.media.pk) if answer.media else None})
