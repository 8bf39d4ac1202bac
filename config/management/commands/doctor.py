import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.doctor import Finding, examine

MARKS = {True: "ok  ", False: "FAIL", None: "off "}


class Command(BaseCommand):
    help = "Tell part by part whether this installation works. Exit status 0 only if every required part does."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON list instead of lines.")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        self.stdout.write(
            json.dumps([asdict(finding) for finding in findings]) if options["json"] else _lines(findings)
        )
        if any(finding.works is False for finding in findings):
            sys.exit(1)


def _lines(findings: list[Finding]) -> str:
    return "\n".join(f"{_mark(finding)} {finding.part:<11} {finding.words}" for finding in findings)


def _mark(finding: Finding) -> str:
    return "WARN" if finding.warns else MARKS[finding.works]
