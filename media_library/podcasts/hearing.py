"""Who sees which shows, and hears which episodes: the one home of the rule.

Makers see every show, drafts too. Whoever may browse the organization's catalog sees what is published, private shows
included; everybody else whom its pages are open to sees the public ones. An episode is heard from its day on, when its
sound is there. That day is its publication: its media needs none of its own, and gets none in the open library.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Organization
from accounts.permissions import GRANTS, can
from core.tenancy import current_organization_id
from media_library.access import NOTHING, Door, add_door
from media_library.models import Audience, Episode, Media, Podcast, Publication, ShowStatus


def shows_for(user: Any, organization: Organization) -> QuerySet[Podcast]:
    """The shows that this person may know of."""
    shows: QuerySet[Podcast] = Podcast.objects.all()
    if can(user, "content.view", organization):
        return shows
    published = shows.filter(status=ShowStatus.PUBLISHED)
    if can(user, "catalog.browse", organization):
        return published
    if can(user, "course.learn", organization) or organization.is_open:
        return published.filter(audience=Audience.PUBLIC)
    return shows.none()


def episodes_for(user: Any, organization: Organization) -> QuerySet[Episode]:
    """Those that this person may hear, of the shows that they may know of; makers see drafts too."""
    if can(user, "content.view", organization):
        return Episode.objects.all()
    shows = shows_for(user, organization).values("pk")
    return Episode.objects.filter(has_sound(), podcast__in=shows, published_at__lte=Now())


def has_sound() -> Q:
    present = Media.objects.present().playable()
    return Exists(present.filter(pk=OuterRef("media")))  # type: ignore[return-value]


def tell_of_shows() -> None:
    """Pages name the podcasts where the organization in scope has one: called when one is published or goes."""
    there_are = Podcast.objects.filter(status=ShowStatus.PUBLISHED).exists()
    Organization.objects.filter(pk=current_organization_id()).update(has_podcasts=there_are)


@dataclass(frozen=True)
class Heard:
    """The episode as which media is known to whom it is open by a show alone; `show` is a slug."""

    show: str
    episode: UUID
    title: str

    def page(self, organization: str) -> str:
        return reverse("media_library:episode", args=[organization, self.show, self.episode])


def heard_as(user: Any, organization: Organization, media: Iterable[Media]) -> dict[UUID, Heard]:
    """What stands in no open library is called and found as its episode; by the key of the media.

    One statement where there is any such media, none where all is published.
    """
    closed = [one.pk for one in media if one.publication != Publication.PUBLISHED]
    return _heard(user, organization, closed) if closed else {}


def heard_alone(user: Any, organization: Organization, media_ids: Iterable[UUID]) -> dict[UUID, Heard]:
    """Of media that stands in no open library, what this person hears and may not watch. Two statements where there is
    any.
    """
    keys = list(media_ids)
    if not keys:
        return {}
    seen = Media.objects.watchable_by(user, organization).filter(pk__in=keys).values_list("pk", flat=True)
    return _heard(user, organization, set(keys).difference(seen))


def heard_instead(user: Any, organization: Organization, media_id: UUID) -> Heard | None:
    """What this person hears who may not watch it. One statement."""
    return _heard(user, organization, [media_id]).get(media_id)


def _heard(user: Any, organization: Organization, media_ids: Iterable[UUID]) -> dict[UUID, Heard]:
    """The newest episode of each."""
    episodes = episodes_for(user, organization).filter(media__in=media_ids)
    rows = episodes.order_by("published_at").values_list("media", "podcast__slug", "pk", "title")
    return {media: Heard(show, episode, title) for media, show, episode, title in rows if media}


class IsHeard(Func):
    """The media of this key is an episode that has come out, of a show that this person may hear."""

    arity = 1
    output_field = BooleanField()

    def __init__(self, media: Any, *, user_id: Any) -> None:
        super().__init__(media)
        self.user_id = user_id

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        media, parameters = compiler.compile(self.get_source_expressions()[0])
        browsing = sorted(GRANTS["catalog.browse"])
        return HEARD.format(media=media), [current_organization_id(), *parameters, self.user_id, browsing]


# In words, because this condition stands in every request for a file: composing it costs more than answering it.
HEARD = """EXISTS (
    SELECT FROM media_library_episode heard
    JOIN media_library_podcast show ON show.id = heard.podcast_id
    WHERE heard.organization_id = %s AND heard.media_id = {media}
        AND heard.published_at <= STATEMENT_TIMESTAMP() AND show.status = 'published'
        AND (show.audience = 'public' OR EXISTS (
            SELECT FROM accounts_membership mine
            WHERE mine.organization_id = show.organization_id AND mine.user_id = %s AND mine.is_active
                AND mine.role = ANY(%s)
        ))
)"""


# A show takes nothing out of the open library.
add_door(Door(lambda: NOTHING, lambda user_id: Q(IsHeard(F("pk"), user_id=user_id)), publishes=True))
