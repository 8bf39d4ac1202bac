"""The grid of frames in the back office: batch by batch, fetched when opened, many changed at once."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refused
from media_library.admin.frame_doors import PAGE, refused, require_maker, targets, way_back, with_counts
from media_library.admin.frame_forms import ChangeForm, FrameFilterForm
from media_library.admin.frame_page import frame_page, use_frame
from media_library.admin.frame_questions import ASKED, SHOWN, annotate_asked, ask_for_annotation, ask_for_batch
from media_library.batches.extracting import MOST_FRAMES
from media_library.frames.deleting import delete_frames
from media_library.frames.exporting import export_frames
from media_library.frames.finding import FrameFilter, batches_in_order, counts_by_batch, frames_of
from media_library.frames.moving import move_frames
from media_library.frames.outcome import MOST_AT_ONCE, Outcome, refuse_too_many
from media_library.models import UploadBatch

BATCHES_A_PAGE = 50
FRAMES_A_PAGE = 50
SENT = {"project": "project", "batch": "batch", "media": "media", "words": "q"}


def frame_urls() -> list[Any]:
    """Below `/admin/frames/`."""
    within = admin.site.admin_view
    return [
        path("", within(frames_page), name=PAGE),
        path("batches/<uuid:batch_id>/", within(batch_section), name="back_office_batch_frames"),
        path("change/", within(change_frames), name="back_office_frames_change"),
        path("export/", within(export_found), name="back_office_frames_export"),
        path("<uuid:frame_id>/", within(frame_page), name="back_office_frame"),
        path("<uuid:frame_id>/use/", within(use_frame), name="back_office_frame_use"),
    ]


@require_safe
def frames_page(request: HttpRequest) -> HttpResponse:
    """A section for each batch that holds what is asked for; of one batch alone its frames at once."""
    if (elsewhere := refused(request)) is not None:
        return elsewhere
    form = FrameFilterForm(request.GET)
    wanted = form.wanted()
    counts = counts_by_batch(wanted)
    page = Paginator(batches_in_order(counts), BATCHES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        **(_section(request, wanted) if wanted.batch else {}),
        "title": _("Frames"),
        "form": form,
        "wanted": wanted,
        "page": page,
        "batches": with_counts(page.object_list, counts),
        "query": _query(wanted),
        "query_of_batches": _query(replace(wanted, batch=None)),
        "targets": with_counts(targets(), counts_by_batch() if wanted else counts),
        "most_frames": MOST_FRAMES,
        "most_at_once": MOST_AT_ONCE,
    }
    return render(request, "admin/media_library/frames/grid.html", context)


@require_safe
def batch_section(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The frames of one batch, a page of them, without a page around."""
    if (elsewhere := refused(request)) is not None:
        return elsewhere
    batch = get_object_or_404(UploadBatch, pk=batch_id)
    wanted = replace(FrameFilterForm(request.GET).wanted(), batch=batch.pk)
    return render(request, "admin/media_library/frames/section.html", _section(request, wanted))


@require_POST
def change_frames(request: HttpRequest) -> HttpResponseBase:
    """Move, annotate, delete or export those that are chosen; one is asked before notes or frames go."""
    organization, back = require_maker(request), way_back(request)
    form = ChangeForm(request.POST)
    try:
        named = refuse_too_many(_keys(request.POST.getlist("frame")))
        if not form.is_valid():
            raise Refused("unknown_verb", _("Please choose what to do with them."))
        sent = form.cleaned_data
        if sent["do"] == "export":
            return export_frames(frames_of(FrameFilter()).filter(pk__in=named), name=f"{organization.slug}-frames")
        if sent["do"] in ASKED and not sent["sure"]:
            return ASKED[sent["do"]](request, named, back)
        if sent["do"] == "annotate":
            return _annotated(request, named, sent, back)
        if sent["do"] == "move":
            return _moved(request, named, sent["batch"], back)
        messages.success(request, _told(delete_frames(named, by=request.user), _("Deleted: %d.")))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(back)


@require_safe
def export_found(request: HttpRequest) -> HttpResponseBase:
    """A zip of all that the filters find, such as a batch."""
    if (elsewhere := refused(request)) is not None:
        return elsewhere
    wanted, slug = FrameFilterForm(request.GET).wanted(), request.organization.slug  # type: ignore[attr-defined]
    batch = UploadBatch.objects.filter(pk=wanted.batch).first() if wanted.batch else None
    try:
        return export_frames(frames_of(wanted), name=f"{slug}-{batch or 'frames'}")
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(PAGE)


def _section(request: HttpRequest, wanted: FrameFilter) -> dict[str, Any]:
    found = frames_of(wanted).select_related("media").only(*SHOWN)
    page = Paginator(found, FRAMES_A_PAGE).get_page(request.GET.get("part"))
    slug = request.organization.slug  # type: ignore[attr-defined]
    return {"frames": page, "slug": slug, "batch_id": wanted.batch, "query": _query(wanted)}


def _query(wanted: FrameFilter) -> str:
    """The filters as the address carries them."""
    told = {SENT[name]: value for name, value in asdict(wanted).items() if name in SENT and value}
    if wanted.annotated is not None:
        told["annotated"] = "1" if wanted.annotated else "0"
    return urlencode(told)


def _keys(sent: list[str]) -> Iterator[UUID]:
    """What is no key names no frame."""
    for one in sent:
        try:
            yield UUID(one)
        except ValueError:
            continue


def _annotated(request: HttpRequest, named: list[UUID], sent: dict[str, Any], back: str) -> HttpResponse:
    """What cannot be saved is asked once more, with what was typed. Raises Refused where they are all gone."""
    annotation, version = sent["annotation"], request.POST.get("version")
    try:
        outcome = annotate_asked(named, annotation=annotation, version=version, by=request.user)
    except Refused as refusal:
        return ask_for_annotation(request, named, back, typed=annotation, refusal=refusal)
    messages.success(request, _told(outcome, _("Annotated: %d.") if annotation else _("Texts taken away: %d.")))
    return redirect(back)


def _moved(request: HttpRequest, named: list[UUID], target: UUID | None, back: str) -> HttpResponse:
    """Where it does not go, the choice stays. Raises Refused where they are all gone."""
    try:
        batch = UploadBatch.objects.filter(pk=target).first()
        if batch is None:
            raise Refused("no_batch", _("Please choose the batch to move them to."))
        outcome = move_frames(named, to=batch, by=request.user)
    except Refused as refusal:
        return ask_for_batch(request, named, back, refusal)
    messages.success(request, _told(outcome, _("Moved: %d.")))
    return redirect(back)


def _told(outcome: Outcome, words: str) -> str:
    """What was done, and what was not."""
    told = [words % len(outcome.done)]
    if outcome.kept:
        told.append(_("So already: %d.") % len(outcome.kept))
    if outcome.gone:
        told.append(_("Gone meanwhile: %d.") % len(outcome.gone))
    return " ".join(told)
