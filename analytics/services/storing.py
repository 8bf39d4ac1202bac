"""The one statement that writes events."""

import json
from collections.abc import Sequence
from typing import Any, TypedDict

from django.db import connection

from core.tenancy import current_organization_id


class NewEvent(TypedDict):
    """Keys as text in their usual spelling; the id is a UUIDv7 of the time it happened."""

    id: str
    type: str
    learner: str | None
    actor: str | None
    media: str | None
    course: str | None
    chapter: str | None
    item: str | None
    metadata: dict[str, Any]


# One document instead of an array a column: the client writes it in C. In the order of their ids, so that two calls
# with the same events wait for each other, never both at once.
STORE = """
INSERT INTO analytics_event
    (id, organization_id, type, learner, actor_id, media_id, course_id, chapter_id, item_id, metadata, occurred_at,
     clock_skew)
SELECT told.id, %s, told.type, told.learner, told.actor, told.media, told.course, told.chapter, told.item,
    told.metadata, uuid_extract_timestamp(told.id), %s
FROM json_to_recordset(%s) AS told
    (id uuid, type text, learner uuid, actor uuid, media uuid, course uuid, chapter uuid, item uuid, metadata jsonb)
ORDER BY told.id
ON CONFLICT DO NOTHING
RETURNING id::text"""


def store_events(events: Sequence[NewEvent], *, clock_skew: float | None = None) -> set[str]:
    """Store events of the organization in scope and answer the ids of those that were new.

    They have been checked before. `clock_skew`: seconds by which the sender's clock is ahead of ours.
    """
    if not events:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(STORE, [current_organization_id(), clock_skew, json.dumps(events)])
        return {key for (key,) in cursor.fetchall()}
