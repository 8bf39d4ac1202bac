"""What the house holds about people: said once for each place, for giving it out and for erasing it.

Each app declares its places in one file, `personal_data.py`. A test finds every column that points to a person or
looks like an address and fails where none of them names it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet

Record = Mapping[str, object]  # of values that Django's JSON encoder knows

_holdings: list["Holding"] = []
_not_personal: dict[str, str] = {}


@dataclass(frozen=True)
class Person:
    """Somebody whose data is given out or erased. Higher floors know them by `user`, others by what names them.

    `addresses` in lower case; `row_keys` are the keys, as text, of rows that stand for them (account, memberships,
    invitations); `new_pseudonym` is by what events know them after an erasure, and the same as before without one.
    """

    user: Any
    addresses: frozenset[str]
    row_keys: frozenset[str]
    pseudonym: UUID
    new_pseudonym: UUID

    @property
    def address_pattern(self) -> str:
        """Finds each address whole, never as a part of somebody else's; for lower case, in Python as in PostgreSQL."""
        addresses = "|".join(map(re.escape, sorted(self.addresses)))
        return rf"(?<![a-z0-9._%+-])({addresses})(?![a-z0-9-]|\.[a-z0-9])"


class Holding:
    """One place with personal data. Runs in the scope of every organization.

    `name` is the file's name in an export, `about` says in a sentence what it holds and `fate` what becomes of it in
    an erasure. `columns` are those it covers, as `app.Model.field`. Most are rows of one table and say which `rows`
    and which `exported` columns of them; others bring an `export` of their own.
    """

    name: ClassVar[str]
    about: ClassVar[Any]
    fate: ClassVar[Any]
    columns: ClassVar[tuple[str, ...]]
    exported: ClassVar[tuple[str, ...]]

    def rows(self, person: Person) -> QuerySet[Any]:
        """Theirs, of one table."""
        raise NotImplementedError

    def export(self, person: Person) -> Iterable[Record]:
        """What is theirs, and nothing about anybody else."""
        return self.rows(person).values(*self.exported).iterator()

    def erase(self, person: Person) -> None:
        """Remove it, or what in it names them. Safe to repeat."""
        raise NotImplementedError


class Deleted(Holding):
    """Its rows go with the person."""

    def erase(self, person: Person) -> None:
        self.rows(person).delete()


class Kept(Holding):
    """Its rows stay: they point to the account, or to what points there, and that names nobody any more."""

    def erase(self, person: Person) -> None:
        """Nothing in them names the person."""


class Unnamed(Holding):
    """Its rows stay without the person: what of `columns` points to them is emptied."""

    def erase(self, person: Person) -> None:
        self.rows(person).update(**{column.rpartition(".")[2]: None for column in self.columns})


def holding(kind: type[Holding]) -> type[Holding]:
    """Declare a place. Raises ValueError for a name that is taken."""
    if any(known.name == kind.name for known in _holdings):
        raise ValueError(f"Two places with personal data are called {kind.name}.")
    _holdings.append(kind())
    return kind


def not_personal(column: str, *, because: str) -> None:
    """Say of a column that looks personal why it is not."""
    _not_personal[column] = because


def all_holdings() -> list[Holding]:
    return sorted(_holdings, key=lambda one: one.name)


def covered_columns() -> set[str]:
    """Every column somebody has thought about."""
    return {column for one in _holdings for column in one.columns} | _not_personal.keys()
