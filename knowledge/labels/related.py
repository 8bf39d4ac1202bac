"""What else of the library is about the same, and the second at which it is said.

By meaning where the media item has been embedded: whose passage comes closest to the mean of its own. Else by labels
that both carry; the fewer media a label stands on, the more it tells. Only media that this person may see now, in SQL.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Organization
from core.tenancy import current_organization_id
from courses.links import lesson_of
from knowledge.ranking import RANKED_WHOLE, keys_of, rows, search_graph_until_enough
from knowledge.services.embedding import search_embedder
from media_library.models import Media

MOST = 6
NEIGHBORS = 200  # passages that are asked of the graph

VISIBLE = "visible AS MATERIALIZED ({visible})"

MEAN = """
SELECT avg(embedding.vector)::halfvec(1536)::text FROM knowledge_passage AS passage
JOIN knowledge_embedding AS embedding ON embedding.organization_id = %(organization)s
    AND embedding.passage_id = passage.id AND embedding.model = %(model)s
WHERE passage.organization_id = %(organization)s AND passage.media_id = %(media)s"""

IN_ALL = """
SELECT count(*) FROM (
    SELECT 1 FROM knowledge_passage WHERE organization_id = %(organization)s LIMIT %(bound)s + 1
) AS passages"""

NEAR = """
near AS MATERIALIZED (
    SELECT passage.id, embedding.vector <=> %(mean)s::halfvec(1536) AS distance
    FROM visible JOIN knowledge_passage AS passage
        ON passage.organization_id = %(organization)s AND passage.media_id = visible.id
    JOIN knowledge_embedding AS embedding ON embedding.organization_id = %(organization)s
        AND embedding.passage_id = passage.id AND embedding.model = %(model)s
)"""
# `IS TRUE` keeps the planner from turning the condition into a join, which would lose the order of the graph.
NEAR_BY_GRAPH = """
near AS MATERIALIZED (
    SELECT embedding.passage_id AS id, embedding.vector <=> %(mean)s::halfvec(1536) AS distance
    FROM knowledge_embedding AS embedding
    WHERE embedding.organization_id = %(organization)s AND embedding.model = %(model)s
        AND (
            SELECT passage.media_id IN (SELECT id FROM visible) FROM knowledge_passage AS passage
            WHERE passage.organization_id = %(organization)s AND passage.id = embedding.passage_id
        ) IS TRUE
    ORDER BY embedding.vector <=> %(mean)s::halfvec(1536) LIMIT %(neighbors)s
)"""
BY_MEANING = """
SELECT media_id, start, 1 - distance FROM (
    SELECT passage.media_id, passage.start, near.distance,
        row_number() OVER (PARTITION BY passage.media_id ORDER BY near.distance, passage.position) AS nth
    FROM near JOIN knowledge_passage AS passage
        ON passage.organization_id = %(organization)s AND passage.id = near.id
) AS ranked
WHERE nth = 1 ORDER BY distance, media_id LIMIT %(most)s"""

BY_LABELS = """
shared AS MATERIALIZED (
    SELECT theirs.media_id, sum(1 / ln(1.0 + known.media)) AS score, string_agg(label.name, ' ') AS names
    FROM knowledge_medialabel AS mine
    JOIN knowledge_medialabel AS theirs ON theirs.organization_id = %(organization)s
        AND theirs.label_id = mine.label_id AND NOT theirs.is_removed
    JOIN visible ON visible.id = theirs.media_id
    JOIN knowledge_label AS label ON label.organization_id = %(organization)s AND label.id = mine.label_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS media FROM knowledge_medialabel AS one
        WHERE one.organization_id = %(organization)s AND one.label_id = mine.label_id AND NOT one.is_removed
    ) AS known
    WHERE mine.organization_id = %(organization)s AND mine.media_id = %(media)s AND NOT mine.is_removed
    GROUP BY theirs.media_id ORDER BY score DESC, theirs.media_id DESC LIMIT %(most)s
)
SELECT shared.media_id, coalesce(best.start, 0), shared.score FROM shared LEFT JOIN LATERAL (
    SELECT passage.start FROM knowledge_passage AS passage
    WHERE passage.organization_id = %(organization)s AND passage.media_id = shared.media_id
    ORDER BY ts_rank(passage.search_vector,
        replace(plainto_tsquery(passage.search_config, shared.names)::text, ' & ', ' | ')::tsquery) DESC,
        passage.position
    LIMIT 1
) AS best ON true
ORDER BY shared.score DESC, shared.media_id DESC"""


class RelatedBy(StrEnum):
    """How they were found."""

    MEANING = "meaning"
    LABELS = "labels"


@dataclass(frozen=True)
class Related:
    """A media item that is about the same, most so from `start` seconds on; scores compare within one answer only."""

    media: Media
    start: float
    score: float
    by: RelatedBy


Found = list[tuple[UUID, float, float]]  # media, seconds, score


def related_media(media: Media, *, user: Any, organization: Organization, most: int = MOST) -> list[Related]:
    """At most `most` others that this person may see now, the nearest first."""
    visible = Media.objects.watchable_by(user, organization).present().exclude(pk=media.pk)
    if visible.query.is_empty():
        return []
    found, by = _found(media, visible, most)
    library = Media.objects.for_list().in_bulk([key for key, _, _ in found])
    return [Related(library[key], start, score, by) for key, start, score in found]


def lessons_or_pages(media_ids: list[UUID], *, user: Any, organization: Organization) -> dict[UUID, str]:
    """Where each opens: in a lesson of a course the person takes, else on its own page. One or two statements."""
    lessons = lesson_of(user, media_ids)
    return {
        key: reverse("courses:lesson", args=[organization.slug, *lessons[key]])
        if key in lessons
        else reverse("media_library:watch", args=[organization.slug, key])
        for key in media_ids
    }


def _found(media: Media, visible: QuerySet[Media], most: int) -> tuple[Found, RelatedBy]:
    keys, values = keys_of(visible, "visible")
    scope = VISIBLE.format(visible=keys)
    values |= {"organization": current_organization_id(), "media": media.pk, "most": most}
    values |= {"bound": RANKED_WHOLE, "neighbors": NEIGHBORS}
    embedder = search_embedder()
    if embedder is not None:
        values["model"] = embedder.model
        ((values["mean"],),) = rows(MEAN, values)
        if values["mean"] is not None:
            return _by_meaning(scope, values), RelatedBy.MEANING
    return rows(f"WITH {scope}, {BY_LABELS}", values), RelatedBy.LABELS


def _by_meaning(scope: str, values: dict[str, Any]) -> Found:
    """Where the graph gave up before it had found enough, all are compared: see `rank_passages`."""
    ((passages,),) = rows(IN_ALL, values)
    if passages > RANKED_WHOLE:
        with transaction.atomic():
            search_graph_until_enough(NEIGHBORS)
            found = rows(f"WITH {scope}, {NEAR_BY_GRAPH} {BY_MEANING}", values)
        if len(found) == values["most"]:
            return found
    return rows(f"WITH {scope}, {NEAR} {BY_MEANING}", values)
