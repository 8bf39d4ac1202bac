"""Where media and images are used. Higher floors register what shows them; the library itself knows none of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

PLACES_TOLD = 3


@dataclass(frozen=True)
class Use:
    """A place that shows a media item or image: `kind` is what it is called, `name` its title, `part` where in it.

    `address` is its page in the back office.
    """

    used_id: UUID
    kind: str
    id: UUID
    name: str
    part: str
    address: str

    @property
    def words(self) -> str:
        return f"{self.name} › {self.part}" if self.part else self.name


Reader = Callable[[list[UUID]], Iterable[Use]]


class Uses:
    """Of one kind of thing."""

    def __init__(self) -> None:
        self._readers: list[Reader] = []

    def add_reader(self, reader: Reader) -> Reader:
        """Let a higher floor tell where it uses them, in as few statements for many as for one."""
        self._readers.append(reader)
        return reader

    def of(self, keys: Iterable[UUID]) -> dict[UUID, list[Use]]:
        """Where each of them is used; those that are used nowhere have an empty list."""
        asked = list(keys)
        found: dict[UUID, list[Use]] = defaultdict(list)
        for read in self._readers if asked else ():
            for use in read(asked):
                found[use.used_id].append(use)
        return {key: found[key] for key in asked}


_of_media, _of_images = Uses(), Uses()
add_reader, uses_of = _of_media.add_reader, _of_media.of
add_image_reader, uses_of_images = _of_images.add_reader, _of_images.of


def places_in_words(uses: Iterable[Use]) -> str:
    """The first three, and how many more there are."""
    names = list(dict.fromkeys(use.words for use in uses))
    more = len(names) - PLACES_TOLD
    return ", ".join(names[:PLACES_TOLD]) + (f" (+{more})" if more > 0 else "")
