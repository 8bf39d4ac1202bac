from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django_filters import rest_framework as filters

from core.models import Job
from core.models.job import JobState
from media_library.models import EpisodeType, Kind, PlaylistStatus, PlaylistType, Publication, Status, UploadState
from media_library.playlists.cards import OF_LIBRARY, OWN, SHARED
from media_library.podcasts.states import EpisodeState
from media_library.querysets import MediaQuerySet
from media_library.tree import with_all_inside


class MediaFilter(filters.FilterSet):
    """`?status=`, `?kind=`, `?publication=`, `?creator=` (a user's id), `?category=`, `?tag=`, `?q=`; for those who
    make content `?batch=`, `?project=`."""

    status = filters.ChoiceFilter(choices=Status.choices)
    kind = filters.ChoiceFilter(choices=Kind.choices)
    publication = filters.ChoiceFilter(choices=Publication.choices)
    creator = filters.UUIDFilter(field_name="creator_id")
    batch = filters.UUIDFilter(field_name="batch_id", method="of_makers", help_text="Its id. For makers.")
    project = filters.UUIDFilter(
        field_name="batch__project_id", method="of_makers", help_text="Its id: what stands in its batches. For makers."
    )
    category = filters.UUIDFilter(method="in_category", help_text="Its id; with everything inside of it.")
    tag = filters.CharFilter(method="tagged", help_text="Its slug or name.")
    q = filters.CharFilter(method="search", help_text="Words of title, description, file name and tags.")

    def of_makers(self, media: MediaQuerySet, name: str, key: UUID) -> MediaQuerySet:
        """What was brought in together is nobody else's to know: for others there is no such filter."""
        return media.filter(**{name: key}) if self.request.parser_context["view"].is_maker else media

    def in_category(self, media: MediaQuerySet, name: str, category_id: UUID) -> MediaQuerySet:
        return media.in_categories(with_all_inside(category_id))

    def tagged(self, media: MediaQuerySet, name: str, tag: str) -> MediaQuerySet:
        return media.tagged(tag)

    def search(self, media: MediaQuerySet, name: str, words: str) -> MediaQuerySet:
        return media.search(words)


class Ordering(filters.OrderingFilter):
    """By `title` or `created_at`, with a minus the other way; what is alike in that by its key."""

    def __init__(self, **options: Any) -> None:
        super().__init__(fields=("title", "created_at"), help_text="More than one: with commas.", **options)

    def filter(self, rows: Any, value: Any) -> Any:
        return rows.order_by(*map(self.get_ordering_value, value), "pk") if value else rows


def titled(rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
    """Every word stands in the title or the description."""
    told = (Q(title__icontains=word) | Q(description__icontains=word) for word in words.split())
    return rows.filter(reduce(and_, told, Q()))


class TitledFilter(filters.FilterSet):
    q = filters.CharFilter(method=titled, help_text="Words of title and description.")
    ordering = Ordering()


class ProjectFilter(TitledFilter):
    """`?q=`, `?ordering=`."""


OWNERS = {OWN: "me", OF_LIBRARY: "library", SHARED: "members"}
OWNER_CHOICES = [(name, name) for name in OWNERS.values()]


class PlaylistFilter(TitledFilter):
    """`?owner=`, `?type=`, `?status=`, `?q=`, `?ordering=`; of what `lists_for` answers."""

    owner = filters.ChoiceFilter(choices=OWNER_CHOICES, method="of_owner", help_text="Left out: all that you see.")
    type = filters.ChoiceFilter(choices=PlaylistType.choices)
    status = filters.ChoiceFilter(choices=PlaylistStatus.choices)

    def of_owner(self, lists: QuerySet[Any], name: str, owner: str) -> QuerySet[Any]:
        return lists.filter(sort=next(sort for sort, named in OWNERS.items() if named == owner))


class ExtractionFilter(filters.FilterSet):
    """`?state=`, as `progress` tells it."""

    state = filters.ChoiceFilter(choices=JobState.choices, method="in_state")

    def in_state(self, extractions: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        """Of the newest job; what is forgotten has made something."""
        newest = Job.objects.filter(subject_id=OuterRef("pk")).order_by("-id").values("state")[:1]
        return extractions.alias(state=Coalesce(newest, Value(JobState.SUCCEEDED.value))).filter(state=state)


class UploadFilter(filters.FilterSet):
    """`?state=`; `?fingerprint=`, by which a browser finds what it had begun; `?replaces=`, the id of media."""

    state = filters.ChoiceFilter(choices=UploadState.choices)
    fingerprint = filters.CharFilter()
    replaces = filters.UUIDFilter(field_name="replaces_id")


class EpisodeFilter(filters.FilterSet):
    """`?state=`, `?season=` (its id), `?type=`."""

    state = filters.ChoiceFilter(choices=EpisodeState.choices)
    season = filters.UUIDFilter(field_name="season_id")
    type = filters.ChoiceFilter(choices=EpisodeType.choices)
