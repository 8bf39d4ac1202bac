"""What PostgreSQL knows of words: their stems, which of them are stop words, and how many media say them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from core.tenancy import current_organization_id
from knowledge.labels.counting import Elsewhere

SAMPLE = 2000  # passages of the rest of the library, the latest ones: enough to know what is common, at a bounded cost

STEMS = """
SELECT word, coalesce((tsvector_to_array(to_tsvector(%(config)s::regconfig, word)))[1], '')
FROM unnest(%(words)s::text[]) AS word"""

SAYING = """
WITH sample AS MATERIALIZED (
    SELECT media_id, search_vector FROM knowledge_passage
    WHERE organization_id = %(organization)s AND media_id <> %(media)s AND search_config = %(config)s::regconfig
    ORDER BY id DESC LIMIT %(sample)s
)
SELECT '', count(DISTINCT media_id) FROM sample
UNION ALL
SELECT stem, count(DISTINCT media_id) FROM sample CROSS JOIN LATERAL unnest(tsvector_to_array(search_vector)) AS stem
WHERE stem = ANY(%(stems)s) GROUP BY stem"""


def stems_of(words: Iterable[str], *, config: str) -> dict[str, str]:
    """Each word with its stem in this configuration; empty for a stop word. One statement."""
    return dict(_rows(STEMS, {"config": config, "words": list(words)}))


def lowered(names: Iterable[str]) -> dict[str, str]:
    """Each name as the database compares it, which knows small letters that are none to Python, and the other way
    round (“Σ” at the end of a word, “İ”). One statement.
    """
    return dict(_rows("SELECT name, lower(name) FROM unnest(%(names)s::text[]) AS name", {"names": list(names)}))


def said_elsewhere(stems: Iterable[str], *, media_id: UUID, config: str) -> Elsewhere:
    """How common these stems are in the other media of the organization in scope. One statement."""
    values = {"stems": list(stems), "media": media_id, "config": config, "sample": SAMPLE}
    found = dict(_rows(SAYING, values | {"organization": current_organization_id()}))
    return Elsewhere(found.pop("", 0), found)


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
