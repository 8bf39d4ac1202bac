from uuid import UUID

from django_filters import rest_framework as filters

from media_library.models import EpisodeType, Kind, Publication, Status, UploadState
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
