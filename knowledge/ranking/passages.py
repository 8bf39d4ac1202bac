"""Which passages answer best: by their words, and by their meaning where that is known."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from core.tenancy import current_organization_id
from knowledge.question import Question
from knowledge.ranking import statements as sql
from knowledge.ranking.asked import asked, rows

BEST = 50  # of each list, before they are fused
#: Measured on 1,500 questions with all-MiniLM-L6-v2: nDCG@10 0.898, and 0.888 with k = 10 and equal weights, where the
#: firsts of both lists tie; words alone 0.883.
FUSION_K = 3
MEANING_WEIGHT = 0.8  # of a place in the list by meaning, where one in the list by words is 1
RANKED_WHOLE = 3000  # passages: up to here the scope is compared exactly, and no word's matches are cut before ranking
PASSAGES_A_PLACE = 3  # of one media item, or one item of a course
SEARCHED_NEIGHBORS = 100  # hnsw.ef_search

NOTHING = "SELECT NULL::uuid AS id WHERE false"


@dataclass(frozen=True)
class Hit:
    """A passage that answers, and how well: scores compare within one search only."""

    passage_id: UUID
    score: float
    is_written: bool = False


class Ranking(list[Hit]):
    """Hits, best first; `said` are the numbers, from 0, of those words of the question that anything visible says.

    `neighbors` says how many passages were compared by meaning, where the graph was asked.
    """

    def __init__(self, hits: Iterable[Hit] = (), *, said: Iterable[int] = (), neighbors: int = 0) -> None:
        super().__init__(hits)
        self.said = frozenset(said)
        self.neighbors = neighbors


@dataclass(frozen=True)
class Meaning:
    """The vector of a question, 1,536 numbers, in the space of one model."""

    model: str
    vector: Sequence[float]


def rank_passages(
    question: Question,
    *,
    visible: QuerySet[Any],
    readable: QuerySet[Any] | None = None,
    speaker: str = "",
    meaning: Meaning | None = None,
    limit: int = BEST,
    ranked_whole: int = RANKED_WHOLE,
) -> Ranking:
    """The best passages of `visible` media and `readable` items of courses, at most three of each.

    By words, and by meaning where it is given; with a speaker, what that person says.
    """
    scope, values = _scope_of(visible, None if speaker else readable)
    if scope == {"visible": NOTHING, "readable": NOTHING}:
        return Ranking()
    values |= asked(question) | {"bound": ranked_whole, "best": BEST, "k": FUSION_K, "limit": limit, "speaker": speaker}
    spoken = sql.SPOKEN_BY if speaker else ""
    by_words = sql.BY_WORDS.format(**scope, asked=sql.ASKED, spoken=spoken)
    if meaning is None:
        return _ranking(by_words, values=values)
    values |= {"model": meaning.model, "vector": json.dumps([*meaning.vector]), "meaning_weight": MEANING_WEIGHT}
    if _passages_in(scope, values) > ranked_whole:
        ranking = _ranked_by_graph(by_words, spoken, values)
        if ranking.neighbors == BEST:
            return ranking
    near = sql.NEAR.format(allowed=_allowed(spoken))
    return _ranking(by_words, near, values=values)


def _ranked_by_graph(by_words: str, spoken: str, values: dict[str, Any]) -> Ranking:
    """The graph gives up after so many rows that are not allowed, or not there any more: `neighbors` tells."""
    near = sql.NEAR_BY_GRAPH.format(join=sql.JOIN_ASKED, binds=sql.BINDS + spoken)
    with transaction.atomic():
        search_graph_until_enough()
        return _ranking(by_words, near, values=values)


def _ranking(by_words: str, near: str = "", *, values: dict[str, Any]) -> Ranking:
    parts = [by_words, near, sql.BY_MEANING] if near else [by_words]
    fused = sql.FUSED_BOTH if near else sql.WORDS_ALONE
    statement = f"WITH {', '.join(parts)} {fused}"
    found = rows(statement, values | {"a_place": PASSAGES_A_PLACE})
    hits = [Hit(key, float(score), item is not None) for key, score, item, *_ in found]
    return Ranking(hits, said=found[0][3], neighbors=found[0][4]) if found else Ranking()


def _allowed(spoken: str) -> str:
    """The passages that may be compared by meaning: visible ones, as far as what was typed binds."""
    return sql.IN_PLACES.format(
        columns="passage.id", join=sql.JOIN_ASKED, condition=sql.BINDS + spoken,
        visible="SELECT id FROM visible", readable="SELECT id FROM readable",
    )  # fmt: skip


def _passages_in(scope: dict[str, str], values: dict[str, Any]) -> int:
    """How many passages may be seen, as far as that matters."""
    allowed = sql.IN_PLACES.format(columns="1", join="", condition="", **scope)
    ((passages,),) = rows(sql.HOW_MANY.format(allowed=allowed), values)
    return int(passages)


def search_graph_until_enough(neighbors: int = SEARCHED_NEIGHBORS) -> None:
    """Filters apply after the graph was searched: without going on, a small scope would find next to nothing.

    The planner does not know that vectors lie outside of their table, and would rather read and sort them all.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.UNTIL_ENOUGH.format(neighbors=neighbors))


def _scope_of(visible: QuerySet[Any], readable: QuerySet[Any] | None) -> tuple[dict[str, str], dict[str, Any]]:
    """The SQL of the keys that may be seen, parameters named, and the organization that all else is bound to."""
    scope: dict[str, str] = {}
    values: dict[str, Any] = {"organization": current_organization_id()}
    for name, places in (("visible", visible), ("readable", readable)):
        scope[name], parameters = keys_of(places, name)
        values |= parameters
    return scope, values


def keys_of(places: QuerySet[Any] | None, name: str) -> tuple[str, dict[str, Any]]:
    if places is None or places.query.is_empty():
        return NOTHING, {}
    statement, parameters = places.order_by().values("id").query.sql_with_params()
    for n in range(len(parameters)):
        statement = statement.replace("%s", f"%({name}_{n})s", 1)
    return statement, {f"{name}_{n}": value for n, value in enumerate(parameters)}
