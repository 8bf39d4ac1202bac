"""Which organization is in scope, and why nobody can forget it.

Reading: the manager of every tenant model adds `organization_id = <the one in scope>` when SQL is compiled. It is
the base manager too, so `save`, `refresh_from_db`, forward keys and key validation are scoped as well. No scope: an
error, no rows.
Writing: `organization` is filled from the scope and checked against it when a row is saved.
Joining: a `TenantKey` is a composite foreign key `(organization_id, x_id)`; the database refuses
a row that points elsewhere.
Below all that stands PostgreSQL's row-level security (`core.database`), which holds even where a filter is forgotten.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from django.db import models

from core.constraints import SameOrganization, TenantIdentity
from core.identifiers import uuid7
from core.scope import (
    Everyone,
    NoOrganization,
    current_organization_id,
    current_scope,
    enter_organization,
    every_organization,
    leave_organization,
    organization_scope,
    scoped_organization_id,
    scoped_stream,
    scoped_thread,
)


class ForeignOrganization(RuntimeError):
    """A row of one organization was about to be written while another one was in scope."""


class InScope(models.Func):
    """`organization_id = <scope>`, decided when the SQL is compiled."""

    output_field = models.BooleanField()
    arity = 1

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        scope = current_scope()
        if scope is None:
            raise NoOrganization("Tenant data was read while no organization is in scope.")
        if scope is Everyone.EVERY_ORGANIZATION:
            return "TRUE", []
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"{column} = %s", [*parameters, scope]


class OrganizationManager(models.Manager):
    """Rows of the organization in scope; fails closed without one."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(InScope(models.F("organization_id")))


class OrganizationKey(models.ForeignKey):
    """The owner of a row: filled from the scope, checked against it, part of the key that others point to."""

    def __init__(self, to: Any = "accounts.Organization", on_delete: Any = models.CASCADE, **options: Any) -> None:
        defaults = {"default": scoped_organization_id, "editable": False, "related_name": "+", "db_index": False}
        super().__init__(to, on_delete, **{**defaults, **options})

    def contribute_to_class(self, cls: Any, name: str, **options: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, **options)
        _add_constraint(cls, lambda label: TenantIdentity(fields=["organization", "id"], name=f"{label}_identity"))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Runs for `save` and `bulk_create` alike. Raises NoOrganization or ForeignOrganization."""
        scope = current_scope()
        owner = getattr(model_instance, self.attname) or scoped_organization_id()
        if scope is None or owner is None:
            raise NoOrganization(f"{model_instance._meta.label} was written while no organization is in scope.")
        if scope is not Everyone.EVERY_ORGANIZATION and owner != scope:
            raise ForeignOrganization(f"{model_instance._meta.label} belongs to another organization.")
        setattr(model_instance, self.attname, owner)
        return owner


class TenantKey(models.ForeignKey):
    """A foreign key that cannot leave the organization: the database checks `(organization_id, x_id)` together."""

    def __init__(self, to: Any, on_delete: Any, **options: Any) -> None:
        super().__init__(to, on_delete, **{**options, "db_constraint": False})

    def contribute_to_class(self, cls: Any, name: str, **options: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, **options)
        _add_constraint(cls, lambda label: SameOrganization(field=name, name=f"{label}_{name}_same_org"))


class TenantOneToOne(models.OneToOneField, TenantKey):
    """A tenant key of which there is one."""

    def __init__(self, to: Any, on_delete: Any, **options: Any) -> None:
        models.OneToOneField.__init__(self, to, on_delete, **{**options, "db_constraint": False})


def _add_constraint(cls: Any, make: Callable[[str], models.BaseConstraint]) -> None:
    """Add to a concrete model what its fields imply, where migrations look; historical ones carry it already."""
    meta = cls._meta
    if meta.abstract or cls.__module__ == "__fake__":
        return
    constraint = make(f"{meta.app_label}_{meta.model_name}")
    if all(constraint.name != existing.name for existing in meta.constraints):
        meta.constraints = [*meta.constraints, constraint]
        meta.original_attrs["constraints"] = meta.constraints


Tenancy = Literal["tenant", "before_scope", "global"]


class IdentifiedModel(models.Model):
    """Every table of ours has a UUIDv7 key and says what kind of table it is."""

    tenancy: ClassVar[Tenancy]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class GlobalModel(IdentifiedModel):
    """Belongs to nobody in particular: people, organizations, site configuration."""

    tenancy = "global"

    class Meta:
        abstract = True


class BeforeScopeModel(IdentifiedModel):
    """Looked up in order to find the organization: memberships, tokens, job claims. Readers filter by hand."""

    tenancy = "before_scope"

    class Meta:
        abstract = True


class OrganizationModel(IdentifiedModel):
    """Belongs to one organization; never seen, joined or written outside of it."""

    tenancy = "tenant"

    organization = OrganizationKey()

    objects: ClassVar[Any] = OrganizationManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


__all__ = [
    "BeforeScopeModel",
    "ForeignOrganization",
    "GlobalModel",
    "IdentifiedModel",
    "InScope",
    "NoOrganization",
    "OrganizationKey",
    "OrganizationManager",
    "OrganizationModel",
    "TenantKey",
    "TenantOneToOne",
    "current_organization_id",
    "enter_organization",
    "every_organization",
    "leave_organization",
    "organization_scope",
    "scoped_organization_id",
    "scoped_stream",
    "scoped_thread",
]
