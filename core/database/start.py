"""What web and worker ask the database before they serve anybody."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from core.database.base import SERVES

#: As whom statements run, and whether row-level security would hold for that role.
WHO_AM_I = """
SELECT current_user, rolsuper OR rolbypassrls OR EXISTS (
    SELECT FROM pg_class WHERE relrowsecurity AND pg_has_role(current_user, relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user"""


def refuse_bypassing_role() -> None:
    """Raises ImproperlyConfigured where the role of this process's statements is above the policies.

    A database that cannot be reached shows nothing to anybody, and is no reason not to start; each later connection
    of this process and its children asks again whether the roles are there.
    """
    if not settings.ROW_LEVEL_SECURITY:
        return
    os.environ[SERVES] = "true"
    try:
        role, bypasses = role_of_statements()
    except OperationalError:
        return
    if bypasses:
        raise ImproperlyConfigured(
            f"The database role {role} is above the policies that keep organizations apart. Run ./run set_up, which "
            "makes the role lectern_app; or set ROW_LEVEL_SECURITY=false to do without this floor."
        )


def role_of_statements() -> tuple[str, bool]:
    """As whom statements run here, and whether that role is above the policies."""
    with connection.cursor() as cursor:
        cursor.execute(WHO_AM_I)
        role, bypasses = cursor.fetchone()
    return role, bypasses
