"""What means nearly the same as a passage, somewhere else."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from core.tenancy import current_organization_id
from knowledge.ranking import RANKED_WHOLE, SEARCHED_NEIGHBORS, rows, search_graph_until_enough

CLOSE = 0.05  # cosine distance of what says the same
NEAREST = 5

IN_ALL = """
SELECT count(*) FROM (
    SELECT 1 FROM knowledge_embedding WHERE organization_id = %(organization)s AND model = %(model)s LIMIT %(bound)s + 1
) AS embeddings"""
# What stands in the same place is left out where the graph is asked: its own neighbors would fill the answer. The
# subquery is no join, which would lose the order of the graph.
NEAREST_ELSEWHERE = """
SELECT here.id, near.passage_id, 1 - near.distance
FROM knowledge_passage AS here
JOIN knowledge_embedding AS mine ON mine.organization_id = %(organization)s AND mine.passage_id = here.id
    AND mine.model = %(model)s
CROSS JOIN LATERAL (
    SELECT theirs.passage_id, theirs.vector <=> mine.vector AS distance FROM knowledge_embedding AS theirs
    WHERE theirs.organization_id = %(organization)s AND theirs.model = %(model)s AND (
        SELECT coalesce(there.media_id, there.item_id) <> coalesce(here.media_id, here.item_id)
        FROM knowledge_passage AS there
        WHERE there.organization_id = %(organization)s AND there.id = theirs.passage_id
    )
    ORDER BY {order} LIMIT %(nearest)s
) AS near
WHERE here.organization_id = %(organization)s AND here.id = ANY(%(keys)s) AND near.distance <= %(close)s"""
BY_DISTANCE = "theirs.vector <=> mine.vector"
EXACTLY = f"({BY_DISTANCE}) + 0"  # which no index knows

Near = tuple[UUID, UUID, float]


def nearest_elsewhere(keys: Sequence[UUID], *, model: str) -> list[Near]:
    """Each of these passages with at most five of other media or items that mean nearly the same, and how nearly (0–1).

    Exactly up to 3,000 embeddings of the organization, by the graph above that.
    """
    values = {
        "organization": current_organization_id(), "model": model, "keys": list(keys), "close": CLOSE,
        "nearest": NEAREST, "bound": RANKED_WHOLE,
    }  # fmt: skip
    ((embeddings,),) = rows(IN_ALL, values)
    if embeddings <= RANKED_WHOLE:
        return rows(NEAREST_ELSEWHERE.format(order=EXACTLY), values)
    with transaction.atomic():
        search_graph_until_enough(SEARCHED_NEIGHBORS)
        return rows(NEAREST_ELSEWHERE.format(order=BY_DISTANCE), values)
