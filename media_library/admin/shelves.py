"""Categories and tags in the back office."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import OrganizationAdmin
from core.errors import Refused
from core.forms import OrganizationForm
from core.trees import in_tree
from media_library.models import Category, Tag
from media_library.services.shelving import (
    delete_category,
    delete_tag,
    refuse_category,
    refuse_tag,
    save_category,
    save_tag,
)
from media_library.tree import branches, with_all_inside

LIST = "admin:media_library_media_changelist"


class ShelfForm(OrganizationForm):
    """Says what the service would refuse where it was typed."""

    def clean(self) -> Any:
        cleaned = super().clean()
        try:
            self.refuse(cleaned)
        except Refused as refusal:
            self.add_error(next(iter(refusal.fields), None), refusal.message)
        return cleaned

    def refuse(self, cleaned: dict[str, Any]) -> None:
        raise NotImplementedError


class CategoryForm(ShelfForm):
    class Meta:
        model = Category
        fields = ["name", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            inside = with_all_inside(self.instance.pk)
            offered = [branch for branch in branches() if branch.row.pk not in inside]
            parent: Any = self.fields["parent"]
            parent.choices = [("", _("None: it stands at the top")), *((one.row.pk, one.words) for one in offered)]

    def refuse(self, cleaned: dict[str, Any]) -> None:
        parent = cleaned.get("parent")
        refuse_category(self.instance.pk, cleaned.get("name", ""), parent_id=parent.pk if parent else None)


class TagForm(ShelfForm):
    class Meta:
        model = Tag
        fields = ["name"]

    def refuse(self, cleaned: dict[str, Any]) -> None:
        refuse_tag(self.instance.pk, cleaned.get("name", ""))


class ShelfAdmin(OrganizationAdmin):
    """Deleting one keeps its media, so there is nothing to list but the shelf itself."""

    readonly_fields = ["slug"]
    list_per_page = 200
    counted: str

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(media_total=Count(self.counted))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [str(one) for one in objs], {}, set(), []

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self.delete_model(request, row)

    @display(description=_("Media"), ordering="media_total")
    def media_count(self, row: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', self.list_of(row), row.media_total)

    def list_of(self, row: Any) -> str:
        raise NotImplementedError


class CategoryList(ChangeList):
    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        return super().get_ordering(request, queryset) if ORDER_VAR in self.params else ["place"]


@admin.register(Category)
class CategoryAdmin(ShelfAdmin):
    """As the tree they are."""

    form = CategoryForm
    fields = ["name", "parent", "slug"]
    list_display = ["in_tree", "slug", "media_count"]
    search_fields = ["name", "slug"]
    counted = "media_categories"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Each row knows its place in the tree and how deep it stands."""
        rows: QuerySet = Category.objects.annotate(media_total=Count(self.counted))
        return in_tree(rows, branches())

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return CategoryList

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        save_category(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        delete_category(obj, by=request.user)

    @display(description=_("Name"), ordering="place")
    def in_tree(self, category: Any) -> SafeString:
        branch = "—" * category.depth
        return format_html("{} {}", branch, category.name) if branch else format_html("{}", category.name)

    def list_of(self, row: Category) -> str:
        return _list_with("category", row.pk)


@admin.register(Tag)
class TagAdmin(ShelfAdmin):
    form = TagForm
    fields = ["name", "slug"]
    list_display = ["name", "slug", "media_count"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    counted = "media_tags"

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        save_tag(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        delete_tag(obj, by=request.user)

    def list_of(self, row: Tag) -> str:
        return _list_with("tag", row.slug)


def _list_with(name: str, value: Any) -> str:
    return f"{reverse(LIST)}?{urlencode({name: value})}"
