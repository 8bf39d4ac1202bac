"""Constraints by which the database itself keeps organizations apart."""

from typing import Any

from django.db import models


class TenantIdentity(models.UniqueConstraint):
    """`(organization, id)`: what the composite keys of other tables point to. Nothing for a person to validate."""

    def validate(self, *_: Any, **__: Any) -> None:
        return

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Going backwards, the keys that point here go along."""
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT IF EXISTS {quote(self.name)} CASCADE"


def cascade_in_order(collector: Any, field: Any, rows: Any, using: str) -> None:
    """`on_delete` of an empty-able key whose rows go before what they point to, as the composite key wants it.

    CASCADE takes such a key for one that is emptied first, and deletes in any order.
    """
    collector.collect(
        rows, source=field.remote_field.model, source_attr=field.name, nullable=False, fail_on_restricted=False
    )


class SameOrganization(models.BaseConstraint):
    """Composite foreign key `(organization_id, <field>_id)`: a row cannot point into another organization."""

    def __init__(
        self, *, field: str, name: str, violation_error_code: str | None = None, violation_error_message: Any = None
    ) -> None:
        self.field = field
        super().__init__(
            name=name, violation_error_code=violation_error_code, violation_error_message=violation_error_message
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        return self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Added when the migration's other tables and constraints stand: the key pointed to may come later in it."""
        quote = schema_editor.quote_name
        key = model._meta.get_field(self.field)
        target = key.remote_field.model._meta
        schema_editor.deferred_sql.append(
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY ({quote('organization_id')}, {quote(key.column)}) "
            f"REFERENCES {quote(target.db_table)} ({quote('organization_id')}, {quote('id')}) "
            "DEFERRABLE INITIALLY IMMEDIATE"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT IF EXISTS {quote(self.name)}"

    def validate(self, *_: Any, **__: Any) -> None:
        """The scoped base manager already finds no foreign row when a key is validated."""

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path, _, options = super().deconstruct()
        return path, (), {**options, "field": self.field}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameOrganization) and (self.name, self.field) == (other.name, other.field)

    def __hash__(self) -> int:
        return hash((self.name, self.field))
