from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Membership
from accounts.models.token import Area
from accounts.services.tokens import create_token


class Command(BaseCommand):
    help = "Make an API token for a member; it is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("organization", help="Its slug.")
        parser.add_argument("name", help="What it is for.")
        parser.add_argument("--write", action="store_true", help="It may change things; without this it only reads.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Membership.objects.active().filter(user__email__iexact=options["email"])
        membership = found.filter(organization__slug=options["organization"]).select_related("user").first()
        if membership is None:
            raise CommandError(f"{options['email']} is no member of {options['organization']}.")
        scopes = [f"{area}:{'write' if options['write'] else 'read'}" for area in Area.values]
        self.stdout.write(create_token(membership, name=options["name"], scopes=scopes)[1])
