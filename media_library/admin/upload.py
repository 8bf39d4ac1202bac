"""The upload page: a form that works without a script, and answers JSON to the one that shows progress."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core.errors import Refused, error_body
from media_library.forms import UploadForm
from media_library.services.uploads import largest_upload, upload_media
from media_library.wording import words_for_size

WRONG = "Please correct what is marked."


def upload_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The form, or where the new media is."""
    if request.method != "POST":
        return _form_page(model_admin, request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    location = _upload(request, form)
    if request.accepts("text/html"):
        return redirect(location) if location else _form_page(model_admin, request, form, status=400)
    return JsonResponse({"location": location}, status=201) if location else _refusal(form)


def _upload(request: HttpRequest, form: UploadForm) -> str | None:
    """The address of the new media; None when refused, and then the form says why."""
    if not form.is_valid():
        return None
    wanted = {name: form.cleaned_data[name] for name in ("file", "title", "captions")}
    try:
        media = upload_media(**wanted, by=request.user)
    except Refused as refusal:
        for name in refusal.fields or [None]:
            form.add_error(name, refusal.message)
        return None
    return reverse("admin:media_library_media_change", args=[media.pk])


def _refusal(form: UploadForm) -> JsonResponse:
    fields = {name: [str(error) for error in errors] for name, errors in form.errors.items() if name != "__all__"}
    words = next((str(error) for errors in form.errors.values() for error in errors), WRONG)
    return JsonResponse(error_body("invalid", words, fields), status=400)


def _form_page(model_admin: Any, request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    limit = largest_upload()
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Upload",
        "opts": model_admin.opts,
        "form": form,
        "limit": limit,
        "limit_words": words_for_size(limit),
    }
    return render(request, "admin/media_library/media/upload.html", context, status=status)
