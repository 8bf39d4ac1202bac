"""Who has watched how much of what: the history of each person, and beginning anew."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action

from core.admin import NotedByServices, OrganizationAdmin
from media_library.models import WatchRecord
from media_library.services.resetting import reset_watching
from media_library.wording import clock_time, words_for_seconds


@admin.register(WatchRecord)
class WatchRecordAdmin(NotedByServices, OrganizationAdmin):
    list_display = ["user", "media", "seen", "watch_time", "completed_at", "last_position", "updated_at"]
    list_select_related = ["user", "media"]
    list_filter = [
        ("media", AutocompleteSelectFilter)
    ]  # a person is searched for: a filter would name whoever is asked for
    search_fields = ["user__email", "user__name", "media__title"]
    ordering = ["-updated_at"]
    fields = readonly_fields = [
        "user", "media", "seen", "watch_time", "completed_at", "rounds", "last_position", "updated_at",
    ]  # fmt: skip
    actions_submit_line = ["reset"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Players report it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_watch_time()

    @admin.display(description=_("Watched"), ordering="percent")
    def seen(self, record: WatchRecord) -> str:
        return f"{record.percent:g} %"

    @admin.display(description=_("Watch time"))
    def watch_time(self, record: Any) -> str:
        return words_for_seconds(record.watch_seconds)

    @admin.display(description=_("Last position"))
    def last_position(self, record: WatchRecord) -> str:
        return clock_time(record.position) or "0:00"

    def save_model(self, request: HttpRequest, obj: WatchRecord, form: Any, change: bool) -> None:
        """Nothing is typed here."""
        for pressed in self.get_actions_submit_line(request, obj.pk):
            if pressed.action_name in request.POST:
                pressed.method(request, obj)

    @action(description=_("Reset what was watched"), permissions=["change"])
    def reset(self, request: HttpRequest, record: WatchRecord) -> None:
        reset_watching(record, by=request.user)
        words = _("Nothing of it counts as watched any more. Items that were completed stay completed.")
        self.message_user(request, words, messages.SUCCESS)
