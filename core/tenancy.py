"""Which organisation is in scope, and why nobody can forget it.

Reading: the manager of every tenant model adds `organization_id = <the one in scope>` when SQL is compiled. It is
the base manager too, so `save`, `refresh_from_db`, forward keys and key validation are scoped as well. No scope: an
error, no rows.
Writing: `organization` is filled from the scope and checked against it when a row is saved.
Joining: a `TenantKey` is a composite foreign key `(organization_id, x_id)`; the database refuses
a row that points elsewhere.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from enum import Enum
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.db import models

from core.constraints import SameOrganization, TenantIdentity
from core.identifiers import uuid7


class Everyone(Enum):
    """The scope of platform work that serves all organisations at once."""

    EVERY_ORGANIZATION = "every organization"


Scope = UUID | Everyone | None
_scope: ContextVar[Scope] = ContextVar("organization", default=None)


class NoOrganization(RuntimeError):
    """Tenant data was touched while no organisation was in scope."""


class ForeignOrganization(RuntimeError):
    """A row of one organisation was about to be written while another one was in scope."""


@contextmanager
def organization_scope(organization: Any) -> Iterator[None]:
    """Everything inside reads and writes one organisation: a model instance or its key. Scopes nest."""
    token = _scope.set(getattr(organization, "pk", organization))
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def every_organization(*, reason: str) -> Iterator[None]:
    """Platform work over all organisations; the reason is for the reader, a test lists who calls this."""
    if not reason:
        raise ValueError("Say why every organisation must be in scope.")
    token = _scope.set(Everyone.EVERY_ORGANIZATION)
    try:
        yield
    finally:
        _scope.reset(token)


def enter_organization(organization: Any) -> Any:
    """Open a scope that middleware closes with `leave_organization(token)`."""
    return _scope.set(getattr(organization, "pk", organization))


def leave_organization(token: Any) -> None:
    _scope.reset(token)


def scoped_organization_id() -> UUID | None:
    """The key of the organisation in scope; None where there is none or all are."""
    scope = _scope.get()
    return scope if isinstance(scope, UUID) else None


def current_organization_id() -> UUID:
    """The key of the one organisation in scope. Raises NoOrganization."""
    if (key := scoped_organization_id()) is None:
        raise NoOrganization("No single organisation is in scope here.")
    return key


def scoped_stream(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A response that is sent after the request's scope was closed carries the scope along."""
    context = copy_context()  # now, not when the first chunk is asked for

    def carried() -> Iterator[bytes]:
        iterator = iter(chunks)
        while (chunk := context.run(next, iterator, None)) is not None:
            yield chunk

    return carried()


def scoped_thread(target: Callable[..., None], *arguments: Any) -> threading.Thread:
    """A thread, not yet started, that works in the scope of its maker."""
    return threading.Thread(target=copy_context().run, args=(target, *arguments), daemon=True)


class InScope(models.Func):
    """`organization_id = <scope>`, decided when the SQL is compiled."""

    output_field = models.BooleanField()
    arity = 1

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        scope = _scope.get()
        if scope is None:
            raise NoOrganization("Tenant data was read while no organisation is in scope.")
        if scope is Everyone.EVERY_ORGANIZATION:
            return "TRUE", []
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"{column} = %s", [*parameters, scope]


class OrganizationManager(models.Manager):
    """Rows of the organisation in scope; fails closed without one."""

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
        scope = _scope.get()
        owner = getattr(model_instance, self.attname) or scoped_organization_id()
        if scope is None or owner is None:
            raise NoOrganization(f"{model_instance._meta.label} was written while no organisation is in scope.")
        if scope is not Everyone.EVERY_ORGANIZATION and owner != scope:
            raise ForeignOrganization(f"{model_instance._meta.label} belongs to another organisation.")
        setattr(model_instance, self.attname, owner)
        return owner


class TenantKey(models.ForeignKey):
    """A foreign key that cannot leave the organisation: the database checks `(organization_id, x_id)` together."""

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
    """Belongs to nobody in particular: people, organisations, site configuration."""

    tenancy = "global"

    class Meta:
        abstract = True


class BeforeScopeModel(IdentifiedModel):
    """Looked up in order to find the organisation: memberships, tokens, job claims. Readers filter by hand."""

    tenancy = "before_scope"

    class Meta:
        abstract = True


class OrganizationModel(IdentifiedModel):
    """Belongs to one organisation; never seen, joined or written outside of it."""

    tenancy = "tenant"

    organization = OrganizationKey()

    objects: ClassVar[Any] = OrganizationManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
