"""What was searched for, day by day: so that the questions without an answer can be listed without reading events."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

# What an erased account searched for is blank in its events: it is in no day that is computed anew, either.
SEARCHES = r"""
WITH fresh AS MATERIALIZED (
    SELECT left(lower(regexp_replace(btrim(metadata->>'query'), '\s+', ' ', 'g')), 300) AS query, learner,
        count(*) AS searches, count(*) FILTER (WHERE (metadata->>'results')::int = 0) AS without_result
    FROM analytics_event
    WHERE organization_id = %(organization)s AND type = 'search_made' AND id >= %(start_id)s AND id < %(end_id)s
        AND btrim(metadata->>'query') <> ''
    GROUP BY 1, 2
),
gone AS (
    DELETE FROM analytics_searchday AS stored
    WHERE organization_id = %(organization)s AND day = %(day)s AND NOT EXISTS (
        SELECT FROM fresh WHERE fresh.query = stored.query AND fresh.learner IS NOT DISTINCT FROM stored.learner
    )
)
INSERT INTO analytics_searchday AS stored (id, organization_id, day, query, learner, searches, without_result)
SELECT uuidv7(), %(organization)s, %(day)s, query, learner, searches, without_result FROM fresh
ON CONFLICT (organization_id, day, query, learner) DO UPDATE SET
    searches = excluded.searches, without_result = excluded.without_result
WHERE (stored.searches, stored.without_result) IS DISTINCT FROM (excluded.searches, excluded.without_result)"""


def roll_up_searches(values: Mapping[str, Any]) -> int:
    """Compute one day's searches anew, in the transaction that is open; answers how many rows are new or other.

    `values` are those of every statement of a day: `organization` and `day`, and `start_id` and `end_id`, between which
    its events lie. A second time changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(SEARCHES, values)
        return cursor.rowcount
