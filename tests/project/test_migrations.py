"""Every migration of ours runs backwards too."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.database.migrating import options_added_in_place
from core.scope import owner_role

OURS = ("analytics", "knowledge", "courses", "media_library", "core")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("migrations")
def test_migrations_run_backwards_and_forwards_again():
    try:
        as_the_command = owner_role(reason="the command would draw up the models of all migrations for each app anew")
        with as_the_command, options_added_in_place():
            MigrationExecutor(connection).migrate([(app, None) for app in OURS])
        left = [
            name for name in connection.introspection.table_names() if name.split("_")[0] in ("courses", "knowledge")
        ]
        assert left == []
    finally:
        call_command("migrate", verbosity=0)
