import shutil
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_organization
from core.errors import Refused
from core.tenancy import organization_scope
from courses.models import Course
from courses.services.exporting import export_course, export_name


class Command(BaseCommand):
    help = "Write a course into a zip file that any Lectern imports. An existing file is not overwritten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="its slug")
        parser.add_argument("course", help="its slug")
        parser.add_argument("--output", help="a new file, or - for standard output; <slug>.zip unless given")
        parser.add_argument("--with-media", action="store_true", help="with the original files of uploaded media")

    def handle(self, *args: Any, organization: str, course: str, **options: Any) -> None:
        with organization_scope(chosen_organization(organization)), tempfile.TemporaryFile() as file:
            found = Course.objects.filter(slug=course).first()
            if found is None:
                raise CommandError(f"There is no course {course!r} in {organization}.")
            output = options["output"] or export_name(found)
            try:
                export_course(found, to=file, with_media=options["with_media"])
                file.seek(0)
                with nullcontext(sys.stdout.buffer) if output == "-" else Path(output).open("xb") as target:
                    shutil.copyfileobj(file, target)
            except (Refused, OSError) as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stderr.write(f"“{found}” was written to {output}.")
