from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connection
from psycopg.errors import InsufficientPrivilege

from analytics.partitions import ensure_partitions, months_taken

EXTENSION = "This database lacks pgvector. Once, a superuser runs in it: CREATE EXTENSION vector;"
ROLES = (
    "This database user may not make or use the roles that web and worker run as. Once, a superuser runs:\n"
    "CREATE ROLE lectern_app NOLOGIN; CREATE ROLE lectern_platform NOLOGIN; (where they do not exist)\n"
    "GRANT lectern_app, lectern_platform TO CURRENT_USER WITH SET TRUE, INHERIT TRUE; (naming this user)"
)
LOCK = 0x1EC7E12  # any number: two set-ups at once wait for each other


class Command(BaseCommand):
    help = "Bring database, shared cache and static files up to date. Safe to repeat, and to run twice at once."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._bring_up_to_date()
        except ProgrammingError as error:
            raise self._explained(error) from error
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from error
        if options["verbosity"]:
            self.stdout.write("Database, cache and static files are up to date.")

    def _explained(self, error: ProgrammingError) -> Exception:
        if 'extension "vector"' in str(error):
            return CommandError(EXTENSION)
        if "role" in str(error) and isinstance(error.__cause__, InsufficientPrivilege):
            return CommandError(ROLES)
        return error

    def _bring_up_to_date(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
            ensure_partitions(behind=months_taken())
            call_command("createcachetable", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
