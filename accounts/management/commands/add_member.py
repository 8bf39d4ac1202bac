from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.management.choosing import chosen_organization
from accounts.models import Role
from accounts.services.members import add_member


class Command(BaseCommand):
    help = "Give somebody a role in an organization; an account is made where there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("organization", help="Its slug.")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = chosen_organization(options["organization"])
        password = add_member(organization, email=options["email"], role=Role(options["role"]))
        self.stdout.write(f"{options['email']} is {options['role']} of {organization}.")
        if password:
            self.stdout.write(f"The account is new; its password is {password} (shown once).")
