import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.management.choosing import chosen_organization
from core.ai.errors import AiError
from core.ai.ledger import Unaffordable
from knowledge.evaluation.files import BadLine
from knowledge.evaluation.report import Report, evaluated_in, evaluated_on, table
from knowledge.evaluation.running import UnknownSource


class Command(BaseCommand):
    help = "Ask questions whose answers are known, and tell how well search finds them: by words, meaning and both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("questions", type=Path, help="a line each: question, media or text, start, end (JSON)")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--organization", help="whose library is asked")
        where.add_argument("--corpus", type=Path, help="texts instead, a line each: id, title, text (JSON)")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, questions: Path, **options: Any) -> None:
        try:
            report = _report(questions, slug=options["organization"], corpus=options["corpus"])
        except (BadLine, UnknownSource, OSError) as error:
            raise CommandError(str(error)) from error
        except (AiError, Unaffordable) as error:
            raise CommandError(f"The embedder does not answer: {error}") from error
        self.stdout.write(json.dumps(asdict(report), default=str) if options["json"] else table(report))


def _report(questions: Path, *, slug: str | None, corpus: Path | None) -> Report:
    if corpus is not None:
        return evaluated_on(corpus, questions)
    return evaluated_in(chosen_organization(str(slug)), questions)
