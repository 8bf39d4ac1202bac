"""What apps downloaded: one listener, day and episode is one download, once a minute of sound was sent.

As the IAB counts: the parts of a file that were sent on a day (of UTC) are put together; as soon as they are as many
bytes as the head of the file and 60 seconds of its sound take, it is a download. HEAD and programs that fetch for
nobody in particular are none. It says that a file was taken, never that it was heard: nothing of it counts as watched.
Where nginx or a bucket sends the file, what was asked for counts as sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac

from core.identifiers import uuid7
from core.tenancy import current_organization_id
from media_library.models import Download

COUNTED_SECONDS = 60
#: Apps ask for the first two bytes to learn about a file; such a question is not worth a row.
LEAST_BYTES = 1000

EPISODE, CONTEXT = "episode_id", "context_id"

#: Parts of one listener and day come in any order, at once and again: their union does not care.
COUNT = """
INSERT INTO media_library_download AS kept
    (id, organization_id, episode_id, context_id, day, listener, is_private, sent, is_counted)
VALUES (
    %(id)s, %(organization)s, %(episode_id)s, %(context_id)s, %(day)s, %(listener)s, %(is_private)s,
    int8multirange(int8range(%(start)s, %(end)s)), %(end)s - %(start)s >= %(needed)s
)
ON CONFLICT (organization_id, episode_id, context_id, day, listener) DO UPDATE SET
    sent = kept.sent + excluded.sent,
    is_counted = (
        SELECT sum(upper(part) - lower(part)) >= %(needed)s FROM unnest(kept.sent + excluded.sent) part
    )
WHERE NOT kept.is_counted"""


@dataclass(frozen=True)
class Taken:
    """Which file somebody takes: of an episode, or of what `column` names on a higher floor.

    `size` in bytes, `seconds` of its sound where they are known, `bitrate` in bits a second, 0 where nobody knows.
    """

    column: str  # EPISODE or CONTEXT
    key: UUID
    size: int
    seconds: float | None
    who: str
    bitrate: int = 0
    is_private: bool = False

    @property
    def needed(self) -> int:
        """Bytes from which on it counts: the head of the file and a minute of sound, or all of what is shorter."""
        if not self.seconds or self.seconds <= COUNTED_SECONDS:
            return self.size
        head = max(0, self.size - int(self.seconds * self.bitrate / 8)) if self.bitrate else 0
        return head + int((self.size - head) * COUNTED_SECONDS / self.seconds)


def listener_digest(who: str, day: date) -> str:
    """Somebody on a day: of two days nobody can say whether it was the same person."""
    return salted_hmac("podcasts.listener", f"{day} {who}", algorithm="sha256").hexdigest()[:32]


def count(taken: Taken, sent: range) -> None:
    """These positions were sent. In the scope of the organization."""
    if len(sent) < min(LEAST_BYTES, taken.size) or not sent:
        return
    columns = {"episode_id": None, "context_id": None, taken.column: taken.key}
    day = datetime.now(UTC).date()
    values: dict[str, Any] = {
        "id": uuid7(), "organization": current_organization_id(), "day": day,
        "listener": listener_digest(taken.who, day), "is_private": taken.is_private,
        "start": sent.start, "end": sent.stop, "needed": taken.needed, **columns,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)


@dataclass(frozen=True)
class Tally:
    """How often something was downloaded: by private addresses, and in all."""

    total: int = 0
    private: int = 0


def tallies(column: str, keys: Iterable[UUID], *, since: date | None = None) -> dict[UUID, Tally]:
    """By key, of those that were downloaded at all. One statement."""
    rows = _counted(since).filter(**{f"{column}__in": list(keys)}).order_by().values_list(column)
    return {key: Tally(total, private) for key, total, private in rows.annotate(**_COUNTS)}


def tally_of_show(podcast_id: UUID, *, since: date | None = None) -> Tally:
    """Of all its episodes. One statement."""
    found = _counted(since).filter(episode__podcast=podcast_id).aggregate(**_COUNTS)
    return Tally(found["total"], found["private"])


def days_ago(days: int) -> date:
    """By the clock that downloads are counted by."""
    return datetime.now(UTC).date() - timedelta(days=days)


def forget_downloads_of(context_ids: Iterable[UUID]) -> None:
    """Of what is gone on a higher floor."""
    Download.objects.filter(context_id__in=list(context_ids)).delete()


_COUNTS = {"total": Count("pk"), "private": Count("pk", filter=Q(is_private=True))}


def _counted(since: date | None) -> QuerySet[Download]:
    rows: QuerySet[Download] = Download.objects.filter(is_counted=True)
    return rows if since is None else rows.filter(day__gte=since)
