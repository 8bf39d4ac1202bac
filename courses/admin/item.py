"""Pages of one chapter and of one item, opened from the outline of their course and leading back to it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.admin import OrganizationAdmin
from courses.admin.forms import ChapterForm, ContentItemForm
from courses.content import HOLDS
from courses.models import Chapter, ContentItem
from courses.services.authoring import save_chapter, save_item

#: What stands in the item itself; a quiz, an assignment and a resource have pages of their own.
WRITTEN_HERE = ("media", "text", "quiz")


class OutlinePage(OrganizationAdmin):
    """Made, moved and deleted in the outline; here is what one row says."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return redirect(outline_of(obj))

    @admin.display(description=_("Course"))
    def back(self, row: Any) -> SafeString:
        words = row.course if isinstance(row, Chapter) else f"{row.chapter.course} · {row.chapter}"
        link = '<a class="text-primary-600 underline dark:text-primary-500" href="{}">{}</a>'
        return format_html(link, outline_of(row), words)


def outline_of(row: Chapter | ContentItem) -> str:
    course, chapter = (row.course_id, row.pk) if isinstance(row, Chapter) else (row.chapter.course_id, row.chapter_id)
    return reverse("admin:courses_course_change", args=[course]) + f"#chapter-{chapter}"


@admin.register(Chapter)
class ChapterAdmin(OutlinePage):
    form = ChapterForm
    fields = ["back", "title", "description", "availability", "opened_as"]
    readonly_fields = ["back"]
    list_display = ["title", "course"]
    list_select_related = ["course"]
    search_fields = ["title", "course__title"]
    ordering = ["course__title", "position"]

    def save_model(self, request: HttpRequest, obj: Chapter, form: Any, change: bool) -> None:
        save_chapter(obj, by=request.user)


@admin.register(ContentItem)
class ContentItemAdmin(OutlinePage):
    form = ContentItemForm
    readonly_fields = ["back", "held"]
    autocomplete_fields = ["media", "quiz"]
    list_display = ["title", "type", "chapter", "state"]
    list_select_related = ["chapter"]
    list_filter = ["type", "state", "is_required"]
    search_fields = ["title", "chapter__title", "chapter__course__title"]
    ordering = ["chapter__course__title", "chapter__position", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("chapter__course")

    def get_fields(self, request: HttpRequest, obj: ContentItem | None = None) -> Any:
        """Its type decides what is asked for."""
        holds = HOLDS[obj.type] if obj else "text"
        asked = [holds] if holds in WRITTEN_HERE else []
        marks = ["marks"] if holds == "media" else []
        watched = ["watched_from"] if holds == "media" else []
        linked = [] if holds in ("media", "text") else ["held"]
        facts = [("state", "is_required"), ("estimated_minutes", *watched)]
        return ["back", "title", *asked, *linked, "description", *marks, *facts, "availability", "opened_as"]

    @admin.display(description=_("Content"))
    def held(self, item: ContentItem) -> str | SafeString:
        """The way to what it holds."""
        row = getattr(item, HOLDS[item.type])
        try:
            address = reverse(f"admin:courses_{item.type}_change", args=[row.pk])
        except NoReverseMatch:
            return str(row)
        link = '<a class="text-primary-600 underline dark:text-primary-500" href="{}">{}</a>'
        return format_html(link, address, row)

    def save_model(self, request: HttpRequest, obj: ContentItem, form: Any, change: bool) -> None:
        save_item(obj, by=request.user)
