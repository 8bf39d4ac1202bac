"""Playlists in the back office."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import OrganizationAdmin, OrganizationInline
from core.admin.held import HeldForm, HeldFormSet
from core.admin.placed import PlacedRowsAdmin
from core.errors import Refused
from core.forms import OrganizationForm
from media_library.admin.playlist_filling import filling_urls
from media_library.models import Media, Playlist, PlaylistEntry, Publication
from media_library.playlists.cards import covers_of
from media_library.playlists.form import COVER_HELP
from media_library.services.playlist_covers import drop_cover, set_cover
from media_library.services.playlists import (
    MOST_ENTRIES,
    WRITTEN,
    delete_playlist,
    locked_entries,
    save_entry,
    save_playlist,
)
from media_library.wording import words_for_duration


class PlaylistForm(OrganizationForm):
    cover = forms.FileField(required=False, label=_("Cover"), help_text=COVER_HELP, allow_empty_file=True)
    without_cover = forms.BooleanField(required=False, label=_("Take the chosen cover away"))

    class Meta:
        model = Playlist
        fields = ["title", "description", "type", "status"]


class EntryForm(HeldForm):
    holds = "media"

    def facts(self, held: Media) -> Iterator[str]:
        """How long it is, and what keeps learners from seeing it."""
        if held.duration:
            yield words_for_duration(held.duration)
        if held.publication != Publication.PUBLISHED:
            yield held.get_publication_display()


class EntryFormSet(HeldFormSet):
    def lock(self) -> None:
        locked_entries(self.instance)

    def write(self, row: PlaylistEntry) -> PlaylistEntry:
        return save_entry(row, by=self.by)


class EntryInline(OrganizationInline):
    model = PlaylistEntry
    form = EntryForm
    formset = EntryFormSet
    hide_title = True
    fields = ["position", "media"]
    ordering_field = "position"
    autocomplete_fields = ["media"]
    verbose_name = _("media item")
    verbose_name_plural = _("media")
    max_num = MOST_ENTRIES

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("media")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{**kwargs, "validate_max": True})


@admin.register(Playlist)
class PlaylistAdmin(PlacedRowsAdmin, OrganizationAdmin):
    """The library's own lists; those of people are theirs."""

    form = PlaylistForm
    inlines = [EntryInline]
    readonly_fields = ["picture"]
    list_display = ["title", "type", "status", "media_count", "total_time", "created_by"]
    list_filter = ["type", "status"]
    list_select_related = ["created_by"]
    search_fields = ["title", "description"]
    ordering = ["title", "pk"]

    class Media:
        css = {"all": ["css/admin_images.css"]}

    def get_urls(self) -> list[URLPattern]:
        return [*filling_urls(self), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        told = ["title", "description", ("type", "status")]
        if obj is None:
            return [*told, "cover"]
        covers = covers_of([obj], user=request.user, organization=request.organization)  # type: ignore[attr-defined]
        obj.picture_address = covers.get(obj.pk, "")
        return [*told, "picture", "cover", *(["without_cover"] if obj.cover_path else [])]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        library = super().get_queryset(request).filter(owner=None)
        unknown = Count("entries", filter=Q(entries__media__duration=None))
        return library.annotate(media_total=Count("entries"), seconds=Sum("entries__media__duration"), unknown=unknown)

    @display(description=_("Media"), ordering="media_total")
    def media_count(self, playlist: Any) -> int:
        return int(playlist.media_total)

    @display(description=_("Length"), ordering="seconds")
    def total_time(self, playlist: Any) -> str:
        known = words_for_duration(playlist.seconds)
        return gettext("at least %(time)s") % {"time": known} if known and playlist.unknown else known or "–"

    def save_model(self, request: HttpRequest, obj: Playlist, form: Any, change: bool) -> None:
        save_playlist(obj, by=request.user, written=set(form.changed_data) & set(WRITTEN))
        try:
            self._save_cover(obj, form.cleaned_data)
        except Refused as refusal:  # a picture that cannot be used does not take the rest of the form along
            self.message_user(request, refusal.message, messages.ERROR)

    def _save_cover(self, playlist: Playlist, told: dict[str, Any]) -> None:
        if picture := told.get("cover"):
            set_cover(playlist, picture)
        elif told.get("without_cover"):
            drop_cover(playlist)

    @display(description=_("Cover shown"))
    def picture(self, playlist: Any) -> SafeString | str:
        if not playlist.picture_address:
            return "–"
        return format_html(
            '<img class="library-image" src="{}" alt="" width="320" height="180">', playlist.picture_address
        )

    def delete_model(self, request: HttpRequest, obj: Playlist) -> None:
        delete_playlist(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for playlist in queryset:
            delete_playlist(playlist, by=request.user)
