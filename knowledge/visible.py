"""What a person may find now, as queries: media to watch and items of courses to read, within the filters they set."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan

from accounts.models import Organization
from accounts.permissions import can
from core.fields import RegConfigField
from courses.entitlement import IsUnlocked
from courses.models import ContentItem, Course, ItemType
from knowledge.labels.reading import labels_seen_by, media_labelled
from knowledge.languages import text_search_configuration
from knowledge.models import Passage
from media_library.languages import language_name
from media_library.models import Cue, Media

Days = tuple[QuerySet[Media], QuerySet[ContentItem]]

READ = (ItemType.TEXT, ItemType.RESOURCE)
MOST_CHOICES = 200


@dataclass(frozen=True)
class Filters:
    """What to look in; empty means all.

    `course` and `label` are slugs, `language` a tag such as `en`; days are whole and count.
    """

    course: str = ""
    media: UUID | None = None
    speaker: str = ""
    language: str = ""
    label: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self != EVERYWHERE


EVERYWHERE = Filters()


@dataclass(frozen=True)
class Places:
    """Where passages may stand: media that may be watched, items that may be read."""

    media: QuerySet[Media]
    items: QuerySet[ContentItem] | None


def visible_places(user: Any, organization: Organization, filters: Filters = EVERYWHERE) -> Places:
    """Makers find drafts too; others what is published, theirs and open now. Unknown filters leave nothing."""
    media, items = Media.objects.visible_to(user, organization), open_items(user, organization)
    if not filters:
        return Places(media, items.filter(type__in=READ))
    if filters.course:
        items = items.filter(chapter__course__slug=filters.course)
        media = media.filter(pk__in=items.filter(media__isnull=False).values("media"))
    media, items = _of_days(media, items, filters, organization.zone)
    return Places(_heard(media, filters), _read(items, filters))


def open_items(user: Any, organization: Organization) -> QuerySet[ContentItem]:
    """Items of courses that this person may open now."""
    items: QuerySet[ContentItem] = ContentItem.objects.all()
    if can(user, "content.view", organization):
        return items
    if not can(user, "course.learn", organization):
        return items.none()
    return items.filter(Q(IsUnlocked(F("pk"), user_id=user.pk)))


def _heard(media: QuerySet[Media], filters: Filters) -> QuerySet[Media]:
    if filters.media:
        media = media.filter(pk=filters.media)
    if filters.language:
        media = media.filter(transcript__language=filters.language)
    if filters.label:
        media = media.filter(media_labelled(filters.label))
    if filters.speaker:
        media = media.filter(transcript__in=Cue.objects.filter(speaker=filters.speaker).values("transcript"))
    return media


def _read(items: QuerySet[ContentItem], filters: Filters) -> QuerySet[ContentItem] | None:
    """Nobody speaks in what is written, and it is no media, which alone is labelled."""
    if filters.media or filters.speaker or filters.label:
        return None
    if filters.language:
        config = Cast(Value(text_search_configuration(filters.language)), RegConfigField())
        written = Passage.objects.filter(item__isnull=False).filter(Exact(F("search_config"), config))
        items = items.filter(pk__in=written.values("item"))
    return items.filter(type__in=READ)


def _of_days(media: QuerySet[Media], items: QuerySet[ContentItem], filters: Filters, zone: ZoneInfo) -> Days:
    """Media count from the day they were published, what is written from the day it was made."""
    came = Coalesce("published_at", "created_at")
    if filters.since:
        begin = datetime.combine(filters.since, time(), zone)
        media, items = media.filter(GreaterThanOrEqual(came, begin)), items.filter(created_at__gte=begin)
    if filters.until and filters.until < date.max:
        end = datetime.combine(filters.until + timedelta(days=1), time(), zone)
        media, items = media.filter(LessThan(came, end)), items.filter(created_at__lt=end)
    return media, items


@dataclass(frozen=True)
class Choices:
    """What one may narrow to: `(value, name)`."""

    courses: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    labels: list[tuple[str, str]]


def choices_for(user: Any, organization: Organization) -> Choices:
    """Only what this person may open now."""
    items = open_items(user, organization)
    courses = Course.objects.filter(pk__in=items.values("chapter__course")).order_by("title")
    media = Media.objects.visible_to(user, organization)
    spoken = media.filter(transcript__isnull=False).order_by("transcript__language")
    languages = spoken.values_list("transcript__language", flat=True).distinct()
    return Choices(
        courses=list(courses.values_list("slug", "title")[:MOST_CHOICES]),
        languages=[(tag, language_name(tag)) for tag in languages],
        labels=list(labels_seen_by(user, organization).values_list("slug", "name")[:MOST_CHOICES]),
    )
