"""Drafts in the back office: what waits for review, and what is done with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from core.admin import NotedByServices, OrganizationAdmin, panel, told
from core.errors import Refused
from knowledge.drafting.forms import PartForm, PlacementForm, edited_content, part_forms
from knowledge.drafting.generating import cost_of, generate_draft, is_out_of_date, job_of, missing_for, stop_draft
from knowledge.drafting.placing import offered_chapters
from knowledge.drafting.reviewing import accept_draft, content_of, edit_draft, items_of, refuse_draft, version_of
from knowledge.drafting.sentences import Sentence, sentences_of
from knowledge.models import Draft, DraftKind, DraftState
from media_library.models import Media

CHANGE = "admin:knowledge_draft_change"
COLORS = {
    DraftState.GENERATING: "info", DraftState.READY: "warning", DraftState.FAILED: "danger",
    DraftState.ACCEPTED: "success",
}  # fmt: skip
DRAFTS_SHOWN = 5


@dataclass(frozen=True)
class Shown:
    """A part beside the sentences it stands on."""

    form: PartForm
    sentences: list[Sentence]


@admin.register(Draft)
class DraftAdmin(NotedByServices, OrganizationAdmin):
    list_display = ("about", "what", "how", "made_by", "created_at")
    list_display_links = ("about",)
    list_select_related = ("media", "made_by")
    list_filter = ("state", "kind", "created_at")
    search_fields = ("media__title",)
    change_form_template = "admin/knowledge/draft.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # it is asked for on the page of a media item

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it is refused instead

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        found: QuerySet[Draft] = super().get_queryset(request).defer("content", "pieces", "left_out")
        return found

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("write/<uuid:media_id>/", wrap(require_POST(self.write_view)), name="knowledge_draft_write"),
            path("<uuid:draft_id>/stop/", wrap(require_POST(self.stop_view)), name="knowledge_draft_stop"),
            *super().get_urls(),
        ]

    @display(description=_("About"), ordering="media__title")
    def about(self, draft: Draft) -> str:
        return draft.media.title

    @display(description=_("Draft"), ordering="kind")
    def what(self, draft: Draft) -> str:
        return draft.get_kind_display()

    @display(description=_("State"), ordering="state", label=COLORS)
    def how(self, draft: Draft) -> tuple[str, str]:
        return draft.state, draft.get_state_display()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One draft, each part beside what it stands on; read by whoever sees the list, changed by makers."""
        draft = self._found(request, object_id)
        can_change = self.has_change_permission(request, draft)
        if request.method == "POST" and not can_change:
            raise PermissionDenied
        parts, place = self._forms(draft, request.POST if request.method == "POST" else None)
        is_search = "_find" in request.POST
        if request.method == "POST" and not is_search and self._is_done(request, draft, parts, place):
            return redirect(CHANGE, draft.pk)
        context = {**self._context(request, draft), "parts": self._shown(draft, parts), "place": place}
        if can_change and draft.state == DraftState.READY and draft.kind != DraftKind.CHAPTERS:
            context["offers"] = offered_chapters(draft, words=place.sought, chosen=place.chosen)
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.change_form_template, {**context, "can_change": can_change})

    def write_view(self, request: HttpRequest, media_id: UUID) -> HttpResponse:
        """A button on the page of a media item, or “Try again”."""
        media = get_object_or_404(Media, pk=media_id)
        if not self.has_change_permission(request):
            raise PermissionDenied
        draft: Any = self._write(request, media)
        return redirect(CHANGE, draft.pk) if draft else redirect("admin:media_library_media_change", media.pk)

    def stop_view(self, request: HttpRequest, draft_id: UUID) -> HttpResponse:
        draft = get_object_or_404(Draft, pk=draft_id)
        if not self.has_change_permission(request, draft):
            raise PermissionDenied
        stop_draft(draft)
        self.message_user(request, gettext("Nothing more is written."), messages.SUCCESS)
        return redirect(CHANGE, draft.pk)

    def _found(self, request: HttpRequest, object_id: str | None) -> Draft:
        whole = Draft.objects.select_related("media__transcript", "transcript", "item__chapter", "reviewed_by")
        if object_id is None:
            raise Http404
        try:
            draft = get_object_or_404(whole, pk=UUID(object_id))
        except ValueError:
            raise Http404 from None
        if not self.has_view_or_change_permission(request, draft):
            raise PermissionDenied
        return draft

    def _forms(self, draft: Draft, data: Any) -> tuple[list[PartForm], PlacementForm]:
        """Parts are edited while it waits for review, and shown afterwards."""
        items = items_of(draft) if draft.state == DraftState.READY else ()
        start = {"seen": version_of(draft), "chapter": items[0].chapter_id if items else None}
        place = PlacementForm(data, kind=draft.kind, initial=start)
        if draft.state in (DraftState.GENERATING, DraftState.FAILED):
            return [], place
        return part_forms(draft.kind, content_of(draft), data), place

    def _is_done(self, request: HttpRequest, draft: Draft, parts: list[PartForm], place: PlacementForm) -> bool:
        typed = [] if "_refuse" in request.POST else parts  # what is refused need not be right
        if not all([place.is_valid(), *(part.is_valid() for part in typed)]):
            self.message_user(request, gettext("Nothing was saved: please look at what is marked."), messages.ERROR)
            return False
        try:
            self._do(request, draft, parts, place)
        except Refused as refusal:
            self.message_user(request, _in_words(refusal), messages.ERROR)
            return False
        return True

    @transaction.atomic
    def _do(self, request: HttpRequest, draft: Draft, parts: list[PartForm], place: PlacementForm) -> None:
        """As the button says: all of it or nothing."""
        if "_refuse" in request.POST:
            refuse_draft(draft, by=request.user)
            self.message_user(request, gettext("Refused. Nothing of it is used."), messages.SUCCESS)
            return
        content = edited_content(draft.kind, parts)
        edit_draft(draft, content, by=request.user, seen=place.cleaned_data["seen"])
        if "_accept" not in request.POST:
            self.message_user(request, gettext("Saved. It still waits to be accepted."), messages.SUCCESS)
            return
        accept_draft(draft, by=request.user, chapter=place.cleaned_data.get("chapter"))
        self.message_user(request, _accepted_words(draft), messages.SUCCESS)

    @told
    def _write(self, request: HttpRequest, media: Media) -> Any:
        draft = generate_draft(media, request.POST.get("kind", ""), by=request.user)
        self.message_user(request, gettext("A draft is being written. It waits here for your review."), messages.INFO)
        return draft

    def _shown(self, draft: Draft, parts: list[PartForm]) -> list[Shown]:
        sentences = sentences_of(draft, [part.part for part in parts])
        return [Shown(form, said) for form, said in zip(parts, sentences, strict=True)]

    def _context(self, request: HttpRequest, draft: Draft) -> dict[str, Any]:
        slug = request.organization.slug  # type: ignore[attr-defined]
        return {
            **self.admin_site.each_context(request),
            "title": str(draft),
            "opts": self.opts,
            "draft": draft,
            "cost": cost_of(draft),
            "job": job_of(draft) if draft.state == DraftState.GENERATING else None,
            "is_out_of_date": draft.state == DraftState.READY and is_out_of_date(draft),
            "watch_url": reverse("media_library:watch", args=[slug, draft.media_id]),
        }


