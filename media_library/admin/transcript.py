"""The words of a media item in the back office: where they were looked for, and the page on which they are edited."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from unfold.widgets import UnfoldAdminTextInputWidget

from core.admin import panel
from core.content_policy import widen_policy
from core.errors import Refused
from media_library.languages import language_name
from media_library.links import audience_of
from media_library.models import Media, Rung, Transcript
from media_library.player import player_preview
from media_library.services.caption_language import usual_language
from media_library.services.giving import give_file
from media_library.services.rung_record import rungs_tried, words_about
from media_library.services.transcribing import find_words_for
from media_library.services.transcripts import choose_version, delete_version
from media_library.transcript_files import FILES

PAGE = "admin:media_library_media_transcript"
Door = Callable[..., HttpResponse]


class CaptionFileForm(forms.Form):
    """A file that takes the place of the words there are."""

    captions = forms.FileField(
        label=gettext_lazy("Caption file (.vtt or .srt)"), allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt", "class": "words__file"}),
    )  # fmt: skip
    language = forms.CharField(
        label=gettext_lazy("Language"), required=False, max_length=20, widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("A tag such as de or pt-BR. Empty: as the file says it."),
    )  # fmt: skip


def transcript_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of media."""
    doors: dict[str, tuple[Door, str]] = {
        "": (require_http_methods(["GET", "HEAD", "POST"])(_page), "transcript"),
        "search/": (require_POST(_look), "look_for_words"),
        "<uuid:transcript_id>/choose/": (require_POST(_choose), "choose_transcript"),
        "<uuid:transcript_id>/delete/": (require_POST(_delete), "delete_transcript"),
    }
    return [
        path(f"<uuid:media_id>/transcript/{below}", _guarded(model_admin, door), name=f"media_library_media_{name}")
        for below, (door, name) in doors.items()
    ]


@panel("media_library.Media")
def words_panel(request: HttpRequest, media: Media) -> SafeString:
    """What is read, and where the words were looked for."""
    return render_to_string("admin/media_library/media/words.html", _search_context(media), request)


def _guarded(model_admin: Any, door: Door) -> Any:
    """For makers, about media of their organization; what is refused is told on the page."""

    def view(request: HttpRequest, media_id: UUID, **names: Any) -> HttpResponse:
        media = get_object_or_404(Media.objects.select_related("transcript"), pk=media_id)
        if not model_admin.has_change_permission(request, media):
            raise PermissionDenied
        try:
            return door(request, media, **names)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(PAGE, media.pk)

    return model_admin.admin_site.admin_view(view)


def _page(request: HttpRequest, media: Media) -> HttpResponse:
    form = CaptionFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _give(request, media, form)
    slug = request.organization.slug  # type: ignore[attr-defined]
    player = player_preview(media, slug=slug, audience=audience_of(request))
    context = {
        **admin.site.each_context(request),
        **_search_context(media),
        "title": _("Transcript: %(media)s") % {"media": media},
        "opts": Media._meta,
        "player": player,
        "form": form,
        "usual_language": usual_language(),
        "versions": _versions(media, slug=slug),
        "transcript_url": reverse("media_transcript", args=[slug, media.pk]),
    }
    response = render(request, "admin/media_library/media/transcript.html", context)
    widen_policy(response, player.policy)
    return response


def _give(request: HttpRequest, media: Media, form: CaptionFileForm) -> HttpResponse:
    file = form.cleaned_data["captions"]
    given = give_file(media, file, filename=file.name, language=form.cleaned_data["language"], by=request.user)
    words = _("%(words)s words in %(language)s are read from now on.")
    messages.success(request, words % {"words": given.words, "language": language_name(given.language)})
    return redirect(PAGE, media.pk)


def _look(request: HttpRequest, media: Media) -> HttpResponse:
    find_words_for(media, by=request.user)
    messages.success(request, _("Words are being looked for."))
    return redirect(PAGE, media.pk)


def _choose(request: HttpRequest, media: Media, transcript_id: UUID) -> HttpResponse:
    choose_version(_version(media, transcript_id), by=request.user)
    messages.success(request, _("This version is read from now on."))
    return redirect(PAGE, media.pk)


def _delete(request: HttpRequest, media: Media, transcript_id: UUID) -> HttpResponse:
    delete_version(_version(media, transcript_id), by=request.user)
    messages.success(request, _("The version is deleted."))
    return redirect(PAGE, media.pk)


def _version(media: Media, transcript_id: UUID) -> Transcript:
    found: Transcript = get_object_or_404(Transcript, pk=transcript_id, media=media)
    return found


def _search_context(media: Media) -> dict[str, Any]:
    return {"media": media, "transcript": media.transcript, "rungs": list(map(_told, rungs_tried(media)))}


def _told(rung: Rung) -> dict[str, Any]:
    return {"rung": rung, "words": words_about(rung)}


def _versions(media: Media, *, slug: str) -> list[dict[str, Any]]:
    """The newest first, each with its files."""
    versions = Transcript.objects.filter(media=media).select_related("by")
    return [
        {
            "version": version,
            "language": language_name(version.language),
            "is_present": version.pk == media.transcript_id,
            "files": list(_files(reverse("media_transcript_version", args=[slug, media.pk, version.pk]))),
        }
        for version in versions
    ]


def _files(address: str) -> Any:
    for name, kind in FILES.items():
        yield {"name": kind.label, "url": f"{address}?as={name}"}
