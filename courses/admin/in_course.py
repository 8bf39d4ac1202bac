"""Lists of what items hold, filtered by whether an item still holds it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class InCourse(admin.SimpleListFilter):
    """What was taken out of its course stays where learners worked on it."""

    title = _("course")
    parameter_name = "in_course"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("In a course")), ("no", _("In no course"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(item__isnull=self.value() == "no")
