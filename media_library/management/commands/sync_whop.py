"""Bring the lessons of an organization's courses into its library."""

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_organization
from core.fetch import network_allowed
from core.jobs import JobPostponed
from core.tenancy import organization_scope
from media_library.services.lessons import LessonAnswer, sync_lessons
from media_library.sources import SOURCES, SourceError

HOST = SOURCES[__name__.rpartition("_")[2]]


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
                for answer in sync_lessons(HOST, by=None, dry_run=dry_run):
                    counts[answer.outcome] += 1
                    self.stdout.write(_as_json(answer) if json else _in_words(answer))
        except SourceError as error:
            raise CommandError(error.message(HOST.label)) from error
        except JobPostponed as postponed:
            raise CommandError(f"{postponed} In {postponed.delay:.0f} seconds it may be asked again.") from postponed
        if not json:
            told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
            self.stdout.write(f"{told or 'no lessons'}{' (nothing was written)' if dry_run else ''}.")


def _in_words(answer: LessonAnswer) -> str:
    return " ".join(filter(None, (f"{answer.outcome}:", answer.lesson.title or answer.lesson.key, answer.message)))


def _as_json(answer: LessonAnswer) -> str:
    told = {"lesson": answer.lesson.key, "title": answer.lesson.title, "outcome": answer.outcome, "code": answer.code}
    return json.dumps({**told, "message": answer.message, "media": str(answer.media.pk) if answer.media else None})
