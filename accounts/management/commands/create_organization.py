from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.organizations import create_organization


class Command(BaseCommand):
    help = "Found an organization with its first owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="First part of its addresses, such as “harbor”.")
        parser.add_argument("name")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--open", action="store_true", help="Everybody sees the catalog and may join as a learner.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            organization, password = create_organization(
                slug=options["slug"], name=options["name"], owner_email=options["owner"], is_open=options["open"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"/{organization.slug}/ belongs to {options['owner']}.")
        if password:
            self.stdout.write(f"The account is new; its password is {password} (shown once).")
