from typing import Any

from django.core.management.commands import migrate

from core.database.migrating import options_added_in_place
from core.database.policies import secure_database
from core.scope import owner_role


class Command(migrate.Command):
    """Django's, as the owner of the tables; afterwards every table has its policies."""

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_role(reason="migrations change tables"), options_added_in_place():
            super().handle(*args, **options)
        secure_database()
