from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from analytics.models import MediaDay
from core.admin import OrganizationAdmin, ReadOnly
from media_library.wording import words_for_duration

UNSHOWN = ("id", "organization", "viewer_keys", "finisher_keys")


@admin.register(MediaDay)
class MediaDayAdmin(ReadOnly, OrganizationAdmin):
    """The rollups as they are."""

    list_display = ["day", "media", "views", "viewers", "watch_time", "completions", "rate"]
    list_display_links = None
    list_select_related = ["media"]
    list_filter = ["day"]
    search_fields = ["media__title"]
    ordering = ["-day", "-views"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("viewer_keys", "finisher_keys")

    @admin.display(description=_("Watch time"), ordering="watch_seconds")
    def watch_time(self, day: MediaDay) -> str:
        return words_for_duration(day.watch_seconds)

    @admin.display(description=_("Completion rate"), ordering="completion_rate")
    def rate(self, day: MediaDay) -> str:
        return f"{day.completion_rate:.0f} %"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": [field.name for field in MediaDay._meta.fields if field.name not in UNSHOWN]})]
