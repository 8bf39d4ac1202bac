from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from core.admin import OrganizationAdmin, OrganizationStackedInline
from courses.admin.placed import PlacedRowsAdmin, QuestionFormSet
from courses.forms import QuestionForm
from courses.models import Question, Quiz


class QuestionInline(OrganizationStackedInline):
    model = Question
    form = QuestionForm
    formset = QuestionFormSet
    fields = ["position", "prompt", "choices", "feedback", "points"]
    ordering_field = "position"


@admin.register(Quiz)
class QuizAdmin(PlacedRowsAdmin, OrganizationAdmin):
    inlines = [QuestionInline]
    list_display = ["title", "question_count", "pass_mark", "max_attempts"]
    search_fields = ["title"]
    ordering = ["title"]
    fields = ["title", ("pass_mark", "max_attempts")]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(question_total=Count("questions"))

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @display(description="Questions", ordering="question_total")
    def question_count(self, quiz: Any) -> int:
        return int(quiz.question_total)
