"""``manage.py vendor_assets --check`` compares the vendored libraries with their hashes, ``--fetch`` renews them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.vendoring import VendoringFailed, changed_files, fetch_files


class Command(BaseCommand):
    help = "Checks the front-end libraries in static/vendor against vendor.json, or fetches them anew with npm."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--check", action="store_true", help="fail when a file is missing or changed")
        action.add_argument("--fetch", action="store_true", help="download with npm pack, verify, put in place")

    def handle(self, *args: Any, fetch: bool, **options: Any) -> None:
        root = settings.BASE_DIR / "static" / "vendor"
        if fetch:
            self._fetch(root)
        if changed := changed_files(root):
            raise CommandError("Missing or changed: " + ", ".join(str(path.relative_to(root)) for path in changed))
        self.stdout.write("All vendored files are as promised.")

    def _fetch(self, root: Path) -> None:
        try:
            for path in fetch_files(root):
                self.stdout.write(f"fetched {path.relative_to(root)}")
        except VendoringFailed as failure:
            raise CommandError(str(failure)) from failure
