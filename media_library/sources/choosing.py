"""Which of several tracks of captions is wanted."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from media_library.sources.errors import SourceError

Track = TypeVar("Track")


def preferred(tracks: Sequence[Track], languages: Sequence[str], *, language: Callable[[Track], str]) -> Track:
    """The first track of the first wanted language that has one; `pt` stands for `pt-BR` too, and the other way round.

    Raises SourceError: captions_absent without tracks, captions_language_missing.
    """
    if not tracks:
        raise SourceError("captions_absent")
    for wanted in languages:
        exact = [track for track in tracks if language(track).lower() == wanted.lower()]
        akin = [track for track in tracks if _family(language(track)) == _family(wanted)]
        if found := [*exact, *akin]:
            return found[0]
    raise SourceError("captions_language_missing", detail=", ".join(sorted({language(track) for track in tracks})))


def _family(tag: str) -> str:
    return tag.lower().partition("-")[0]
