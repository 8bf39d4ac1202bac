"""Whether a feed has to be written anew: looked at thoroughly every MEDIA_RECHECK_SECONDS by each process.

At once, where the show's own row was written (`changed_at` is, by whatever changes what its feed tells), and where the
time of the next episode has come. So a feed that is asked for again costs two short statements.
"""

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now
from django.utils import timezone

from core.tenancy import current_organization_id
from media_library.models import Episode, Podcast
from media_library.podcasts.channels import version, with_feed_state

_looked_at = LocMemCache("feed_states", {"OPTIONS": {"MAX_ENTRIES": 1000}})
#: As text, because apps ask all day long, and composing it takes longer than answering it.
PUBLIC_SHOW = f"""
SELECT id, status, new_feed_url, {version("media_library_podcast")} FROM media_library_podcast
WHERE organization_id = %s AND slug = %s AND audience = 'public' AND status <> 'draft'"""  # noqa: S608

SHOW_VERSION = f"""
SELECT {version("media_library_podcast")} FROM media_library_podcast WHERE organization_id = %s AND id = %s"""  # noqa: S608


class PublicShow(NamedTuple):
    """A show that is or was for everybody; `version` is that of its own row."""

    id: UUID
    status: str
    new_feed_url: str
    version: str


def public_show(slug: str) -> PublicShow | None:
    """Of the organization in scope. One query."""
    with connection.cursor() as cursor:
        cursor.execute(PUBLIC_SHOW, [current_organization_id(), slug])
        row = cursor.fetchone()
    return PublicShow(*row) if row else None


def show_version(podcast_id: UUID) -> str:
    """Of the row of a show of the organization in scope, which is there. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SHOW_VERSION, [current_organization_id(), podcast_id])
        return str(cursor.fetchone()[0])


def state_of(podcast_id: UUID, *, version: str) -> str:
    """The same as long as the feed of a show is. No query, or one."""
    known = _looked_at.get(podcast_id.hex)
    if known is not None and known[0] == version:
        return str(known[1])
    state, seconds = _look(podcast_id)
    _looked_at.set(podcast_id.hex, (version, state), seconds)
    return state


def _look(podcast_id: UUID) -> tuple[str, float]:
    """Its state, and for how many seconds that is good."""
    to_come = Episode.objects.filter(podcast=OuterRef("pk"), published_at__gt=Now()).order_by("published_at")
    shows = with_feed_state(Podcast.objects.filter(pk=podcast_id))
    state, next_at = shows.values_list("feed_state", Subquery(to_come.values("published_at")[:1])).get()
    seconds = float(settings.MEDIA_RECHECK_SECONDS)
    return state, min(seconds, (next_at - timezone.now()).total_seconds()) if next_at else seconds
