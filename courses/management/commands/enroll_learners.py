import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_account, chosen_organization
from core.errors import Refused
from core.tenancy import organization_scope
from courses.enrolling.answers import AnswerState
from courses.enrolling.rows import read_rows
from courses.services.enrollment_lists import chosen_course, enroll_list

TABLE = "{0.line:>5}  {0.state.value:<9} {0.email:<40} {0.course:<24} {0.message}"


class Command(BaseCommand):
    help = "Let a list of people into courses. Exits with 1 where the list cannot be read, or a row was refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="its slug")
        parser.add_argument("path", help="a CSV file (email, course, ends_at, action), or - for standard input")
        parser.add_argument("--course", default="", help="slug, for rows that name none")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--by", help="address of who does it; written down in the activity")

    def handle(self, *args: Any, organization: str, path: str, course: str, **options: Any) -> None:
        by = chosen_account(options["by"]) if options["by"] else None
        with organization_scope(chosen_organization(organization)):
            try:
                rows = read_rows(sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes())
                answers = enroll_list(rows, by=by, course=chosen_course(course), dry_run=options["dry_run"])
            except (Refused, OSError) as refusal:
                raise CommandError(str(refusal)) from refusal
        for one in answers:
            self.stdout.write(TABLE.format(one).rstrip())
        if any(one.state is AnswerState.REFUSED for one in answers):
            sys.exit(1)
