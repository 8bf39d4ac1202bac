from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import OrganizationAdmin, OrganizationStackedInline
from core.admin.placed import PlacedRowsAdmin
from courses.admin.in_course import InCourse
from courses.admin.placed import QuestionFormSet
from courses.admin.question_form import QuestionForm, QuizForm
from courses.models import Question, Quiz
from courses.services.quizzes import write_quiz


class QuestionInline(OrganizationStackedInline):
    model = Question
    form = QuestionForm
    formset = QuestionFormSet
    fields = [
        ("position", "kind"), "prompt", "choices", "is_true", "accepted", ("value", "tolerance"), "feedback", "points",
    ]  # fmt: skip
    ordering_field = "position"


@admin.register(Quiz)
class QuizAdmin(PlacedRowsAdmin, OrganizationAdmin):
    form = QuizForm
    inlines = [QuestionInline]
    list_display = ["title", "question_count", "pass_mark", "max_attempts", "time_limit_minutes"]
    list_filter = [InCourse]
    search_fields = ["title"]
    ordering = ["title"]
    fieldsets = [
        (None, {"fields": ["title", "opened_as"]}),
        (
            _("Rules"),
            {
                "fields": [
                    ("pass_mark", "max_attempts", "time_limit_minutes"),
                    ("review", "grade_method"),
                    ("shuffles_questions", "shuffles_options"),
                ]
            },
        ),
    ]

    class Media:
        js = ("js/admin_questions.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(question_total=Count("questions"))

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Quiz, form: Any, change: bool) -> None:
        write_quiz(obj)

    @display(description=_("Questions"), ordering="question_total")
    def question_count(self, quiz: Any) -> int:
        return int(quiz.question_total)
