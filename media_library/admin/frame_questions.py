"""What is asked before many frames are changed: it tells what will go."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Refused
from media_library.frames.annotating import ANNOTATION_CHARACTERS
from media_library.frames.finding import FrameFilter, frames_of
from media_library.models import Frame

#: What a grid needs of each.
SHOWN = ("organization", "batch", "media__title", "second", "annotation", "left", "width", "height")
NOTES_SHOWN = 20
PICTURES_SHOWN = 24


def ask_before_deleting(request: HttpRequest, named: list[UUID], back: str) -> HttpResponse:
    """Raises Refused: nothing_chosen."""
    frames = _named(named)
    title = ngettext("Delete %(count)d frame?", "Delete %(count)d frames?", len(frames)) % {"count": len(frames)}
    annotated = sum(1 for frame in frames if frame.annotation or frame.left is not None)
    context = {**_context(request, frames, back), "title": title, "annotated": annotated}
    return render(request, "admin/media_library/frames/delete.html", context)


def ask_for_annotation(
    request: HttpRequest, named: list[UUID], back: str, *, typed: str | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The text for all of them, and whose texts go for it. Raises Refused: nothing_chosen."""
    frames = _named(named)
    noted = [frame for frame in frames if frame.annotation]
    title = ngettext("Annotate %(count)d frame", "Annotate %(count)d frames", len(frames)) % {"count": len(frames)}
    context = {
        **_context(request, frames, back),
        "title": title,
        "typed": _common(frames) if typed is None else typed,
        "noted": noted,
        "noted_shown": noted[:NOTES_SHOWN],
        "refusal": refusal,
        "most_characters": ANNOTATION_CHARACTERS,
    }
    status = refusal.status if refusal else 200
    return render(request, "admin/media_library/frames/annotate.html", context, status=status)


ASKED: Any = {"delete": ask_before_deleting, "annotate": ask_for_annotation}


def _named(named: list[UUID]) -> list[Frame]:
    frames = list(frames_of(FrameFilter()).filter(pk__in=named).select_related("media").only(*SHOWN))
    if not frames:
        raise Refused("nothing_chosen", _("These frames are gone already."))
    return frames


def _common(frames: list[Frame]) -> str:
    """The text they all have, to go on from; empty where they differ."""
    texts = {frame.annotation for frame in frames}
    return texts.pop() if len(texts) == 1 else ""


def _context(request: HttpRequest, frames: list[Frame], back: str) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "frames": frames,
        "pictures": frames[:PICTURES_SHOWN],
        "further": len(frames[PICTURES_SHOWN:]),
        "slug": request.organization.slug,  # type: ignore[attr-defined]
        "back": back,
    }
