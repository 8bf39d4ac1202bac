from typing import Any

from django.core.management.commands import createcachetable

from core.database.policies import secure_database
from core.scope import owner_role


class Command(createcachetable.Command):
    """Django's, as the owner of the tables."""

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_role(reason="it makes a table"):
            super().handle(*args, **options)
        secure_database()
