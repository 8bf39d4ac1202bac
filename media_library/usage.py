"""Where media is used. Higher floors register what shows it; the library itself knows none of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Use:
    """A place that shows a media item: `kind` is what it is called, `name` its title, `part` where in it.

    `address` is its page in the back office.
    """

    media_id: UUID
    kind: str
    id: UUID
    name: str
    part: str
    address: str

    @property
    def words(self) -> str:
        return f"{self.name} › {self.part}" if self.part else self.name


Reader = Callable[[list[UUID]], Iterable[Use]]
_readers: list[Reader] = []


def add_reader(reader: Reader) -> Reader:
    """Let a higher floor tell where it uses media, in one statement for many."""
    _readers.append(reader)
    return reader


def uses_of(media_ids: Iterable[UUID]) -> dict[UUID, list[Use]]:
    """Where each of them is used; those that are used nowhere have an empty list. One statement a floor."""
    keys = list(media_ids)
    found: dict[UUID, list[Use]] = defaultdict(list)
    for read in _readers if keys else ():
        for use in read(keys):
            found[use.media_id].append(use)
    return {key: found[key] for key in keys}
