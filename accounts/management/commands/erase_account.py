from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_account
from accounts.services.erasure import erase_account
from core.errors import Refused


class Command(BaseCommand):
    help = "Erase somebody's account and personal data; what they made and all figures stay. There is no way back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="Do it; without this nothing happens.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = chosen_account(options["email"])
        if not options["yes"]:
            raise CommandError(f"This erases the account of {user.email} for good. Add --yes to do it.")
        try:
            erase_account(user)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"The account of {user.email} was erased. They are told by mail.")
