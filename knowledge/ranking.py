"""How passages and cues are ranked: the raw SQL of search, all of it.

Every statement names the organization and reads media through `visible`, the scoped query of what the person may see.
Which query and which ranking: measured on 1,500 questions, any word of the question with `ts_rank` normalisation 1
finds far more than all words together; with vectors, both lists are fused by reciprocal rank with a small k.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from core.tenancy import current_organization_id
from knowledge.question import Question
from knowledge.sentences import END_MARK, MARK

BEST = 50  # of each list, before they are fused
FUSION_K = 10
RANKED_WHOLE = 3000  # passages: up to here the scope is compared exactly, and no word's matches are cut before ranking
PASSAGES_A_MEDIA = 3
SEARCHED_NEIGHBORS = 100  # hnsw.ef_search

#: The question as PostgreSQL reads it, in each configuration of `configs`.
ASKED = """
asked AS MATERIALIZED (
    SELECT config, words, phrases || words AS wanted, phrases && exclusions AS binding,
        CASE WHEN numnode(phrases) > 0 THEN phrases ELSE words END && exclusions AS required,
        CASE WHEN numnode(phrases) > 0 THEN phrases ELSE in_order END AS exact,
        numnode(phrases) > 0 AS is_phrase,
        CASE WHEN numnode(phrases) > 0 THEN ARRAY[phrases::text] ELSE string_to_array(words::text, ' | ') END AS terms
    FROM (
        SELECT config, websearch_to_tsquery(config, %(phrases)s) AS phrases,
            replace(plainto_tsquery(config, %(words)s)::text, ' & ', ' | ')::tsquery AS words,
            phraseto_tsquery(config, %(words)s) AS in_order,
            websearch_to_tsquery(config, %(exclusions)s) AS exclusions
        FROM configs
    ) AS parsed
)"""

# Which configurations there are is asked with an array, not a join: without fresh statistics the planner would go
# through all passages once for each media item.
# Where words are common, ranking every match is what costs. So each word brings a bounded number of candidates: a rare
# word always brings all of its passages.
BY_WORDS = """
visible AS MATERIALIZED ({visible}),
configs AS MATERIALIZED (
    SELECT DISTINCT passage.search_config AS config FROM knowledge_passage AS passage
    WHERE passage.organization_id = %(organization)s AND passage.position = 0
        AND passage.media_id = ANY (ARRAY(SELECT id FROM visible))
), {asked},
candidates AS MATERIALIZED (
    SELECT DISTINCT found.id FROM asked CROSS JOIN LATERAL unnest(asked.terms) AS term
    CROSS JOIN (SELECT array_agg(id) AS media FROM visible) AS seen
    CROSS JOIN LATERAL knowledge_passages_saying(
        term::tsquery, asked.required, asked.config, seen.media, %(bound)s
    ) AS found (id)
),
by_words AS (
    SELECT passage.id,
        row_number() OVER (ORDER BY ts_rank(passage.search_vector, asked.wanted, 1) DESC, passage.id) AS place
    FROM candidates
    JOIN knowledge_passage AS passage ON passage.organization_id = %(organization)s AND passage.id = candidates.id
    JOIN asked ON asked.config = passage.search_config
    ORDER BY place LIMIT %(best)s
)"""

# The scope is compared as a whole: the distances are sorted outside of the materialised part, where no index can tempt
# the planner into an approximate answer.
NEAR = """
near AS MATERIALIZED (
    SELECT passage.id, embedding.vector <=> %(vector)s::halfvec(1536) AS distance FROM ({allowed}) AS passage
    JOIN knowledge_embedding AS embedding ON embedding.organization_id = %(organization)s
        AND embedding.passage_id = passage.id AND embedding.model = %(model)s
)"""
# The graph is searched in order of distance until enough of what it meets is allowed; `IS TRUE` keeps the planner from
# turning the condition into a join, which would lose that order.
NEAR_BY_GRAPH = """
near AS MATERIALIZED (
    SELECT embedding.passage_id AS id, embedding.vector <=> %(vector)s::halfvec(1536) AS distance
    FROM knowledge_embedding AS embedding
    WHERE embedding.organization_id = %(organization)s AND embedding.model = %(model)s
        AND (embedding.passage_id IN ({allowed})) IS TRUE
    ORDER BY embedding.vector <=> %(vector)s::halfvec(1536) LIMIT %(best)s
)"""
ALLOWED = """
SELECT passage.id FROM knowledge_passage AS passage LEFT JOIN asked ON asked.config = passage.search_config
WHERE passage.organization_id = %(organization)s AND passage.media_id IN (SELECT id FROM visible)
    AND (coalesce(numnode(asked.binding), 0) = 0 OR passage.search_vector @@ asked.binding)"""

BY_MEANING = """
by_meaning AS (
    SELECT id, row_number() OVER (ORDER BY distance + 0, id) AS place FROM near ORDER BY place LIMIT %(best)s
)"""

WORDS_ALONE = "SELECT id, place FROM by_words"
WORDS_AND_MEANING = "SELECT id, place FROM by_words UNION ALL SELECT id, place FROM by_meaning"
FUSED = """
SELECT id, score FROM (
    SELECT passage.id, fused.score,
        row_number() OVER (PARTITION BY passage.media_id ORDER BY fused.score DESC, passage.id) AS nth
    FROM (SELECT id, sum(1.0 / (%(k)s + place)) AS score FROM ({places}) AS places GROUP BY id) AS fused
    JOIN knowledge_passage AS passage ON passage.organization_id = %(organization)s AND passage.id = fused.id
) AS ranked
WHERE nth <= %(a_media)s ORDER BY score DESC, id LIMIT %(limit)s"""

IN_SCOPE = """
SELECT count(*) FROM (
    SELECT 1 FROM knowledge_passage AS passage
    WHERE passage.organization_id = %(organization)s AND passage.media_id IN ({visible}) LIMIT %(bound)s + 1
) AS passages"""

# Best is a cue that says it letter by letter, then one with the same words in the same order. That may run from one cue
# into the next: it then belongs to the cue in which it begins. Others are ranked without regard to their length: else
# “What?” would beat a sentence that says more of the question.
CUES = """
WITH hits AS MATERIALIZED (
    SELECT passage.id, passage.media_id, passage.transcript_id, passage.first_cue, passage.end_cue,
        passage.search_config AS config, hit.score
    FROM unnest(%(ids)s::uuid[], %(scores)s::float8[]) AS hit (id, score)
    JOIN knowledge_passage AS passage ON passage.organization_id = %(organization)s AND passage.id = hit.id
),
configs AS (SELECT DISTINCT config FROM hits), {asked},
spoken AS MATERIALIZED (
    SELECT hits.*, cue.position, to_tsvector(hits.config, cue.text) AS own,
        strpos(lower(cue.text), lower(%(verbatim)s)) > 0 AS is_verbatim,
        to_tsvector(hits.config, cue.text || ' ' || lead(cue.text) OVER in_order) AS with_next
    FROM hits JOIN media_library_cue AS cue
        ON cue.organization_id = %(organization)s AND cue.transcript_id = hits.transcript_id
        AND cue.position >= hits.first_cue AND cue.position < hits.end_cue
    WINDOW in_order AS (PARTITION BY hits.id ORDER BY cue.position)
),
matched AS (
    SELECT spoken.*, asked.is_phrase, own @@ asked.exact AS says_it, ts_rank(own, asked.wanted) AS rank,
        with_next @@ asked.exact AND NOT lead(own @@ asked.exact) OVER (PARTITION BY id ORDER BY position) AS begins_it
    FROM spoken JOIN asked ON asked.config = spoken.config
),
judged AS (
    SELECT matched.*,
        CASE WHEN says_it AND is_verbatim THEN 3 WHEN says_it THEN 2 WHEN begins_it THEN 1 ELSE 0 END AS exactness
    FROM matched
),
placed AS (
    SELECT judged.*, max(exactness) OVER media AS best_exactness, max(rank) OVER media AS best_rank,
        max(score) OVER media AS media_score,
        row_number() OVER (PARTITION BY id ORDER BY exactness DESC, rank DESC, position) AS nth
    FROM judged WINDOW media AS (PARTITION BY media_id)
)
SELECT media_id, transcript_id, config::text, position, score FROM placed
WHERE nth = 1
    OR (nth <= %(a_media)s AND rank > 0 AND rank >= best_rank / 2 AND (exactness = best_exactness OR NOT is_phrase))