@panel("media_library.Media")
def drafts_panel(request: HttpRequest, media: Media) -> SafeString:
    """Buttons that have something drafted, or what is missing for them; and the latest drafts. One statement."""
    reason = {kind: missing_for(kind) if media.transcript_id else _needs_words() for kind in DraftKind.values}
    reasons = list(dict.fromkeys(filter(None, reason.values())))
    context = {
        "media": media,
        "kinds": [(kind, reasons.index(reason[kind]) + 1 if reason[kind] else 0) for kind in DraftKind.values],
        "reasons": reasons,
        "drafts": list(media.drafts.defer("content", "pieces", "left_out").order_by("-id")[:DRAFTS_SHOWN]),
    }
    return render_to_string("admin/knowledge/drafts_panel.html", context, request)


def _needs_words() -> str:
    return gettext("There is no transcript yet. Drafts are written from what is said.")


def _accepted_words(draft: Draft) -> str:
    if draft.kind == DraftKind.CHAPTERS:
        return gettext("Accepted: the player shows these chapters.")
    return gettext("Accepted: it stands in the course as a draft item. Publish it there.")


def _in_words(refusal: Refused) -> str:
    return " ".join([refusal.message, *_sentences(refusal)])


def _sentences(refusal: Refused) -> Iterator[str]:
    for words in refusal.fields.values():
        yield from (one for one in words if one != refusal.message)
