from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connection

EXTENSION = "This database lacks pgvector. Once, a superuser runs in it: CREATE EXTENSION vector;"
LOCK = 0x1EC7E12  # any number: two set-ups at once wait for each other


class Command(BaseCommand):
    help = "Bring database, shared cache and static files up to date. Safe to repeat, and to run twice at once."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._bring_up_to_date()
        except ProgrammingError as error:
            if 'extension "vector"' not in str(error):
                raise
            raise CommandError(EXTENSION) from error
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from error
        if options["verbosity"]:
            self.stdout.write("Database, cache and static files are up to date.")

    def _bring_up_to_date(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
