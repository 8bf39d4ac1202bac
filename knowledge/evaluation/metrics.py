"""How good a ranking is, where each question has one right answer. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

NEAR_SECONDS = 15.0
DEPTH = 10  # results that nDCG looks at


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    `place` of the first right result, from 1; None where there was none. `seconds_off`: how far the first result of
    all starts from where the answer is said; None where the question names no second, infinite in another media item.
    """

    place: int | None
    seconds_off: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over all questions, 0–1. `on_time`: share whose first result starts within 15 s; None: no seconds given."""

    questions: int
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    mrr: float
    ndcg_at_10: float
    on_time: float | None


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Raises ValueError where nothing was asked."""
    if not outcomes:
        raise ValueError("no question, no figures")
    places = [outcome.place for outcome in outcomes]
    return Figures(
        questions=len(outcomes),
        recall_at_1=recall(places, 1),
        recall_at_5=recall(places, 5),
        recall_at_10=recall(places, 10),
        mrr=fmean(1 / place if place else 0.0 for place in places),
        ndcg_at_10=fmean(map(gain, places)),
        on_time=_on_time(outcomes),
    )


def recall(places: Sequence[int | None], depth: int) -> float:
    """The share of questions with a right result among the first `depth`."""
    return fmean(place is not None and place <= depth for place in places)


def gain(place: int | None) -> float:
    """nDCG@10 of one question with one right answer: 1 in the first place, less by the logarithm further down."""
    return 1 / math.log2(1 + place) if place is not None and place <= DEPTH else 0.0


def _on_time(outcomes: Sequence[Outcome]) -> float | None:
    seconds = [outcome.seconds_off for outcome in outcomes if outcome.seconds_off is not None]
    return fmean(off <= NEAR_SECONDS for off in seconds) if seconds else None
