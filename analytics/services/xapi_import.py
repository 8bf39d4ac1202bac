"""Recorded video statements, through the code that counts what players report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from analytics.xapi.gathering import Gathered, Pair
from analytics.xapi.recorded import Learner
from media_library.played import LATEST_SECOND
from media_library.services.history import Coverage, Watched, coverage_of

AT_ONCE = 1000  # pairs in one statement
SHOWN_AT = (95, 90)  # percent


class Found(NamedTuple):
    """What one learner has watched of one video. `furthest` is where the playhead came, in percent of the length.

    `length` is whole seconds; without one there are no percents.
    """

    learner: Learner
    video: str
    length: int | None
    coverage: Coverage
    furthest: float | None


@dataclass
class Summary:
    """Pairs of learner and video; `of_length` are those whose length was told, of which alone the others count.

    By percent: how many playheads came so far, how many covered so much, and how many playheads came so far over less
    than half of the video.
    """

    pairs: int = 0
    of_length: int = 0

    def __post_init__(self) -> None:
        self.playheads = dict.fromkeys(SHOWN_AT, 0)
        self.covered = dict.fromkeys(SHOWN_AT, 0)
        self.fooled = dict.fromkeys(SHOWN_AT, 0)

    def count(self, found: Found) -> None:
        self.pairs += 1
        percent = found.coverage.percent
        if percent is None or found.furthest is None:
            return
        self.of_length += 1
        for mark in SHOWN_AT:
            self.playheads[mark] += found.furthest >= mark
            self.covered[mark] += percent >= mark
            self.fooled[mark] += found.furthest >= mark and percent < 50


def coverages(pairs: Mapping[Pair, Gathered]) -> Iterator[Found]:
    """Of each pair, a thousand in one statement. Writes nothing."""
    rows = iter(pairs.items())
    while batch := list(islice(rows, AT_ONCE)):
        counted = coverage_of([Watched(gathered.seconds, whole_length(gathered.length)) for _, gathered in batch])
        for ((learner, video), gathered), coverage in zip(batch, counted, strict=True):
            yield Found(learner, video, whole_length(gathered.length), coverage, _furthest(gathered))


def whole_length(seconds: float) -> int | None:
    """Rounded half up, like that of media (`Media.whole_seconds`)."""
    return max(1, min(int(seconds + 0.5), LATEST_SECOND)) if seconds > 0 else None


def _furthest(gathered: Gathered) -> float | None:
    return min(100.0, 100 * gathered.furthest / gathered.length) if gathered.length > 0 else None
