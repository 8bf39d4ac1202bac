"""Episodes in the back office."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from media_library.admin.podcast_forms import EpisodeForm
from media_library.admin.podcast_parts import PersonInline, PodcastPartAdmin, picture_of
from media_library.models import Episode, Podcast, Season
from media_library.podcasts.episodes import (
    delete_episode,
    publish_episode,
    save_episode,
    unpublish_episode,
    warnings_about,
)
from media_library.podcasts.importing.sound import ask_for_sound_of, sound_from_url, words_of_fetching
from media_library.podcasts.sound import Sound, sound_of
from media_library.podcasts.states import EpisodeState, with_state
from media_library.wording import clock_time

COLORS = {
    EpisodeState.DRAFT: "info", EpisodeState.WAITING: "warning", EpisodeState.SCHEDULED: "primary",
    EpisodeState.HELD_BACK: "warning", EpisodeState.PUBLISHED: "success",
}  # fmt: skip
SOUND = {
    Sound.THERE: _("Its sound is there."),
    Sound.UNDER_WAY: _("Its sound is being made. It is heard when that is done."),
    Sound.MISSING: _("There is no sound. What happened stands on the page of its media, if one is chosen."),
}


class KeyFilter(DropdownFilter):
    """By a row that episodes point to."""

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        try:
            key = UUID(self.value() or "")
        except ValueError:
            return queryset
        return queryset.filter(**{self.column: key})

    column = ""


class ShowFilter(KeyFilter):
    title = _("show")
    parameter_name = "show"
    column = "podcast"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(key), title) for key, title in Podcast.objects.values_list("pk", "title")]


class SeasonFilter(KeyFilter):
    """Of all shows, or of the one that is looked at."""

    title = _("season")
    parameter_name = "season"
    column = "season"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seasons = Season.objects.select_related("podcast").order_by("podcast__title", "number")
        return [(str(one.pk), f"{one.podcast} › {one}") for one in seasons]


class StateFilter(DropdownFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(EpisodeState.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.filter(state=self.value()) if self.value() in EpisodeState.values else queryset


@admin.register(Episode)
class EpisodeAdmin(PodcastPartAdmin):
    form = EpisodeForm
    inlines = [PersonInline]
    list_display = ["title", "podcast", "place", "kind", "state_label", "published_at", "length"]
    list_filter = [ShowFilter, SeasonFilter, "type", StateFilter]
    list_select_related = ["podcast", "season", "media"]
    search_fields = ["title", "description"]
    ordering = ["-published_at", "-id"]
    autocomplete_fields = ["podcast", "media"]
    actions = ["publish_selected", "unpublish_selected"]
    verbs = {
        "publish": (publish_episode, _("Published: %(names)s.")),
        "unpublish": (unpublish_episode, _("Drafts again: %(names)s.")),
    }
    fieldsets = [
        (None, {"fields": ["podcast", "media", "url", "title", "description", "file"]}),
        (_("Its place"), {"fields": ["season", ("number", "type")]}),
        (_("When and how"), {"fields": ["published_at", ("is_explicit", "link")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Texts and raw facts are not read for a list."""
        episodes = with_state(super().get_queryset(request))
        if request.resolver_match and request.resolver_match.url_name == "media_library_episode_changelist":
            return episodes.defer("description", "media__description", "media__source_metadata", "podcast__description")
        return episodes

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["podcast"]  # it does not move to another show: apps know it there

    def save_model(self, request: HttpRequest, obj: Episode, form: Any, change: bool) -> None:
        """Saved once more with the address that gave nothing, it is asked again; without it, nothing is fetched."""
        written, address = set(form.changed_data), form.cleaned_data.get("url") or ""
        is_another = obj.media_id is None and "url" in written
        if is_another:
            obj.enclosure_url = address
            written.add("enclosure_url")
        save_episode(obj, by=request.user, written=written)
        self.keep_artwork(request, obj, form)
        if is_another and address:
            sound_from_url(obj, address, by=request.user)
        elif address and obj.media_id is None:
            ask_for_sound_of(obj, by=request.user)
        for words in warnings_about(obj):
            self.message_user(request, words, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Episode) -> None:
        delete_episode(obj, by=request.user)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        episode = options.get("obj")
        if episode is not None:
            sound = sound_of(episode.media)
            context["episode"] = {
                "row": episode, "picture": picture_of(episode), "sound": words_of_fetching(episode) or SOUND[sound],
                "is_heard": sound == Sound.THERE, "is_draft": episode.published_at is None,
                "state": EpisodeState(episode.state),
            }  # fmt: skip
        return super().render_change_form(request, context, **options)

    @admin.action(description=_("Publish now"))
    def publish_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.do_all(request, queryset.select_related("podcast"), "publish")

    @admin.action(description=_("Make a draft again"))
    def unpublish_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.do_all(request, queryset.select_related("podcast"), "unpublish")

    @display(description=_("Place"), ordering="number")
    def place(self, episode: Episode) -> str:
        """`S1 E3`, as people write it."""
        season = _("S%(season)d") % {"season": episode.season.number} if episode.season else ""
        number = _("E%(number)d") % {"number": episode.number} if episode.number else ""
        return f"{season} {number}".strip() or "–"

    @display(description=_("Type"), ordering="type")
    def kind(self, episode: Episode) -> str:
        return episode.get_type_display()

    @display(description=_("State"), ordering="state", label=COLORS)
    def state_label(self, episode: Any) -> tuple[str, Any]:
        return episode.state, EpisodeState(episode.state).label

    @display(description=_("Length"), ordering="media__duration")
    def length(self, episode: Episode) -> str:
        return clock_time(episode.media.duration) or "–" if episode.media else "–"
