from django_filters import rest_framework as filters

from media_library.models import Kind, Publication, Status


class MediaFilter(filters.FilterSet):
    """`?status=`, `?kind=`, `?publication=`, `?creator=` (a user's id)."""

    status = filters.ChoiceFilter(choices=Status.choices)
    kind = filters.ChoiceFilter(choices=Kind.choices)
    publication = filters.ChoiceFilter(choices=Publication.choices)
    creator = filters.UUIDFilter(field_name="creator_id")
