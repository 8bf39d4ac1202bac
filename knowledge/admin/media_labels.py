"""On the page of a media item: what it is about, to read and to edit, and what is related."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import can
from core.admin import panel
from core.errors import Refused
from core.forms import OpenedHereForm
from knowledge.labels.labelling import edit_labels, label_again, split_names
from knowledge.labels.reading import LabelsOfMedia, labels_of
from knowledge.labels.related import related_media
from knowledge.models.label import Sentiment
from media_library.models import Media

MEDIA_PAGE = "admin:media_library_media_change"
MOST_CHARACTERS = 5_000


class LabelsForm(OpenedHereForm):
    topics = forms.CharField(required=False, max_length=MOST_CHARACTERS)
    keywords = forms.CharField(required=False, max_length=MOST_CHARACTERS)
    sentiment = forms.ChoiceField(required=False, choices=[("", ""), *Sentiment.choices])


def label_urls() -> list[Any]:
    """Below `/admin/labels/`."""
    within = admin.site.admin_view
    return [
        path("media/<uuid:media_id>/", within(save_labels), name="back_office_media_labels"),
        path("media/<uuid:media_id>/again/", within(make_again), name="back_office_label_again"),
    ]


@panel("media_library.Media")
def labels_panel(request: HttpRequest, media: Media) -> SafeString:
    """Labels with who put them there, a form to change them, and related media."""
    labels = labels_of(media)
    here = request.organization  # type: ignore[attr-defined]
    context = {
        "media": media,
        "labels": labels,
        "topics": _joined(labels.topics),
        "keywords": _joined(labels.keywords),
        "sentiments": Sentiment.choices,
        "made_with": _made_with(labels),
        "related": related_media(media, user=request.user, organization=here),
        "opened_in": here.pk,
    }
    return render_to_string("admin/knowledge/media_labels.html", context, request)


@require_POST
def save_labels(request: HttpRequest, media_id: UUID) -> HttpResponse:
    """What was typed is what it is about from now on."""
    media = _media(request, media_id)
    form = LabelsForm(request.POST)
    try:
        _save(media, form, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The labels are saved."))
    return redirect(MEDIA_PAGE, media.pk)


@require_POST
def make_again(request: HttpRequest, media_id: UUID) -> HttpResponse:
    media = _media(request, media_id)
    label_again(media, by=request.user)
    messages.success(request, _("It is being labelled again. What people changed stays."))
    return redirect(MEDIA_PAGE, media.pk)


def _save(media: Media, form: LabelsForm, *, by: Any) -> None:
    if not form.is_valid():
        raise Refused("invalid", " ".join(str(told) for errors in form.errors.values() for told in errors))
    given = form.cleaned_data
    topics, keywords = split_names(given["topics"]), split_names(given["keywords"])
    edit_labels(media, topics=topics, keywords=keywords, sentiment=given["sentiment"], by=by)


def _media(request: HttpRequest, media_id: UUID) -> Media:
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or not can(request.user, "content.edit", organization):
        raise PermissionDenied
    found: Media = get_object_or_404(Media, pk=media_id)
    return found


def _joined(standing: list[Any]) -> str:
    return ", ".join(one.label.name for one in standing)


def _made_with(labels: LabelsOfMedia) -> str:
    """How the labels came there that no person put there."""
    made = labels.made
    if made is None or not made.origin:
        return ""
    if made.model:
        return _("Named by %(model)s, told by %(prompt)s.") % {"model": made.model, "prompt": made.prompt}
    return _("Counted: words that are said here again and again, and seldom in the rest of the library.")
