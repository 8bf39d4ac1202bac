"""Shows in the back office."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.errors import Refused
from media_library.admin.podcast_forms import PodcastForm
from media_library.admin.podcast_parts import PodcastPartAdmin, SeasonInline, ShowPersonInline, picture_of
from media_library.models import Audience, Podcast, ShowStatus
from media_library.podcasts.addresses import feed_url
from media_library.podcasts.channels import heard_episodes
from media_library.podcasts.shows import (
    delete_podcast,
    publish_podcast,
    refuse_incomplete,
    save_podcast,
    withdraw_podcast,
)

NO_EPISODE = _("“%(show)s” has no episode to hear yet: apps take no show without an episode.")
COLORS = {ShowStatus.DRAFT: "info", ShowStatus.PUBLISHED: "success", ShowStatus.WITHDRAWN: "warning"}


@admin.register(Podcast)
class PodcastAdmin(PodcastPartAdmin):
    """A show with its seasons and people; its episodes have a list of their own."""

    form = PodcastForm
    inlines = [SeasonInline, ShowPersonInline]
    list_display = ["picture", "title", "state", "audience", "episode_count", "next_publication"]
    list_display_links = ["title"]
    list_filter = ["status", "audience", "type"]
    search_fields = ["title", "description", "author"]
    ordering = ["title", "pk"]
    actions = ["publish_selected", "withdraw_selected"]
    verbs = {
        "publish": (publish_podcast, _("Published: %(names)s.")),
        "withdraw": (withdraw_podcast, _("Withdrawn: %(names)s. Apps are told that it is gone.")),
    }
    fieldsets = [
        (None, {"fields": ["title", "slug", "description", "file"]}),
        (
            _("What it is"),
            {"fields": [("language", "category"), ("type", "medium"), ("audience", "is_explicit"), "copyright"]},
        ),
        (_("Who makes it"), {"fields": ["author", ("owner_name", "owner_email"), "link"]}),
        (_("For other hosts"), {"fields": [("is_locked", "is_complete"), "new_feed_url"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        to_come = Q(episodes__published_at__gt=Now())
        return (
            super()
            .get_queryset(request)
            .annotate(episode_total=Count("episodes"), comes_next=Min("episodes__published_at", filter=to_come))
        )

    def save_model(self, request: HttpRequest, obj: Podcast, form: Any, change: bool) -> None:
        save_podcast(obj, by=request.user, written=form.changed_data)
        self.keep_artwork(request, obj, form)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever makes it owns it, unless they say otherwise."""
        return {"owner_email": request.user.email, **super().get_changeform_initial_data(request)}  # type: ignore[union-attr]

    def do_all(self, request: HttpRequest, rows: Any, verb: str) -> None:
        super().do_all(request, rows, verb)
        silent = [show for show in rows if verb == "publish" and _is_out(show) and not heard_episodes(show).exists()]
        for show in silent:
            self.message_user(request, NO_EPISODE % {"show": show}, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Podcast) -> None:
        delete_podcast(obj, by=request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A published show keeps itself from being deleted."""
        shows = list(objs)
        keeping = [
            gettext("“%(show)s” is published. Withdraw it first.") % {"show": one} for one in shows if _is_out(one)
        ]
        episodes = sum(one.episode_total if hasattr(one, "episode_total") else one.episodes.count() for one in shows)
        counts = {str(_("Podcasts")): len(shows), str(_("Episodes")): episodes}
        return [str(show) for show in shows], counts, set(), keeping

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """It may have been published since the question was asked."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect("admin:media_library_podcast_change", object_id)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        show = options.get("obj")
        if show is not None:
            listed = reverse("admin:media_library_episode_changelist")
            added = reverse("admin:media_library_episode_add")
            context["show"] = {
                "row": show, "picture": picture_of(show), "feed": _feed(show), "missing": _missing(show),
                "is_silent": not heard_episodes(show).exists(),
                "can_publish": show.status != ShowStatus.PUBLISHED, "can_withdraw": _is_out(show),
                "episodes_url": f"{listed}?show={show.pk}", "add_url": f"{added}?podcast={show.pk}",
            }  # fmt: skip
        return super().render_change_form(request, context, **options)

    @admin.action(description=_("Publish"))
    def publish_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.do_all(request, queryset, "publish")

    @admin.action(description=_("Withdraw"))
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.do_all(request, queryset, "withdraw")

    @display(description=_("Status"), ordering="status", label=COLORS)
    def state(self, show: Podcast) -> tuple[str, str]:
        return show.status, show.get_status_display().partition(":")[0]

    @display(description=_("Episodes"), ordering="episode_total")
    def episode_count(self, show: Any) -> int:
        return int(show.episode_total)

    @display(description=_("Next publication"), ordering="comes_next")
    def next_publication(self, show: Any) -> Any:
        return show.comes_next or "–"


def _is_out(show: Podcast) -> bool:
    return show.status == ShowStatus.PUBLISHED


def _feed(show: Podcast) -> str:
    """For everybody; empty where each listener has their own."""
    return "" if show.audience == Audience.PRIVATE else feed_url(show.slug)


def _missing(show: Podcast) -> dict[str, str]:
    """Why it cannot be published yet, in a sentence, and the first field that is to be filled in."""
    try:
        refuse_incomplete(show)
    except Refused as refusal:
        return {"words": refusal.message, "field": next(iter(refusal.fields))}
    return {}
