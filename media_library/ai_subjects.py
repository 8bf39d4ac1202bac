"""Media that models were asked about."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from core.ai.subjects import Subject, names_subjects
from media_library.models import Media


@names_subjects
def media_of_calls(keys: Collection[UUID]) -> dict[UUID, Subject]:
    titles = Media.objects.filter(pk__in=keys).values_list("pk", "title")
    return {key: Subject(title, reverse("admin:media_library_media_change", args=[key])) for key, title in titles}
