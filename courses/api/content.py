"""Chapters and their items."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView, UpdateAPIView
from rest_framework.mixins import DestroyModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.access import is_maker
from courses.api.content_serializers import ChapterSerializer, ItemDetailSerializer, ItemSerializer
from courses.api.serializers import position_of
from courses.learn_space.lessons import refuse_locked_to
from courses.models import Chapter, ContentItem, Course
from courses.querysets import ContentItemQuerySet
from courses.services.authoring import add_chapter, add_item, save_chapter, save_item
from courses.services.removing import delete_chapter, delete_item


class ChapterList(OrganizationView, ListCreateAPIView):
    """Chapters of a course, in order."""

    area = Area.COURSES
    serializer_class = ChapterSerializer
    queryset = Chapter.objects.all()

    def get_queryset(self) -> QuerySet:
        return Chapter.objects.filter(course=self._course()).order_by("position")

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = add_chapter(self._course(), by=self.request.user, **serializer.validated_data)

    def _course(self) -> Course:
        visible = Course.objects.visible_to(self.request.user, self.member_organization)
        return get_object_or_404(visible, pk=self.kwargs["course_id"])


class ChapterDetail(OrganizationView, DestroyModelMixin, UpdateAPIView):
    area = Area.COURSES
    serializer_class = ChapterSerializer
    queryset = Chapter.objects.all()
    lookup_url_kwarg = "chapter_id"

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.destroy(request, *args, **kwargs)

    def perform_update(self, serializer: Any) -> None:
        media = serializer.validated_data.pop("media", None)
        chapter, position = _changed(serializer)
        save_chapter(chapter, position=position, media=media, by=self.request.user)

    def perform_destroy(self, instance: Chapter) -> None:
        delete_chapter(instance, by=self.request.user)


class ItemView(OrganizationView):
    """Makers see all items, learners the published ones of the published courses they are enrolled in."""

    queryset = ContentItem.objects.all()

    def get_queryset(self) -> QuerySet:
        items = ContentItem.objects.in_order()
        is_all_theirs = is_maker(self.request.user, self.member_organization)
        return items if is_all_theirs else self.narrowed(items)

    def narrowed(self, items: ContentItemQuerySet) -> ContentItemQuerySet:
        """To a learner; what is locked is told by `structure/`."""
        return items.open_to(self.request.user)


class ItemList(ItemView, ListCreateAPIView):
    area = Area.COURSES
    serializer_class = ItemSerializer

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(chapter=self._chapter())

    def perform_create(self, serializer: Any) -> None:
        values = dict(serializer.validated_data)
        position = position_of(values)
        serializer.instance = add_item(self._chapter(), by=self.request.user, position=position, **values)

    def _chapter(self) -> Chapter:
        visible = Course.objects.visible_to(self.request.user, self.member_organization)
        return get_object_or_404(Chapter.objects.filter(course__in=visible), pk=self.kwargs["chapter_id"])


class ItemDetail(ItemView, RetrieveUpdateDestroyAPIView):
    area = Area.COURSES
    serializer_class = ItemDetailSerializer
    lookup_url_kwarg = "item_id"

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("chapter__course", "quiz").prefetch_related("quiz__questions")

    def narrowed(self, items: ContentItemQuerySet) -> ContentItemQuerySet:
        return items.taken_by(self.request.user)

    def get_object(self) -> Any:
        """What is locked says so. Raises Locked."""
        item = super().get_object()
        refuse_locked_to(self.request.user, item, organization=self.member_organization)
        return item

    def perform_update(self, serializer: Any) -> None:
        item, position = _changed(serializer)
        save_item(item, by=self.request.user, position=position)

    def perform_destroy(self, instance: ContentItem) -> None:
        delete_item(instance, by=self.request.user)


def _changed(serializer: Any) -> tuple[Any, int | None]:
    """The row with what was sent set on it, and the place that was asked for."""
    values = dict(serializer.validated_data)
    position = position_of(values)
    for field, value in values.items():
        setattr(serializer.instance, field, value)
    return serializer.instance, position
