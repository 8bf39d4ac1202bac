"""On the page of a media item: in which shows it is heard, and one switch that makes it an episode."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget

from core.admin import panel
from core.errors import Refused
from media_library.models import Episode, Media, Podcast
from media_library.podcasts.episodes import episode_of
from media_library.podcasts.states import EpisodeState, with_state


class ShowForm(forms.Form):
    podcast = forms.ModelChoiceField(
        Podcast.objects.none(), label=gettext_lazy("Show"), empty_label=None, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shows: Any = self.fields["podcast"]
        shows.queryset = Podcast.objects.order_by("title", "pk").only("title")


def episode_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of media."""

    @require_POST
    def make(request: HttpRequest, media_id: UUID) -> HttpResponse:
        return _make_view(model_admin, request, media_id)

    view = model_admin.admin_site.admin_view(make)
    return [path("<uuid:media_id>/episode/", view, name="media_library_media_episode")]


@panel("media_library.Media")
def episode_panel(request: HttpRequest, media: Media) -> SafeString:
    """Nothing where there is no show."""
    form = ShowForm()
    if not form.fields["podcast"].queryset:  # type: ignore[attr-defined]
        return SafeString("")
    heard_in = with_state(Episode.objects.filter(media=media).select_related("podcast")).order_by("podcast__title")
    episodes = [{"episode": one, "state": EpisodeState(one.state).label} for one in heard_in]
    context = {"media": media, "episodes": episodes, "form": form}
    return render_to_string("admin/media_library/podcast/switch.html", context, request)


def _make_view(model_admin: Any, request: HttpRequest, media_id: UUID) -> HttpResponse:
    media = get_object_or_404(Media, pk=media_id)
    if not model_admin.has_change_permission(request, media):
        raise PermissionDenied
    form = ShowForm(request.POST)
    if not form.is_valid():
        model_admin.message_user(request, _("Please choose a show."), messages.ERROR)
        return redirect("admin:media_library_media_change", media.pk)
    try:
        episode = episode_of(media, form.cleaned_data["podcast"], by=request.user)
    except Refused as refusal:
        model_admin.message_user(request, refusal.message, messages.ERROR)
        return redirect("admin:media_library_media_change", media.pk)
    words = _("“%(episode)s” is an episode of “%(show)s”. Say when it is to be heard.")
    model_admin.message_user(request, words % {"episode": episode, "show": episode.podcast}, messages.SUCCESS)
    return redirect("admin:media_library_episode_change", episode.pk)
