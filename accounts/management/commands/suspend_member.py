from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.choosing import chosen_member
from accounts.services.members import reinstate_member, suspend_member
from core.errors import Refused
from core.tenancy import organization_scope


class Command(BaseCommand):
    help = "Nothing of an organization opens for a member any more, until --undo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("organization", help="Its slug.")
        parser.add_argument("--undo", action="store_true", help="Reinstate the member.")

    def handle(self, *args: Any, **options: Any) -> None:
        membership = chosen_member(options["email"], options["organization"])
        verb = reinstate_member if options["undo"] else suspend_member
        try:
            with organization_scope(membership.organization_id):
                verb(membership, by=None)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{options['email']} is {'reinstated' if options['undo'] else 'suspended'}.")
