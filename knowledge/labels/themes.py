"""What a library speaks about: its labels, put together where they stand on the same media, or on media that means
nearly the same, sized by time spoken.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from knowledge.labels.meaning import Nearness, nearness_of_labels
from knowledge.models import MediaLabel
from knowledge.models.label import LabelKind
from knowledge.services.embedding import search_embedder
from media_library.models import Media

MOST_LABELS = 300
TOGETHER = 0.5  # cosine of the media of two labels: from here on they are of one theme
SIZES = 5


@dataclass(frozen=True)
class Spoken:
    """A label and where it is spoken about; `seconds` of all that is said in that media."""

    name: str
    slug: str
    media: frozenset[UUID]
    seconds: float
    is_topic: bool = False

    def nearness(self, other: "Spoken") -> float:
        """0–1: how much they stand on the same media."""
        return len(self.media & other.media) / math.sqrt(len(self.media) * len(other.media))


@dataclass(frozen=True)
class SizedLabel:
    """`size` 1–5, by time spoken."""

    label: Spoken
    size: int


@dataclass(frozen=True)
class Theme:
    """Labels that go together, called after the one that is spoken about longest; `share` 0–100 of the longest."""

    name: str
    labels: list[SizedLabel]
    media: list[tuple[UUID, str]]
    seconds: float
    share: float


@dataclass(frozen=True)
class ThemeMap:
    """The longest first. `media` with labels, and the labels that were `left_out` as the least spoken about."""

    themes: list[Theme]
    media: int
    left_out: int

    @property
    def labels(self) -> int:
        return sum(len(theme.labels) for theme in self.themes)


def theme_map(*, first: date | None = None, last: date | None = None, zone: ZoneInfo) -> ThemeMap:
    """Of the media that came into the library from `first` to `last`, whole days of `zone`. Two statements, and one
    more where it is embedded.

    What no machine looked at counts by its length.
    """
    standing = MediaLabel.objects.filter(is_removed=False, media__in=_media_between(first, last, zone).values("pk"))
    length = Coalesce(NullIf("media__labelling__spoken_seconds", Value(0.0)), "media__duration", Value(0.0))
    rows = standing.annotate(seconds=length).values_list("label__name", "label__slug", "kind", "media_id", "seconds")
    found = list(rows.order_by())
    seconds = {media: spoken for _, _, _, media, spoken in found}
    spoken = _spoken(found, seconds)
    titles = dict(Media.objects.filter(pk__in=seconds).values_list("pk", "title"))
    shown = spoken[:MOST_LABELS]
    themes = themes_of(shown, seconds, titles, meant=_nearness(shown, seconds))
    return ThemeMap(themes, len(seconds), max(0, len(spoken) - MOST_LABELS))


def themes_of(
    spoken: Sequence[Spoken], seconds: Mapping[UUID, float], titles: Mapping[UUID, str], *, meant: Nearness
) -> list[Theme]:  # fmt: skip
    """Each label goes to the theme it is nearest to, if it is near; else it begins one. In the order given.

    `meant`: pairs of slugs that are near by meaning.
    """

    def nearness(one: Spoken, group: Sequence[Spoken]) -> float:
        return max(one.nearness(group[0]), meant.get(frozenset((one.slug, group[0].slug)), 0.0))

    groups: list[list[Spoken]] = []
    for label in spoken:
        nearest = max(groups, key=lambda group: nearness(label, group), default=None)
        if nearest is not None and nearness(label, nearest) >= TOGETHER:
            nearest.append(label)
        else:
            groups.append([label])
    longest = max((_seconds_of(group, seconds) for group in groups), default=0.0)
    most = max((label.seconds for label in spoken), default=0.0)
    themes = [_theme(group, seconds, titles, longest=longest, most=most) for group in groups]
    return sorted(themes, key=lambda theme: (-theme.seconds, theme.name))


def _nearness(labels: Sequence[Spoken], media: Mapping[UUID, float]) -> Nearness:
    """Nothing where no model is configured."""
    embedder = search_embedder()
    if embedder is None:
        return {}
    return nearness_of_labels([label.slug for label in labels], list(media), model=embedder.model)


def _media_between(first: date | None, last: date | None, zone: ZoneInfo) -> QuerySet[Media]:
    media: QuerySet[Media] = Media.objects.present()
    if first is not None:
        media = media.filter(created_at__gte=datetime.combine(first, time(), zone))
    if last is not None:
        media = media.filter(created_at__lt=datetime.combine(last + timedelta(days=1), time(), zone))
    return media


def _spoken(rows: Iterable[tuple[str, str, str, UUID, float]], seconds: Mapping[UUID, float]) -> list[Spoken]:
    """The one that is spoken about longest first; of two alike, a topic."""
    media: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    topics: set[str] = set()
    for name, slug, kind, media_id, _ in rows:
        media[name, slug].add(media_id)
        if kind == LabelKind.TOPIC:
            topics.add(slug)
    spoken = [
        Spoken(name, slug, frozenset(keys), sum(seconds[key] for key in keys), slug in topics)
        for (name, slug), keys in media.items()
    ]
    return sorted(spoken, key=lambda label: (-label.seconds, not label.is_topic, label.name.lower()))


def _theme(
    group: Sequence[Spoken], seconds: Mapping[UUID, float], titles: Mapping[UUID, str], *, longest: float, most: float
) -> Theme:  # fmt: skip
    total = _seconds_of(group, seconds)
    media = sorted(((key, titles[key]) for key in _media_of(group) if key in titles), key=lambda one: one[1].lower())
    labels = [SizedLabel(label, _size(label.seconds, most)) for label in group]
    return Theme(group[0].name, labels, media, total, 100 * total / longest if longest else 0.0)


def _media_of(group: Iterable[Spoken]) -> frozenset[UUID]:
    return frozenset().union(*(label.media for label in group))


def _seconds_of(group: Iterable[Spoken], seconds: Mapping[UUID, float]) -> float:
    return sum(seconds[key] for key in _media_of(group))


def _size(seconds: float, most: float) -> int:
    """By the root: a label on four times as many minutes is twice as large."""
    return 1 + round((SIZES - 1) * math.sqrt(seconds / most)) if most else 1
