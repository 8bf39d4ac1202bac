"""What the list of media is narrowed by."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from media_library.models import Publication, Tag
from media_library.tree import branches, with_all_inside

ALL = "all"


class PublicationFilter(DropdownFilter):
    """What was archived is listed for whoever asks for it."""

    title = _("visibility")
    parameter_name = "publication"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("", _("All but archived")), *Publication.choices, (ALL, _("All"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        chosen = self.value()
        if chosen == ALL:
            return queryset
        return queryset.filter(publication=chosen) if chosen in Publication.values else queryset.present()


class CategoryFilter(DropdownFilter):
    """With everything inside of it."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(one.row.pk), one.words) for one in branches()]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        try:
            key = UUID(self.value() or "")
        except ValueError:
            return queryset
        return queryset.in_categories(with_all_inside(key))


class TagFilter(DropdownFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Tag.objects.values_list("slug", "name"))

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.tagged(self.value()) if self.value() else queryset
