"""Which labels mean something alike: those whose media does, as far as it is embedded."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from core.tenancy import current_organization_id

FIRST_PASSAGES = 8  # of each media item: enough to know what it is about, at a bounded cost
NEAR = 0.5  # cosine of what two labels mean, seen from the middle of the library, from which on they are near

# From the middle, because all that one library holds lies on one side of a model's space.
PAIRS = """
WITH mean AS MATERIALIZED (
    SELECT passage.media_id, avg(embedding.vector) AS vector FROM knowledge_passage AS passage
    JOIN knowledge_embedding AS embedding ON embedding.organization_id = %(organization)s
        AND embedding.passage_id = passage.id AND embedding.model = %(model)s
    WHERE passage.organization_id = %(organization)s AND passage.media_id = ANY(%(media)s)
        AND passage.position < %(passages)s
    GROUP BY passage.media_id
), meant AS MATERIALIZED (
    SELECT label.slug, avg(mean.vector) - (SELECT avg(vector) FROM mean) AS vector
    FROM knowledge_label AS label
    JOIN knowledge_medialabel AS standing ON standing.organization_id = %(organization)s
        AND standing.label_id = label.id AND NOT standing.is_removed
    JOIN mean ON mean.media_id = standing.media_id
    WHERE label.organization_id = %(organization)s AND label.slug = ANY(%(slugs)s)
    GROUP BY label.slug
)
SELECT one.slug, other.slug, 1 - (one.vector <=> other.vector) FROM meant AS one
JOIN meant AS other ON one.slug < other.slug AND one.vector <=> other.vector <= 1 - %(near)s"""

Nearness = dict[frozenset[str], float]


def nearness_of_labels(slugs: Collection[str], media: Collection[UUID], *, model: str) -> Nearness:
    """Pairs of labels (slugs) that are near, 0.5–1, by what these media say. One statement."""
    values: dict[str, Any] = {
        "organization": current_organization_id(), "model": model, "slugs": list(slugs), "media": list(media),
        "passages": FIRST_PASSAGES, "near": NEAR,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, values)
        return {frozenset((one, other)): near for one, other, near in cursor.fetchall()}