ORDER BY media_score DESC, media_id, nth, score DESC, position"""

MARKED = """
WITH sentences AS (
    SELECT * FROM unnest(%(configs)s::regconfig[], %(sentences)s::text[]) WITH ORDINALITY AS given (config, text, n)
),
configs AS (SELECT DISTINCT config FROM sentences), {asked}
SELECT ts_headline(sentences.config, text, wanted, %(options)s)
FROM sentences JOIN asked ON asked.config = sentences.config ORDER BY n"""


@dataclass(frozen=True)
class Hit:
    """A passage that answers, and how well: scores compare within one search only."""

    passage_id: UUID
    score: float


@dataclass(frozen=True)
class CueHit:
    """The cue of a passage in which it is said."""

    media_id: UUID
    transcript_id: UUID
    config: str
    position: int
    score: float


@dataclass(frozen=True)
class Meaning:
    """The vector of a question, 1,536 numbers, in the space of one model."""

    model: str
    vector: Sequence[float]


def rank_passages(
    question: Question,
    *,
    visible: QuerySet[Any],
    meaning: Meaning | None = None,
    limit: int = BEST,
    ranked_whole: int = RANKED_WHOLE,
) -> list[Hit]:
    """The best passages of `visible` media, at most three a media item: by words, and by meaning where it is given."""
    if visible.query.is_empty():
        return []
    scope, values = _scope_of(visible)
    values |= _asked(question) | {"bound": ranked_whole, "best": BEST, "k": FUSION_K, "limit": limit}
    by_words = BY_WORDS.format(visible=scope, asked=ASKED)
    if meaning is None:
        return _hits(by_words, places=WORDS_ALONE, values=values)
    values |= {"model": meaning.model, "vector": json.dumps([*meaning.vector])}
    if _passages_in(scope, values) <= ranked_whole:
        return _hits(by_words, NEAR.format(allowed=ALLOWED), BY_MEANING, places=WORDS_AND_MEANING, values=values)
    with transaction.atomic():
        _search_graph_until_enough()
        return _hits(
            by_words, NEAR_BY_GRAPH.format(allowed=ALLOWED), BY_MEANING, places=WORDS_AND_MEANING, values=values
        )


def rank_cues(question: Question, hits: Sequence[Hit]) -> list[CueHit]:
    """For each passage the cue that says it best, and others of its media that nearly do; best media first."""
    values = _asked(question) | {
        "organization": current_organization_id(),
        "ids": [hit.passage_id for hit in hits],
        "scores": [hit.score for hit in hits],
        "a_media": PASSAGES_A_MEDIA,
        "verbatim": question.phrases[0] if question.phrases else question.words,
    }
    return [CueHit(*row) for row in _rows(CUES.format(asked=ASKED), values)]


def mark_words(question: Question, sentences: Sequence[tuple[str, str]]) -> list[str]:
    """Each `(configuration, text)` with `MARK` and `END_MARK` around the words of the question; not yet HTML."""
    options = f"HighlightAll=true, StartSel={MARK}, StopSel={END_MARK}"
    values = _asked(question) | {
        "configs": [config for config, _ in sentences],
        "sentences": [text for _, text in sentences],
        "options": options,
    }
    return [text for (text,) in _rows(MARKED.format(asked=ASKED), values)]


def _hits(*parts: str, places: str, values: dict[str, Any]) -> list[Hit]:
    statement = f"WITH {', '.join(parts)} {FUSED.format(places=places)}"
    return [Hit(key, float(score)) for key, score in _rows(statement, values | {"a_media": PASSAGES_A_MEDIA})]


def _passages_in(scope: str, values: dict[str, Any]) -> int:
    """How many passages may be seen, as far as that matters."""
    ((passages,),) = _rows(IN_SCOPE.format(visible=scope), values)
    return int(passages)


def _search_graph_until_enough() -> None:
    """Filters apply after the graph was searched: without going on, a small scope would find next to nothing.

    The planner does not know that vectors lie outside of their table, and would rather read and sort them all.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"SET LOCAL hnsw.ef_search = {SEARCHED_NEIGHBORS}")


def _scope_of(visible: QuerySet[Any]) -> tuple[str, dict[str, Any]]:
    """The SQL of the keys of visible media, with its parameters named, and the organization all else is bound to."""
    statement, parameters = visible.order_by().values("id").query.sql_with_params()
    for n in range(len(parameters)):
        statement = statement.replace("%s", f"%(visible_{n})s", 1)
    named = {f"visible_{n}": value for n, value in enumerate(parameters)}
    return statement, named | {"organization": current_organization_id()}


def _asked(question: Question) -> dict[str, str]:
    """Phrases and exclusions in the quotes that `websearch_to_tsquery` understands; it takes any input."""
    return {
        "words": question.words,
        "phrases": " ".join(f'"{phrase}"' for phrase in question.phrases),
        "exclusions": " ".join(f'-"{excluded}"' for excluded in question.exclusions),
    }


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
