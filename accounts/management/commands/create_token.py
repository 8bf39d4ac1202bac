from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_member
from accounts.models.token import SCOPES
from accounts.services.tokens import create_token
from core.errors import Refused


class Command(BaseCommand):
    help = "Make an API token for a member; it is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("organization", help="Its slug.")
        parser.add_argument("name", help="What it is for.")
        parser.add_argument(
            "--scope", action="append", required=True, choices=SCOPES, dest="scopes", help="What it may do; repeatable."
        )
        parser.add_argument("--days", type=int, help="How long it works; without this, until it is revoked.")

    def handle(self, *args: Any, **options: Any) -> None:
        membership = chosen_member(options["email"], options["organization"])
        days = options["days"]
        if days is not None and days < 1:
            raise CommandError("--days takes a number from 1.")
        lifetime = timedelta(days=days) if days else None
        try:
            secret = create_token(membership, name=options["name"], scopes=options["scopes"], lifetime=lifetime)[1]
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(secret)
