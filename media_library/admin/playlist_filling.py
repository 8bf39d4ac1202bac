"""Media into a playlist of the library: many at once from their list, or one from its page."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from core.admin import list_action, panel
from core.errors import Refused
from core.forms import OpenedHereForm
from media_library.models import Media, Playlist, PlaylistType
from media_library.services.playlists import MOST_ENTRIES, TITLE_CHARACTERS, add_media, save_playlist
from media_library.views.lookup import key_named


class FillingForm(OpenedHereForm):
    """A list there is, or the title of a new one."""

    playlist = forms.ModelChoiceField(
        Playlist.objects.none(), label=gettext_lazy("Playlist"), required=False,
        empty_label=gettext_lazy("A new one"), widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    title = forms.CharField(
        label=gettext_lazy("Title of the new one"), required=False, max_length=TITLE_CHARACTERS,
        widget=UnfoldAdminTextInputWidget,
    )  # fmt: skip
    type = forms.ChoiceField(
        label=gettext_lazy("Its type"), required=False, choices=PlaylistType, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["playlist"]
        choice.queryset = Playlist.objects.of_library().order_by("title", "pk")

    def wanted(self, *, by: Any) -> Playlist:
        """Raises Refused like `save_playlist`."""
        told = self.cleaned_data
        chosen: Playlist | None = told["playlist"]
        return chosen or save_playlist(Playlist(title=told["title"], type=told["type"] or PlaylistType.VIDEO), by=by)


@list_action("media_library.Media")
@admin.action(description=gettext_lazy("Add to a playlist"), permissions=["change"])
def add_to_playlist(page: Any, request: HttpRequest, media: QuerySet[Media]) -> HttpResponse | None:
    """Leads to the page on which one says to which; the oldest first."""
    keys = list(media.order_by("pk").values_list("pk", flat=True)[: MOST_ENTRIES + 1])
    if len(keys) > MOST_ENTRIES:
        words = _("A playlist holds at most %(most)d media.") % {"most": MOST_ENTRIES}
        page.message_user(request, words, messages.ERROR)
        return None
    query = QueryDict(mutable=True)
    query.setlist("media", [str(key) for key in keys])
    return redirect(f"{reverse('admin:media_library_playlist_fill')}?{query.urlencode()}")


@panel("media_library.Media")
def playlists_panel(request: HttpRequest, media: Media) -> SafeString:
    """The library's lists in which it stands, and the way into another one."""
    lists = Playlist.objects.of_library().filter(entries__media=media.pk).order_by("title", "pk")
    context = {"media": media, "playlists": lists}
    return render_to_string("admin/media_library/media/playlists.html", context, request)


def filling_urls(model_admin: Any) -> list[URLPattern]:
    def page(request: HttpRequest) -> HttpResponse:
        return _page(model_admin, request)

    view = model_admin.admin_site.admin_view(page)
    return [path("fill/", view, name="media_library_playlist_fill")]


def _page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    told = request.POST if request.method == "POST" else request.GET
    media = _chosen(told.getlist("media"))
    form = FillingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (filled := _fill(request, form, media)):
        return redirect("admin:media_library_playlist_change", filled.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Add to a playlist"), "opts": model_admin.opts, "form": form, "chosen": media,
    }  # fmt: skip
    return render(request, "admin/media_library/playlist/fill.html", context)


def _chosen(keys: list[str]) -> list[Media]:
    """In this order; what is not here is left out."""
    wanted = [key for text in keys[:MOST_ENTRIES] if (key := key_named(text)) is not None]
    found: dict[UUID, Media] = Media.objects.present().for_list().in_bulk(wanted)
    return [found[key] for key in dict.fromkeys(wanted) if key in found]


def _fill(request: HttpRequest, form: FillingForm, media: list[Media]) -> Playlist | None:
    """Told on the form what is refused; a list that was made for it stays."""
    try:
        playlist = form.wanted(by=request.user)
        count = add_media(playlist, [one.pk for one in media], by=request.user)
    except Refused as refusal:
        form.add_error(next((name for name in refusal.fields if name in form.fields), None), refusal.message)
        return None
    words = ngettext("%(count)d is new in “%(playlist)s”.", "%(count)d are new in “%(playlist)s”.", count)
    messages.success(request, words % {"count": count, "playlist": playlist})
    return playlist
