"""Where an episode stands: said by its time and its sound, written down nowhere."""

from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from media_library.models import Episode, ShowStatus
from media_library.podcasts.sounds import heard


class EpisodeState(TextChoices):
    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for its sound")
    SCHEDULED = "scheduled", _("Scheduled")
    HELD_BACK = "held_back", _("Held back: its show is not published")
    PUBLISHED = "published", _("Published")


def with_state(episodes: QuerySet[Any]) -> QuerySet[Any]:
    """Each with `has_sound`, which is what feeds ask for, and `state`."""
    there = ExpressionWrapper(heard("media"), output_field=BooleanField())
    told = Case(
        When(published_at=None, then=Value(EpisodeState.DRAFT)),
        When(has_sound=False, then=Value(EpisodeState.WAITING)),
        When(published_at__gt=Now(), then=Value(EpisodeState.SCHEDULED)),
        When(~Q(podcast__status=ShowStatus.PUBLISHED), then=Value(EpisodeState.HELD_BACK)),
        default=Value(EpisodeState.PUBLISHED),
    )
    return episodes.annotate(has_sound=there).annotate(state=told)


def state_of(episode: Episode) -> EpisodeState:
    """One statement."""
    return EpisodeState(with_state(Episode.objects.all()).values_list("state", flat=True).get(pk=episode.pk))
