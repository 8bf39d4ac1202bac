"""Row-level security, made for every table from what its model says about itself.

Two roles stand beside the owner of the tables; neither owns anything, neither bypasses a policy:
- `lectern_app` runs web and worker, and sees the rows of the organization that `app.organization` names: of tenant
  tables nothing while it names none; of tables looked up before there is a scope everything then.
- `lectern_platform` serves all organizations at once, within `every_organization(reason=…)`.
The owner migrates, and is a member of the platform's role, because FORCE binds it too where it is no superuser.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Model

from core.scope import Role, owner_role

#: '' after a transaction. No sub-select: planning one costs small statements more than it spares large ones.
ORGANIZATION = "nullif(current_setting('app.organization', true), '')::uuid"
IN_SCOPE = f"organization_id = {ORGANIZATION}"
BEFORE_SCOPE = f"{ORGANIZATION} IS NULL OR organization_id = {ORGANIZATION}"

MAKE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server was faster
END $$"""
BECOME_ROLE = """
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{role}', 'SET') OR NOT pg_has_role(current_user, '{role}', 'USAGE') THEN
        GRANT {role} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE;
    END IF;
END $$"""
GRANT = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT SELECT ON django_migrations TO {role};"""
#: A partition is reached through its table only: it has no policies of its own.
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND NOT relispartition AND relname <> 'django_migrations'
    AND NOT has_table_privilege(%s, oid, 'DELETE')"""
EXISTING = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' AND policyname LIKE 'lectern%'"
FORCED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"


class Policy(NamedTuple):
    """Who may touch which rows of a table. Its name changes with its rule, so a changed rule is noticed."""

    table: str
    role: Role
    rule: str

    @property
    def name(self) -> str:
        digest = hashlib.sha256(self.rule.encode()).hexdigest()[:8]
        return f"{self.role.value}_{digest}"

    @property
    def statement(self) -> str:
        return (
            f"CREATE POLICY {self.name} ON {self.table} TO {self.role.value} "
            f"USING ({self.rule}) WITH CHECK ({self.rule})"
        )


def policies() -> list[Policy]:
    """Those there must be, of all models there are."""
    return [
        Policy(table, role, allowed)
        for table, rule in _rules()
        for role, allowed in ((Role.MEMBER, rule), (Role.PLATFORM, "true"))
    ]


def secure_database() -> None:
    """Make roles, grants and policies that are missing, drop those that no model asks for. Safe to repeat."""
    with owner_role(reason="roles, grants and policies belong to the owner of the tables"):
        with connection.cursor() as cursor:
            for role in (Role.MEMBER, Role.PLATFORM):
                _make_role(cursor, role.value)
            _make_policies(cursor)
        connection.guard()  # type: ignore[attr-defined]  # our engine's


def _rules() -> Iterator[tuple[str, str]]:
    """Table and rule of everything that belongs to one organization."""
    for model in apps.get_models(include_auto_created=True):
        if rule := _rule_of(model):
            yield model._meta.db_table, rule


def _rule_of(model: type[Model]) -> str | None:
    owner: Any = model._meta.auto_created  # of a many-to-many table: the model that has the field
    if owner:
        return _rule_of_link(owner, model)
    tenancy = getattr(model, "tenancy", "global")
    return {"tenant": IN_SCOPE, "before_scope": BEFORE_SCOPE, "global": None}[tenancy]


def _rule_of_link(owner: type[Model], link: type[Model]) -> str | None:
    """A many-to-many table names no organization: its row is seen with the row that it hangs on."""
    if _rule_of(owner) is None:
        return None
    key = next(field.column for field in link._meta.concrete_fields if field.related_model is owner)
    return f"EXISTS (SELECT FROM {owner._meta.db_table} owner WHERE owner.id = {key})"


def _make_role(cursor: Any, role: str) -> None:
    cursor.execute(MAKE_ROLE.format(role=role))
    cursor.execute(BECOME_ROLE.format(role=role))
    cursor.execute(GRANT.format(role=role))
    cursor.execute(TABLES, [role])
    for (table,) in cursor.fetchall():
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")


def _make_policies(cursor: Any) -> None:
    tables = set(connection.introspection.table_names(cursor))  # going backwards, some are not there
    wanted = {(policy.table, policy.name): policy for policy in policies() if policy.table in tables}
    cursor.execute(EXISTING)
    existing = set(cursor.fetchall())
    for table, name in existing - wanted.keys():
        cursor.execute(f"DROP POLICY {name} ON {table}")
    for key in wanted.keys() - existing:
        cursor.execute(wanted[key].statement)
    cursor.execute(FORCED)
    for table in {table for table, _ in wanted} - {table for (table,) in cursor.fetchall()}:
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
