"""Every migration of ours runs backwards too."""

import pytest
from django.core.management import call_command
from django.db import connection

OURS = ("analytics", "knowledge", "courses", "media_library", "core")


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("migrations")
def test_migrations_run_backwards_and_forwards_again():
    try:
        for app in OURS:
            call_command("migrate", app, "zero", verbosity=0)
        left = [
            name for name in connection.introspection.table_names() if name.split("_")[0] in ("courses", "knowledge")
        ]
        assert left == []
    finally:
        call_command("migrate", verbosity=0)
