from typing import Any

from django.core.management.commands import flush

from core.scope import owner_role


class Command(flush.Command):
    """Django's, as the owner of the tables."""

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_role(reason="it truncates tables, those of other people too"):
            super().handle(*args, **options)
