"""Collections in the back office: as the tree they are, with their courses in order."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from accounts.services.locking import lock_organization
from core.admin import OrganizationAdmin, OrganizationInline
from core.admin.held import HeldForm, HeldFormSet
from core.admin.placed import PlacedRowsAdmin
from core.errors import Refused
from core.tenancy import current_organization_id
from core.trees import in_tree
from courses.admin.careful_form import CarefulForm
from courses.admin.forms import LONG_TEXT
from courses.catalog.collecting import tree_of_collections
from courses.models import CollectedCourse, Collection
from courses.services.collections import (
    delete_collection,
    inside_of,
    locked_entries,
    refuse_collection,
    remove_course,
    save_collection,
    save_entry,
)


class CollectionForm(CarefulForm):
    """Says what the service would refuse where it was typed."""

    place = forms.IntegerField(
        label=_("Place"), required=False, min_value=1, widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Among its neighbors, from 1. Empty: as it is, or at the end."),
    )  # fmt: skip

    class Meta:
        model = Collection
        fields = ["title", "slug", "description", "parent"]
        widgets = {"description": LONG_TEXT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" not in self.fields:
            return
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Last part of the address; made of the title if left empty.")
        inside = inside_of(self.instance.pk)
        offered = [(one.row.pk, one.words) for one in tree_of_collections() if one.row.pk not in inside]
        parent: Any = self.fields["parent"]
        parent.choices = [("", _("None: it stands at the top")), *offered]
        if not self.instance._state.adding:
            self.fields["place"].initial = self.instance.position

    def lock_around(self) -> None:
        lock_organization(current_organization_id())

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                refuse_collection(self.instance)
            except Refused as refusal:
                self.add_error(next(iter(refusal.fields), None), refusal.message)


class CollectedCourseForm(HeldForm):
    holds = "course"


class CollectedCourseFormSet(HeldFormSet):
    def lock(self) -> None:
        locked_entries(self.instance)

    def write(self, row: CollectedCourse) -> CollectedCourse:
        return save_entry(row, by=self.by)

    def delete_existing(self, obj: CollectedCourse, commit: bool = True) -> None:
        remove_course(obj.collection, obj.course, by=self.by)


class CollectedCourseInline(OrganizationInline):
    model = CollectedCourse
    form = CollectedCourseForm
    formset = CollectedCourseFormSet
    hide_title = True
    fields = ["position", "course"]
    ordering_field = "position"
    autocomplete_fields = ["course"]
    verbose_name = _("course")
    verbose_name_plural = _("courses")
    max_num = 150

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("course")


class CollectionList(ChangeList):
    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        return super().get_ordering(request, queryset) if ORDER_VAR in self.params else ["place"]


@admin.register(Collection)
class CollectionAdmin(PlacedRowsAdmin, OrganizationAdmin):
    form = CollectionForm
    inlines = [CollectedCourseInline]
    fields = ["title", "description", ("parent", "place"), "slug", "opened_as"]
    list_display = ["in_tree", "slug", "course_count"]
    search_fields = ["title", "slug", "description"]
    list_per_page = 200
    actions_detail = ["view_as_learner"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Each row knows its place in the tree and how deep it stands."""
        rows: QuerySet = Collection.objects.annotate(course_total=Count("entries"))
        return in_tree(rows, tree_of_collections())

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return CollectionList

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its courses stay, so there is nothing to list but the collection itself."""
        return [str(one) for one in objs], {}, set(), []

    def save_model(self, request: HttpRequest, obj: Collection, form: Any, change: bool) -> None:
        wish = form.cleaned_data["place"] if "place" in form.changed_data else None
        save_collection(obj, by=request.user, position=wish)

    def delete_model(self, request: HttpRequest, obj: Collection) -> None:
        delete_collection(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for collection in queryset:
            delete_collection(collection, by=request.user)

    @display(description=_("Title"), ordering="place")
    def in_tree(self, collection: Any) -> SafeString:
        branch = "—" * collection.depth
        return format_html("{} {}", branch, collection.title) if branch else format_html("{}", collection.title)

    @display(description=_("Courses"), ordering="course_total")
    def course_count(self, collection: Any) -> int:
        return int(collection.course_total)

    @action(description=_("View as learner"), icon="visibility")
    def view_as_learner(self, request: Any, object_id: str) -> HttpResponse:
        collection = get_object_or_404(Collection, pk=object_id)
        return redirect("courses:collection", organization=request.organization.slug, collection=collection.slug)
