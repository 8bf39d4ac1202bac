"""Courses in the back office; how they are put together: courses.admin.builder."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.admin import OrganizationAdmin
from core.errors import Refused
from courses.access import makers_here
from courses.admin.builder import builder_urls, outline_context
from courses.admin.course_files import course_file_urls
from courses.admin.forms import CourseForm
from courses.models import Course
from courses.services.authoring import free_address, save_course
from courses.services.covers import set_cover
from courses.services.publishing import publish_course, unpublish_course
from courses.services.removing import delete_course


@admin.register(Course)
class CourseAdmin(OrganizationAdmin):
    form = CourseForm
    change_form_template = "admin/courses/course/change_form.html"
    list_display = ["title", "publication", "level", "chapter_count", "learner_count", "updated_at"]
    list_filter = ["is_published", "level", "status"]
    search_fields = ["title", "description"]
    ordering = ["title"]
    actions = ["publish_selected", "unpublish_selected"]
    actions_detail = ["view_as_learner"]
    actions_submit_line = ["publish", "unpublish"]
    fieldsets = [
        (None, {"fields": ["title", "description", "objectives", "cover", "opened_as"]}),
        (_("About"), {"classes": ["tab"], "fields": [
            "slug", ("level", "estimated_hours"), "category", "instructors",
        ]}),
        (_("Access"), {"classes": ["tab"], "fields": ["access", "seats", ("opens_at", "closes_at")]}),
        (_("Watching"), {"classes": ["tab"], "fields": ["watched_from", "watched_slides"]}),
        (_("Certificate"), {"classes": ["tab"], "fields": ["awards_certificate", "certificate_signer"]}),
    ]  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        return [*builder_urls(self), *course_file_urls(self), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        if (course := options.get("obj")) is not None:
            context |= outline_context(course) | {"show_save_and_add_another": False}
        return super().render_change_form(request, context, **options)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_totals()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.base_fields["slug"].required = False
        form.base_fields["slug"].help_text = _("Last part of the address; made of the title if left empty.")
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "instructors":
            kwargs["queryset"] = makers_here().order_by("name", "email")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        obj.slug = obj.slug or free_address(obj.title)
        save_course(obj)
        if picture := form.cleaned_data.get("cover"):
            self._set_cover(request, obj, picture)

    def _set_cover(self, request: HttpRequest, course: Course, picture: Any) -> None:
        """A picture that cannot be used does not take the rest of the form along."""
        try:
            set_cover(course, picture)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A course with learners is unpublished, not deleted: deleting takes along what they have done."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.enrollments.exists())

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Somebody may enroll while one is asked whether one means it."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect("admin:courses_course_change", object_id)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its chapters and items go along, though they have no page to delete them on."""
        shown, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Course) -> None:
        delete_course(obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """Courses are deleted one by one, where their learners are counted."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @display(description=_("Status"), ordering="is_published", label={"published": "success", "draft": "warning"})
    def publication(self, course: Course) -> tuple[str, Any]:
        return ("published", _("Published")) if course.is_published else ("draft", _("Draft"))

    @display(description=_("Chapters"), ordering="chapter_total")
    def chapter_count(self, course: Any) -> int:
        return course.chapter_total or 0

    @display(description=_("Learners"), ordering="learner_total")
    def learner_count(self, course: Any) -> int:
        return course.learner_total or 0

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish_selected(self, request: HttpRequest, courses: QuerySet) -> None:
        done = [course for course in courses if self._publish(request, course)]
        if done:
            self.message_user(
                request, gettext("Published: %(courses)s.") % {"courses": _listed(done)}, messages.SUCCESS
            )

    @admin.action(description=_("Unpublish"), permissions=["change"])
    def unpublish_selected(self, request: HttpRequest, courses: QuerySet) -> None:
        for course in courses:
            unpublish_course(course, by=request.user)
        words = gettext("Unpublished: %(courses)s.") % {"courses": _listed(courses)}
        self.message_user(request, words, messages.SUCCESS)

    @action(description=_("Save and publish"), permissions=["change"])
    def publish(self, request: HttpRequest, course: Course) -> None:
        if self._publish(request, course):
            self.message_user(request, gettext("“%(course)s” is published.") % {"course": course}, messages.SUCCESS)

    @action(description=_("Save and unpublish"), permissions=["change"])
    def unpublish(self, request: HttpRequest, course: Course) -> None:
        unpublish_course(course, by=request.user)
        self.message_user(request, gettext("“%(course)s” is a draft again.") % {"course": course}, messages.SUCCESS)

    @action(description=_("Preview as learner"), icon="visibility")
    def view_as_learner(self, request: Any, object_id: str) -> HttpResponse:
        course = get_object_or_404(Course, pk=object_id)
        return redirect("courses:course", organization=request.organization.slug, course=course.slug)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The buttons that publish look at the whole course, so they work when all of it is saved."""
        super().save_related(request, form, formsets, change)
        for pressed in self._pressed(request, form.instance):
            pressed.method(request, form.instance)

    def response_post_save_change(self, request: HttpRequest, obj: Course) -> HttpResponse:
        """Whoever publishes stays on the course: there may be something to mend."""
        if self._pressed(request, obj):
            return redirect("admin:courses_course_change", obj.pk)
        return super().response_post_save_change(request, obj)

    def response_post_save_add(self, request: HttpRequest, obj: Course) -> HttpResponse:
        """What comes next is its outline."""
        return redirect(reverse("admin:courses_course_change", args=[obj.pk]) + "#outline")

    def _pressed(self, request: HttpRequest, course: Course) -> list[Any]:
        actions = self.get_actions_submit_line(request, course.pk)
        return [action for action in actions if action.action_name in request.POST]

    def _publish(self, request: HttpRequest, course: Course) -> bool:
        try:
            publish_course(course, by=request.user)
        except Refused as refusal:
            words = gettext("“%(course)s” was not published. %(why)s")
            self.message_user(request, words % {"course": course, "why": refusal.message}, messages.ERROR)
            return False
        return True


def _listed(courses: Any) -> str:
    return ", ".join(map(str, courses))
