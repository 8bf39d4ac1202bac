"""The grading queue: what was handed in, what waits longest first, and the page on which one is answered."""

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, QuerySet, Value, When, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from core.admin import NotedByServices, OrganizationAdmin
from core.errors import Refused
from core.forms import OrganizationForm
from courses.handing_in.rules import plain_points
from courses.models import Course, Submission
from courses.models.assignment import SubmissionState
from courses.services.marking import grade, release, release_all, return_for_rework

ADDRESS = "admin:courses_submission_change"


class CourseFilter(admin.SimpleListFilter):
    title = _("course")
    parameter_name = "course"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        handed_in = Course.objects.filter(chapters__items__assignment__isnull=False).distinct()
        return [(str(key), title) for key, title in handed_in.order_by("title").values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        chosen = self.value()
        if chosen is None or chosen not in {str(key) for key, _title in self.lookup_choices}:
            return queryset
        return queryset.filter(enrollment__course=UUID(chosen))


class ReleasedFilter(admin.SimpleListFilter):
    title = _("released")
    parameter_name = "released"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Graded, not released")), ("yes", _("Released"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        if self.value() == "no":
            return queryset.filter(state=SubmissionState.GRADED, released_at=None)
        return queryset.filter(released_at__isnull=False) if self.value() == "yes" else queryset


class GradeForm(OrganizationForm):
    """Points and feedback, as far as they are given."""

    points = forms.DecimalField(
        label=_("Points"), required=False, max_digits=8, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget
    )
    feedback = forms.CharField(
        label=_("Feedback"), required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
        help_text=_("Plain text. The learner sees it with the release, or at once where you return the work."),
    )  # fmt: skip

    class Meta:
        model = Submission
        fields = ["points", "feedback"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "points" in self.fields and not self.instance._state.adding:
            words = gettext("0 to %(most)d.") % {"most": self.instance.assignment.points}
            self.fields["points"].help_text = words


@admin.register(Submission)
class SubmissionAdmin(NotedByServices, OrganizationAdmin):
    form = GradeForm
    list_display = ["learner", "title", "course", "number", "how", "submitted_at", "late", "earned", "released"]
    list_select_related = ["enrollment__user", "enrollment__course", "assignment"]
    list_filter = [
        CourseFilter, ("assignment", admin.RelatedOnlyFieldListFilter), ("state", admin.ChoicesFieldListFilter),
        "is_late", ReleasedFilter,
    ]  # fmt: skip
    search_fields = ["enrollment__user__name", "enrollment__user__email", "assignment__title"]
    fields = [
        "learner",
        "title",
        "course",
        "state_words",
        "submitted_at",
        "late",
        "work",
        "before",
        "points",
        "feedback",
    ]
    readonly_fields = ["learner", "title", "course", "state_words", "submitted_at", "late", "work", "before"]
    actions = ["release_selected"]

    class Media:
        css: ClassVar[Any] = {"all": ["css/admin_handing_in.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        """Drafts belong to their learners alone."""
        handed_in = super().get_queryset(request).exclude(state=SubmissionState.DRAFT)
        found: QuerySet[Submission] = handed_in.select_related(*self.list_select_related)
        return found

    def get_ordering(self, request: HttpRequest) -> Any:
        """What waits stands first, the longest waiting before the others."""
        return [Case(When(state=SubmissionState.SUBMITTED, then=Value(0)), default=Value(1)), "submitted_at", "pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("Learner"), ordering="enrollment__user__name")
    def learner(self, submission: Submission) -> str:
        return str(submission.enrollment.user)

    @display(description=_("Assignment"), ordering="assignment__title")
    def title(self, submission: Submission) -> str:
        return submission.assignment.title

    @display(description=_("Course"), ordering="enrollment__course__title")
    def course(self, submission: Submission) -> str:
        return submission.enrollment.course.title

    @display(description=_("State"), ordering="state", label={"submitted": "warning", "graded": "success"})
    def how(self, submission: Submission) -> tuple[str, str]:
        waits = submission.state == SubmissionState.SUBMITTED
        return str(submission.state), gettext("To grade") if waits else submission.get_state_display()

    @display(description=_("State"))
    def state_words(self, submission: Submission) -> str:
        return self.how(submission)[1]

    @display(description=_("Late"), ordering="is_late")
    def late(self, submission: Submission) -> str:
        return gettext("Late") if submission.is_late else "–"

    @display(description=_("Points"), ordering="points")
    def earned(self, submission: Submission) -> str:
        if submission.points is None:
            return "–"
        facts = {"earned": plain_points(submission.points), "points": submission.assignment.points}
        return gettext("%(earned)s of %(points)s") % facts

    @display(description=_("Released"), ordering="released_at", boolean=True)
    def released(self, submission: Submission) -> bool:
        return submission.is_released

    @display(description=_("Handed in"))
    def work(self, submission: Submission) -> SafeString:
        context = {
            "submission": submission,
            "files": submission.files.all(),
            "organization": submission.enrollment.course.organization,
        }
        return render_to_string("admin/courses/submission/work.html", context)

    @display(description=_("Others of this learner"))
    def before(self, submission: Any) -> SafeString:
        return render_to_string("admin/courses/submission/before.html", {"earlier": submission.others})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """With its files and the learner's other submissions, read once: the page asks for each field several times."""
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            prefetch_related_objects([row], "files")
            theirs = Submission.objects.filter(assignment=row.assignment_id, enrollment=row.enrollment_id)
            row.others = list(theirs.exclude(state=SubmissionState.DRAFT).exclude(pk=row.pk))
        return row

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was returned is closed; what comes next is a submission of its own."""
        return super().has_change_permission(request, obj) and (obj is None or obj.state != SubmissionState.RETURNED)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        row = options.get("obj")
        context["can_answer"] = row is not None and self.has_change_permission(request, row)
        context["can_return"] = row is not None and not row.is_released
        return super().render_change_form(request, context, **options)

    def save_model(self, request: HttpRequest, obj: Submission, form: Any, change: bool) -> None:
        """Returned, graded, or graded and released, as the button says."""
        feedback = form.cleaned_data["feedback"].replace("\r\n", "\n")
        if "_return" in request.POST:
            return_for_rework(obj, feedback=feedback, by=request.user)
            return
        grade(obj, points=_given(form.cleaned_data["points"]), feedback=feedback, by=request.user)
        if "_release" in request.POST:
            release(obj, by=request.user)

    def response_change(self, request: HttpRequest, obj: Submission) -> HttpResponse:
        self.message_user(request, self._said(request, obj), messages.SUCCESS)
        if "_next" not in request.POST:
            return self.response_post_save_change(request, obj)
        waiting = self.get_queryset(request).filter(state=SubmissionState.SUBMITTED).exclude(pk=obj.pk).first()
        if waiting is None:
            self.message_user(request, gettext("That was the last one: nothing waits to be graded."), messages.INFO)
            return self.response_post_save_change(request, obj)
        return redirect(reverse(ADDRESS, args=[waiting.pk]))

    def _said(self, request: HttpRequest, obj: Submission) -> str:
        learner = str(obj.enrollment.user)
        if "_return" in request.POST:
            return gettext("Returned to %(learner)s, who can read your feedback now.") % {"learner": learner}
        if "_release" in request.POST or obj.is_released:
            return gettext("Saved. %(learner)s sees the grade now.") % {"learner": learner}
        return gettext("Saved. %(learner)s sees the grade once you release it.") % {"learner": learner}

    @admin.action(description=_("Release selected"), permissions=["change"])
    def release_selected(self, request: HttpRequest, submissions: QuerySet[Submission]) -> None:
        chosen = list(submissions)
        count = release_all(chosen, by=request.user)
        words = ngettext("%(count)d grade was released.", "%(count)d grades were released.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)
        if skipped := len(chosen) - count:
            words = ngettext(
                "%(count)d submission has no grade that waits to be released.",
                "%(count)d submissions have no grade that waits to be released.",
                skipped,
            )
            self.message_user(request, words % {"count": skipped}, messages.WARNING)


def _given(points: Decimal | None) -> Decimal:
    if points is None:
        words = gettext("Give points.")
        raise Refused("points_missing", words, fields={"points": [words]})
    return points
