import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_account
from accounts.services.exports import write_archive


class Command(BaseCommand):
    help = "Write all data held about somebody into a zip file that only you can read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="A new file.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = chosen_account(options["email"])
        try:
            handle = os.open(options["output"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        with os.fdopen(handle, "wb") as file:
            write_archive(file, user)
        self.stdout.write(f"{options['output']} holds all data about {user.email}.")
