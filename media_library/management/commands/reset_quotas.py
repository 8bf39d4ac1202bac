from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.management.choosing import chosen_member, chosen_organizations
from accounts.models import Membership
from core.tenancy import organization_scope
from media_library.services.allowance import reset_allowance


class Command(BaseCommand):
    help = "Let members' weekly upload allowance count anew from now on; doing it twice changes nothing more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", help="Its slug; all of them where it is left out.")
        parser.add_argument("--member", metavar="EMAIL", help="Of that organization; everybody who uploads otherwise.")

    def handle(self, *args: Any, **options: Any) -> None:
        members = self._members(options["organization"], options["member"])
        for membership in tqdm(members, unit=" members", disable=None):
            with organization_scope(membership.organization_id):
                reset_allowance(membership.user)
        self.stdout.write(f"{_counted(len(members))} a new allowance.")

    def _members(self, slug: str | None, email: str | None) -> list[Membership]:
        if email and not slug:
            raise CommandError("Say of which --organization.")
        if email and slug:
            return [chosen_member(email, slug)]
        making = Membership.objects.making().filter(organization__in=chosen_organizations(slug))
        return list(making.select_related("user"))


def _counted(members: int) -> str:
    return "1 member begins" if members == 1 else f"{members} members begin"
