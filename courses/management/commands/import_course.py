import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_member
from accounts.permissions import can
from core.errors import Refused
from core.tenancy import organization_scope
from courses.services.importing import Imported, import_course


class Command(BaseCommand):
    help = "Bring in a course from a file that export_course wrote, as a draft. Exits with 1 where it is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="its slug")
        parser.add_argument("path", help="the zip file")
        parser.add_argument("--as", required=True, dest="email", help="who brings it in: a member who may")
        parser.add_argument("--dry-run", action="store_true", help="say what would come, write nothing")
        parser.add_argument("--json", action="store_true", help="answer one JSON object")

    def handle(self, *args: Any, organization: str, path: str, email: str, **options: Any) -> None:
        member = chosen_member(email, organization)
        if not can(member.user, "content.edit", member.organization):
            raise CommandError(f"{email} may not add courses to {organization}.")
        try:
            with organization_scope(member.organization), Path(path).open("rb") as file:
                answer = import_course(file, by=member.user, dry_run=options["dry_run"])
        except (Refused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(answer, as_json=options["json"])

    def _tell(self, answer: Imported, *, as_json: bool) -> None:
        counts = asdict(replace(answer, course=None)) | {"course": answer.course.slug if answer.course else None}
        lines = [f"{name}: {', '.join(told) if isinstance(told, list) else told}" for name, told in counts.items()]
        self.stdout.write(json.dumps(counts) if as_json else "\n".join(lines))
