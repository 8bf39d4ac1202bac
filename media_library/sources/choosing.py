"""Which of several tracks of captions is wanted."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from media_library.sources.errors import SourceError

Track = TypeVar("Track")


def preferred(
    tracks: Sequence[Track], languages: Sequence[str], *, language: Callable[[Track], str],
    is_generated: Callable[[Track], bool] = lambda _track: False,
) -> Track:  # fmt: skip
    """In a wanted language what people wrote, then what a machine heard; else in any, people's first.

    `pt` stands for `pt-BR` too, and the other way round. Raises SourceError, captions_absent, without tracks.
    """
    if not tracks:
        raise SourceError("captions_absent")

    def rank(track: Track) -> tuple[Any, ...]:
        place = _place(language(track).lower(), languages)
        return place is None, is_generated(track), place

    return min(tracks, key=rank)


def _place(tag: str, languages: Sequence[str]) -> tuple[int, bool] | None:
    """Of a tag among those that are wanted, its very region first; None for another language."""
    wanted = enumerate(one.lower() for one in languages)
    return min(((place, one != tag) for place, one in wanted if _family(one) == _family(tag)), default=None)


def _family(tag: str) -> str:
    return tag.partition("-")[0]
