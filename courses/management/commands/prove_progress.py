"""Recompute all progress and say where what is stored differs."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from accounts.management.choosing import chosen_organizations
from core.tenancy import organization_scope
from courses.models import Course
from courses.services.proving import Difference, differences


class Command(BaseCommand):
    help = "Recompute progress, completions, grades, certificates and places; print each difference; exit 1 if any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", help="of this one only, by its slug")
        parser.add_argument("--json", action="store_true", help="one JSON object a difference")

    def handle(self, *, organization: str | None, **options: Any) -> None:
        courses = found = 0
        for owner in chosen_organizations(organization):
            with organization_scope(owner):
                for course in tqdm(list(Course.objects.all()), unit="course", disable=None):
                    courses += 1
                    for difference in differences(course):
                        found += 1
                        self.stdout.write(_line(difference, as_json=options["json"]))
        self.stderr.write(f"{courses} courses, {found} differences.")
        if found:
            sys.exit(1)


def _line(difference: Difference, *, as_json: bool) -> str:
    return json.dumps({**asdict(difference), "row": str(difference.row)}) if as_json else str(difference)
