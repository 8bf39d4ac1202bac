"""One frame, large: what is noted on it, and what else it is good for."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from media_library.admin.frame_doors import refused, require_maker, targets
from media_library.admin.frame_forms import SIDES, AnnotationForm
from media_library.frames.annotating import annotate_frame, region_of, version_of
from media_library.frames.finding import neighbors_of
from media_library.frames.using import begin_chapter, show_as_thumbnail
from media_library.models import Frame
from media_library.wording import clock_time

PAGE = "back_office_frame"


@require_http_methods(["GET", "HEAD", "POST"])
def frame_page(request: HttpRequest, frame_id: UUID) -> HttpResponse:
    """What was typed stays typed where it cannot be saved."""
    if (elsewhere := refused(request)) is not None:
        return elsewhere
    frame = _frame(frame_id)
    if request.method != "POST":
        return _shown(request, frame, AnnotationForm(initial=_written(frame)))
    require_maker(request)
    form = AnnotationForm(request.POST)
    if not form.is_valid():
        return _shown(request, frame, form, status=400)
    try:
        annotate_frame(
            frame, annotation=form.cleaned_data["annotation"], region=form.region, by=request.user,
            version=form.cleaned_data["version"],
        )  # fmt: skip
    except Refused as refusal:
        return _shown(request, frame, _told(form, refusal, _frame(frame_id)), status=refusal.status)
    messages.success(request, _("Saved."))
    return redirect(PAGE, frame.pk)


@require_POST
def use_frame(request: HttpRequest, frame_id: UUID) -> HttpResponse:
    """As the picture of its media, or for a chapter that begins at its second."""
    require_maker(request)
    frame = _frame(frame_id)
    try:
        if "title" in request.POST:
            begin_chapter(frame, title=request.POST["title"], by=request.user)
            messages.success(request, _("A chapter begins here now."))
        else:
            show_as_thumbnail(frame, by=request.user)
            messages.success(request, _("The picture stands for its media now."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(PAGE, frame.pk)


def _frame(frame_id: UUID) -> Frame:
    frames = Frame.objects.select_related("media", "batch__project", "annotated_by")
    found: Frame = get_object_or_404(frames, pk=frame_id)
    return found


def _written(frame: Frame) -> dict[str, Any]:
    region = region_of(frame)
    sides = {name: f"{getattr(region.percent, name):g}" for name in SIDES} if region else {}
    return {"annotation": frame.annotation, "version": version_of(frame), **sides}


def _told(form: AnnotationForm, refusal: Refused, now: Frame) -> AnnotationForm:
    """The form again with the refusal. It tells what somebody wrote meanwhile: whoever saves again means it."""
    typed = {name: form[name].value() for name in ("annotation", *SIDES)}
    told = AnnotationForm({**typed, "version": version_of(now)})
    told.is_valid()
    told.add_error("annotation" if "annotation" in refusal.fields else None, refusal.message)
    return told


def _shown(request: HttpRequest, frame: Frame, form: AnnotationForm, *, status: int = 200) -> HttpResponse:
    before, after = neighbors_of(frame)
    time = clock_time(frame.second)
    context = {
        **admin.site.each_context(request),
        "title": _("%(media)s at %(time)s") % {"media": frame.media, "time": time},
        "frame": frame,
        "form": form,
        "region": _typed(form),
        "before": before,
        "after": after,
        "time": time,
        "second": int(frame.second),
        "slug": request.organization.slug,  # type: ignore[attr-defined]
        "targets": targets(),
    }
    return render(request, "admin/media_library/frames/frame.html", context, status=status)


def _typed(form: AnnotationForm) -> dict[str, Any]:
    """What the fields say, to be drawn."""
    return {name: form[name].value() or 0 for name in SIDES}
