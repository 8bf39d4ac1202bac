"""Which organization the running code works in, and as whom the database takes it.

Python code reads the scope through `core.tenancy`; `core.database` tells it to PostgreSQL, whose policies are the
floor under every query. Stands apart from the models, because the database engine is loaded before them.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID


class Everyone(Enum):
    """The scope of platform work that serves all organizations at once."""

    EVERY_ORGANIZATION = "every organization"


class Role(Enum):
    """As whom a statement runs. Values are PostgreSQL roles; NONE is the one that logged in, the tables' owner."""

    MEMBER = "lectern_app"
    PLATFORM = "lectern_platform"
    OWNER = "NONE"


Scope = UUID | Everyone | None


class Session(NamedTuple):
    """What decides which rows the next statement may touch."""

    scope: Scope
    as_owner: bool

    @property
    def role(self) -> Role:
        if self.as_owner:
            return Role.OWNER
        return Role.PLATFORM if self.scope is Everyone.EVERY_ORGANIZATION else Role.MEMBER

    @property
    def organization(self) -> str:
        """A UUID, or empty where not one organization is in scope."""
        return str(self.scope) if isinstance(self.scope, UUID) else ""


_scope: ContextVar[Scope] = ContextVar("organization", default=None)
_owner: ContextVar[bool] = ContextVar("owner", default=False)


class NoOrganization(RuntimeError):
    """Tenant data was touched while no organization was in scope."""


@contextmanager
def organization_scope(organization: Any) -> Iterator[None]:
    """Everything inside reads and writes one organization: a model instance, its key, or None. Scopes nest."""
    token = enter_organization(organization)
    try:
        yield
    finally:
        leave_organization(token)


@contextmanager
def every_organization(*, reason: str) -> Iterator[None]:
    """Platform work over all organizations; the reason is for the reader, a test lists who calls this."""
    if not reason:
        raise ValueError("Say why every organization must be in scope.")
    token = _scope.set(Everyone.EVERY_ORGANIZATION)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def owner_role(*, reason: str) -> Iterator[None]:
    """What changes tables runs as their owner; the reason is for the reader, a test lists who calls this."""
    if not reason:
        raise ValueError("Say why the owner of the tables is needed.")
    token = _owner.set(True)
    try:
        yield
    finally:
        _owner.reset(token)


def enter_organization(organization: Any) -> Any:
    """Open a scope that middleware closes with `leave_organization(token)`.

    Raises TypeError for a key written as text, which would be no scope to the database.
    """
    key = getattr(organization, "pk", organization)
    if key is not None and not isinstance(key, UUID):
        raise TypeError(f"{key!r} is no key of an organization.")
    return _scope.set(key)


def leave_organization(token: Any) -> None:
    _scope.reset(token)


def current_scope() -> Scope:
    return _scope.get()


def scoped_organization_id() -> UUID | None:
    """The key of the organization in scope; None where there is none or all are."""
    scope = _scope.get()
    return scope if isinstance(scope, UUID) else None


def current_organization_id() -> UUID:
    """The key of the one organization in scope. Raises NoOrganization."""
    if (key := scoped_organization_id()) is None:
        raise NoOrganization("No single organization is in scope here.")
    return key


def wanted_session() -> Session:
    """What the next statement is to run with."""
    return Session(_scope.get(), _owner.get())


def scoped_stream(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A response that is sent after the request's scope was closed carries the scope along, to its end: a generator
    whose reader went away is closed in the scope too."""
    context = copy_context()  # now, not when the first chunk is asked for

    def carried() -> Iterator[bytes]:
        iterator = iter(chunks)
        try:
            while (chunk := context.run(next, iterator, None)) is not None:
                yield chunk
        finally:
            if close := getattr(iterator, "close", None):
                context.run(close)

    return carried()


def scoped_thread(target: Callable[..., None], *arguments: Any) -> threading.Thread:
    """A thread, not yet started, that works in the scope of its maker."""
    return threading.Thread(target=copy_context().run, args=(target, *arguments), daemon=True)
