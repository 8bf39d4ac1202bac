"""What means nearly the same as a passage, somewhere else."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core.tenancy import current_organization_id

CLOSE = 0.05  # cosine distance of what says the same
NEAREST = 5
COMPARED_WHOLE = 3000  # passages: up to here an organization is compared exactly, above that by the graph
NEIGHBORS = 100

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
BY_GRAPH = f"""
SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = {NEIGHBORS}; SET LOCAL enable_sort = off"""

Near = tuple[UUID, UUID, float]


def nearest_elsewhere(keys: Sequence[UUID], *, model: str) -> list[Near]:
    """Each of these passages with at most five of other media or items that mean nearly the same, and how nearly (0–1).

    Exactly up to 3,000 embeddings of the organization, by the graph above that.
    """
    values = {
        "organization": current_organization_id(), "model": model, "keys": list(keys), "close": CLOSE,
        "nearest": NEAREST, "bound": COMPARED_WHOLE,
    }  # fmt: skip
    embeddings = _embeddings(values)
    if embeddings <= COMPARED_WHOLE:
        return _rows(NEAREST_ELSEWHERE.format(order=EXACTLY), values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BY_GRAPH)
        return _rows(NEAREST_ELSEWHERE.format(order=BY_DISTANCE), values)


def _embeddings(values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(IN_ALL, values)
        return int(cursor.fetchone()[0])


def _rows(statement: str, values: dict[str, Any]) -> list[Near]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
