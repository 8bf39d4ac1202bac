"""What an organization has, in one figure a table, so that any change of any row shows."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from core.models import Job, OutgoingMail
from core.tenancy import every_organization

#: Rows of people that change by being here at all.
RESTLESS = {"django_session", "usersessions_usersession", "django_admin_log"}
#: Rows that need no organization, such as the mails of a password reset: those of nobody are counted too.
NOBODYS = {f"{model._meta.db_table} of nobody": model for model in (Job, OutgoingMail)}
#: What the view pg_stat_xact_user_tables would say, which joins a dozen others for figures that nobody asked for.
WRITTEN = """
SELECT coalesce(sum(
    pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)
), 0) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL(%s)"""
OWN_LISTS = "SELECT id FROM media_library_playlist WHERE owner_id = '{}'"
FIGURE = "SELECT '{name}', count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t"


def fingerprint(
    organization: Any, people: list[Any], *, without: frozenset[str] = frozenset(), me: Any = None
) -> dict[str, Any]:
    """Count and hash of the rows of an organization and of its people, by table; without those of a member, `me`."""
    own = own_rows(me) if me else {}
    parts = [(f"{sql}{own.get(table, '')}", key) for table, sql, key in _selections() if table not in without]
    keys = {"organization": organization.pk, "people": [person.pk for person in people]}
    with every_organization(reason="all tables are compared, whatever the policies"), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql for sql, _ in parts), [keys[key] for _, key in parts])
        return {table: figure for table, *figure in cursor.fetchall()}


def own_rows(me: Any) -> dict[str, str]:
    """By table what leaves out the rows that a member may make and change at any time: playlists of their own."""
    lists = OWN_LISTS.format(me.pk)
    theirs = {
        "media_library_playlist": f"owner_id = '{me.pk}'",
        "media_library_playlistentry": f"playlist_id IN ({lists})",
        "analytics_event": f"type = 'playlist_created' AND learner = '{me.pseudonym}'",
    }
    return {table: f" AND ({condition}) IS NOT TRUE" for table, condition in theirs.items()}


def writes() -> int:
    """How many rows this transaction has written so far, those taken back included: cheaper than to compare tables."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, [sorted(RESTLESS)])
        return int(cursor.fetchone()[0])


def _selections() -> Iterator[tuple[str, str, str]]:
    """Table, statement, and which key it is asked with."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        found = _condition(model)
        if found is not None and table not in RESTLESS:
            yield table, f"{FIGURE.format(name=table, table=table)} WHERE {found[0]}", found[1]
    for name, model in NOBODYS.items():
        figure = FIGURE.format(name=name, table=model._meta.db_table)
        yield name, f"{figure} WHERE organization_id IS NULL AND %s IS NOT NULL", "organization"


def _condition(model: type[Model]) -> tuple[str, str] | None:
    """Which rows of a table belong to an organization or its people."""
    if model._meta.label == "accounts.Organization":
        return "id = %s", "organization"
    if model._meta.label == "accounts.User":
        return "id = ANY(%s)", "people"
    columns = {one.column for one in model._meta.concrete_fields}
    if "organization_id" in columns:
        return "organization_id = %s", "organization"
    if model._meta.auto_created and "course_id" in columns:
        return "course_id IN (SELECT id FROM courses_course WHERE organization_id = %s)", "organization"
    return ("user_id = ANY(%s)", "people") if "user_id" in columns else None
