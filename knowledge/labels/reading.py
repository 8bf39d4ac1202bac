"""Reads of labels, named for who reads."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import Organization
from knowledge.models import Label, Labelling, MediaLabel
from knowledge.models.label import LabelKind
from media_library.models import Media


@dataclass(frozen=True)
class LabelsOfMedia:
    """What a media item is labelled with, the most telling first; `made` is None where nobody looked at it yet."""

    topics: list[MediaLabel]
    keywords: list[MediaLabel]
    made: Labelling | None

    @property
    def all(self) -> list[MediaLabel]:
        return [*self.topics, *self.keywords]

    @property
    def sentiment(self) -> str:
        return self.made.sentiment if self.made else ""


def media_labelled(slug: str) -> Q:
    """For filtering media: those that carry the label of this slug."""
    standing = MediaLabel.objects.filter(media=OuterRef("pk"), label__slug=slug, is_removed=False)
    return Q(Exists(standing))


def shown_labels(media_id: UUID) -> QuerySet[MediaLabel]:
    """Those that nobody took away."""
    found: QuerySet[MediaLabel] = MediaLabel.objects.filter(media=media_id, is_removed=False)
    return found.select_related("label").order_by("-kind", "position", "id")


def labels_of(media: Media) -> LabelsOfMedia:
    """Two statements."""
    shown = list(shown_labels(media.pk))
    return LabelsOfMedia(
        [one for one in shown if one.kind == LabelKind.TOPIC],
        [one for one in shown if one.kind == LabelKind.KEYWORD],
        Labelling.objects.filter(media=media.pk).first(),
    )


def labels_seen_by(user: Any, organization: Organization) -> QuerySet[Label]:
    """The labels of media that this person may see now, each with how many, `media_total`; the most used first."""
    visible = Media.objects.watchable_by(user, organization).present()
    shown = Q(media_labels__is_removed=False, media_labels__media__in=visible.values("pk"))
    counted = Label.objects.filter(shown).annotate(media_total=Count("media_labels"))
    found: QuerySet[Label] = counted.order_by("-media_total", "name", "pk")
    return found


def labels_in_use() -> QuerySet[Label]:
    """For those who make content: each with `media_total` and `spoken_seconds` of its media that is not archived."""
    shown = Q(media_labels__is_removed=False, media_labels__media__in=Media.objects.present().values("pk"))
    seconds = Coalesce(Sum("media_labels__media__labelling__spoken_seconds"), 0.0)
    counted = Label.objects.filter(shown).annotate(media_total=Count("media_labels"), spoken_seconds=seconds)
    found: QuerySet[Label] = counted.order_by("-media_total", "name")
    return found
