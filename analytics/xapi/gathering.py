"""What recorded statements say, gathered by learner and video.

Kept of a pair are the whole seconds of its segments, each range once, whatever number of statements repeats it; and of
a session that tells no segments itself what the playhead did. So a million statements fit into some hundred megabytes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analytics.xapi.lines import Statement
from analytics.xapi.recorded import Learner, Move, Said, played_between, said_by
from media_library.played import whole_seconds

Pair = tuple[Learner, str]


@dataclass(slots=True)
class Gathered:
    """Of one learner and video: `seconds` are half-open ranges in no order, `furthest` and `length` in seconds.

    `moves` are those of sessions that told no segments so far; None: they told some, which count alone.
    """

    seconds: set[tuple[int, int]] = field(default_factory=set)
    moves: dict[str, list[Move] | None] = field(default_factory=dict)
    furthest: float = 0.0
    length: float = 0.0

    def add(self, said: Said) -> None:
        self.furthest, self.length = max(self.furthest, said.furthest), max(self.length, said.length)
        if said.segments is not None:
            self.moves[said.session] = None
            self.seconds.update(whole_seconds(said.segments))
        elif said.move is not None and (moves := self.moves.setdefault(said.session, [])) is not None:
            moves.append(said.move)

    def settle(self) -> None:
        """All has been read: sessions that told no segments are put together from what the playhead did."""
        for moves in self.moves.values():
            self.seconds.update(whole_seconds(played_between(moves or [])))
        self.moves.clear()


def gather(statements: Iterable[Statement]) -> dict[Pair, Gathered]:
    """What says nothing about a video is left aside."""
    pairs: dict[Pair, Gathered] = defaultdict(Gathered)
    for said in _all_said(statements):
        pairs[said.learner, said.video].add(said)
    for one in pairs.values():
        one.settle()
    return dict(pairs)


def _all_said(statements: Iterable[Statement]) -> Iterator[Said]:
    """Names that come again and again are kept once."""
    learners: dict[Learner, Learner] = {}
    texts: dict[str, str] = {}
    for statement in statements:
        said = said_by(statement)
        if said is not None:
            yield said._replace(
                learner=learners.setdefault(said.learner, said.learner),
                video=texts.setdefault(said.video, said.video),
                session=texts.setdefault(said.session, said.session),
            )
