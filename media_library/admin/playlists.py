"""Playlists in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import OrganizationAdmin, OrganizationInline
from core.admin.placed import PlacedForm, PlacedFormSet, PlacedRowsAdmin
from media_library.models import Playlist, PlaylistEntry
from media_library.services.playlists import MOST_ENTRIES, delete_playlist, save_entry, save_playlist
from media_library.wording import words_for_duration


class EntryFormSet(PlacedFormSet):
    def write(self, row: PlaylistEntry) -> PlaylistEntry:
        return save_entry(row, by=self.by)


class EntryInline(OrganizationInline):
    model = PlaylistEntry
    form = PlacedForm
    formset = EntryFormSet
    fields = ["position", "media"]
    ordering_field = "position"
    autocomplete_fields = ["media"]
    verbose_name = _("media item")
    verbose_name_plural = _("media")
    max_num = MOST_ENTRIES

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{**kwargs, "validate_max": True})


@admin.register(Playlist)
class PlaylistAdmin(PlacedRowsAdmin, OrganizationAdmin):
    """The library's own lists; those of people are theirs."""

    inlines = [EntryInline]
    fields = ["title", "description", ("type", "status")]
    list_display = ["title", "type", "status", "media_count", "total_time", "created_by"]
    list_filter = ["type", "status"]
    list_select_related = ["created_by"]
    search_fields = ["title", "description"]
    ordering = ["title", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        library = super().get_queryset(request).filter(owner=None)
        return library.annotate(media_total=Count("entries"), seconds=Sum("entries__media__duration"))

    @display(description=_("Media"), ordering="media_total")
    def media_count(self, playlist: Any) -> int:
        return int(playlist.media_total)

    @display(description=_("Length"), ordering="seconds")
    def total_time(self, playlist: Any) -> str:
        return words_for_duration(playlist.seconds) or "–"

    def save_model(self, request: HttpRequest, obj: Playlist, form: Any, change: bool) -> None:
        save_playlist(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Playlist) -> None:
        delete_playlist(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for playlist in queryset:
            delete_playlist(playlist, by=request.user)
