from typing import Any

from django.core.management.commands import makemigrations

from core.scope import owner_role


class Command(makemigrations.Command):
    """Django's, as the owner of the tables: it asks which migrations were applied."""

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_role(reason="which migrations were applied is known to the owner"):
            super().handle(*args, **options)
