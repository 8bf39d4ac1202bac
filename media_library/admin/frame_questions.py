"""What is asked before many frames are changed: it tells what will go."""

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Refused
from media_library.admin.frame_doors import targets, with_counts
from media_library.batches.extracting import MOST_FRAMES
from media_library.frames.annotating import ANNOTATION_CHARACTERS, annotate_frames, version_of
from media_library.frames.finding import FrameFilter, counts_by_batch, frames_of
from media_library.frames.outcome import Outcome
from media_library.models import Frame

#: What a grid needs of each.
SHOWN = ("organization", "batch", "media__title", "second", "annotation", "annotated_at", "left", "width", "height")
NOTES_SHOWN = 20
PICTURES_SHOWN = 24


def ask_before_deleting(request: HttpRequest, named: list[UUID], back: str) -> HttpResponse:
    """Raises Refused: nothing_chosen."""
    frames = _named(named)
    title = ngettext("Delete %(count)d frame?", "Delete %(count)d frames?", len(frames)) % {"count": len(frames)}
    annotated = sum(1 for frame in frames if frame.annotation or frame.left is not None)
    context = {**_context(request, frames, back), "title": title, "annotated": annotated}
    return render(request, "admin/media_library/frames/delete.html", context)


def ask_for_batch(request: HttpRequest, named: list[UUID], back: str, refusal: Refused) -> HttpResponse:
    """Where to, once more, after a refusal: those that are chosen stay so. Raises Refused: nothing_chosen."""
    frames = _named(named)
    title = ngettext("Move %(count)d frame", "Move %(count)d frames", len(frames)) % {"count": len(frames)}
    context = {
        **_context(request, frames, back),
        "title": title,
        "refusal": refusal,
        "targets": with_counts(targets(), counts_by_batch()),
        "wished": request.POST.get("batch", ""),
        "most_frames": MOST_FRAMES,
    }
    return render(request, "admin/media_library/frames/move.html", context, status=refusal.status)


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
        "version": version_of_many(frames),
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


def annotate_asked(named: list[UUID], *, annotation: str, version: str | None, by: Any) -> Outcome:
    """Nobody else's text that one was not told of is written over.

    Raises Refused like `annotate_frames`, and annotated_meanwhile (409).
    """
    with transaction.atomic():
        held = list(Frame.objects.select_for_update(of=("self",)).filter(pk__in=named).order_by("pk"))
        if version is not None and held and version != version_of_many(held):
            words = _(
                "Somebody wrote on one of them meanwhile. Look at what is there now, and save again if you mean it."
            )
            raise Refused("annotated_meanwhile", words, status=409)
        return annotate_frames(named, annotation=annotation, by=by)


def version_of_many(frames: list[Frame]) -> str:
    """What tells two states of their texts apart."""
    states = sorted(f"{frame.pk} {version_of(frame)}" for frame in frames if frame.annotation)
    return hashlib.sha256("\n".join(states).encode()).hexdigest()


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
