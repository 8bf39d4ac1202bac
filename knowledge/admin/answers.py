"""Questions and answers in the back office, to look at: what is asked, what helps, what the material does not hold."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import OrganizationAdmin, ReadOnly
from knowledge.asking.keeping import settled
from knowledge.asking.reviewing import about_what, answers_for_makers, fault_words
from knowledge.asking.shown import shown_answers
from knowledge.models import Answer, Citation
from knowledge.models.conversation import AnswerState, Thumb

STATES = {AnswerState.ANSWERED: "success", AnswerState.NOT_HELD: "warning", AnswerState.BROKEN: "danger"}
THUMBS = {Thumb.UP: "success", Thumb.DOWN: "danger"}


@admin.register(Answer)
class AnswerAdmin(ReadOnly, OrganizationAdmin):
    """Nowhere who asked: neither shown, nor searched or filtered for."""

    list_display = ["question", "about", "outcome", "opinion", "model", "prompt", "dollars", "created_at"]
    list_filter = ["thumb", "state", "manner", "conversation__reach", "created_at"]
    search_fields = ["question"]
    change_form_template = "admin/knowledge/answer.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return answers_for_makers()

    @display(description=_("About"))
    def about(self, answer: Answer) -> str:
        return about_what(answer)

    @display(description=_("Outcome"), ordering="state", label=STATES)
    def outcome(self, answer: Answer) -> tuple[str, str]:
        return settled(answer).state, answer.get_state_display()

    @display(description=_("Thumb"), ordering="thumb", label=THUMBS)
    def opinion(self, answer: Answer) -> tuple[str, str]:
        return answer.thumb, answer.get_thumb_display() if answer.thumb else "–"

    @display(description=_("Cost"), ordering="cost")
    def dollars(self, answer: Any) -> str:
        return f"${answer.cost:.4f}"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One answer, as the person saw it; its citations open what this reader may open."""
        if not self.has_view_permission(request) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        answer = self._found(request, object_id)
        (shown,) = shown_answers([answer], user=request.user, organization=request.organization)  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request), "title": answer.question, "opts": self.opts, "shown": shown,
            "answer": settled(answer), "about": about_what(answer), "fault": fault_words(answer),
        }  # fmt: skip
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.change_form_template, context)

    def _found(self, request: HttpRequest, object_id: str | None) -> Answer:
        cited = Prefetch("citations", Citation.objects.order_by("number"))
        try:
            return get_object_or_404(self.get_queryset(request).prefetch_related(cited), pk=UUID(object_id or ""))
        except ValueError:
            raise Http404 from None
