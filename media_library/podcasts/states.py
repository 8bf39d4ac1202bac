"""Where an episode stands: said by its time and its sound, written down nowhere."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, TextChoices, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from media_library.models import Episode, Publication, Rendition, RenditionKind

SOUND = (RenditionKind.MP3, RenditionKind.M4A)


class EpisodeState(TextChoices):
    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for its sound")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")


def with_state(episodes: QuerySet[Any]) -> QuerySet[Any]:
    """Each with `has_sound` and `state`. Archived media are not heard."""
    made = Rendition.objects.filter(media=OuterRef("media"), kind__in=SOUND)
    there = Exists(made.exclude(media__publication=Publication.ARCHIVED))
    told = Case(
        When(published_at=None, then=Value(EpisodeState.DRAFT)),
        When(has_sound=False, then=Value(EpisodeState.WAITING)),
        When(published_at__gt=Now(), then=Value(EpisodeState.SCHEDULED)),
        default=Value(EpisodeState.PUBLISHED),
    )
    return episodes.annotate(has_sound=there).annotate(state=told)


def heard(episodes: QuerySet[Any]) -> QuerySet[Any]:
    """Those whose time has come and whose sound is there; whether their show is published is another question."""
    return with_state(episodes).filter(state=EpisodeState.PUBLISHED)


def state_of(episode: Episode) -> EpisodeState:
    """One statement."""
    return EpisodeState(with_state(Episode.objects.all()).values_list("state", flat=True).get(pk=episode.pk))
