from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.invitations import expire_invitations


class Command(BaseCommand):
    help = "Close invitations whose time has run out; the schedule does it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        count = expire_invitations()
        self.stdout.write(f"{count} {'invitation' if count == 1 else 'invitations'} had run out.")
