"""Reads of courses, named for who reads."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf


class CourseQuerySet(models.QuerySet):
    def published(self) -> "CourseQuerySet":
        return self.filter(is_published=True)

    def visible_to(self, *, is_maker: bool) -> "CourseQuerySet":
        """Makers see drafts, everybody else what is published."""
        return self.all() if is_maker else self.published()

    def of_learner(self, user: Any) -> "CourseQuerySet":
        return self.filter(enrollments__user=user, enrollments__is_active=True)

    def with_enrollment_of(self, user: Any) -> "CourseQuerySet":
        """Adds `enrollment_id` (None: not enrolled), `last_item_id` and `learner_completed_at` of this learner."""
        mine = Q(enrollments__user=user.pk, enrollments__is_active=True)
        return self.annotate(
            mine=FilteredRelation("enrollments", condition=mine),
            enrollment_id=F("mine__pk"),
            last_item_id=F("mine__last_item_id"),
            learner_completed_at=F("mine__completed_at"),
        )

    def with_cover(self, first_picture: models.QuerySet) -> "CourseQuerySet":
        """Adds `cover_path`: the course's own picture, else the first of its media that has one."""
        own = NullIf("thumbnail_path", Value(""))
        return self.annotate(cover_path=Coalesce(own, Subquery(first_picture), Value("")))

    def search(self, words: str) -> "CourseQuerySet":
        """Every word stands in the title or the description."""
        found = self
        for word in words.split():
            found = found.filter(Q(title__icontains=word) | Q(description__icontains=word))
        return found


class ContentItemQuerySet(models.QuerySet):
    def published(self) -> "ContentItemQuerySet":
        return self.filter(state="published")

    def required(self) -> "ContentItemQuerySet":
        """What counts: progress is taken over these."""
        return self.published().filter(is_required=True)

    def in_order(self) -> "ContentItemQuerySet":
        return self.order_by("chapter__position", "position")

    def of_course(self, course: Any) -> "ContentItemQuerySet":
        """Of a course or its key."""
        return self.filter(chapter__course=course)

    def visible_to(self, *, is_maker: bool) -> "ContentItemQuerySet":
        return self.all() if is_maker else self.published()

    def outline_of(self, course_id: UUID, *, user: Any, enrollment_id: UUID | None) -> "ContentItemQuerySet":
        """Tuples for `courses.outline.OutlineRow`, in order, with what this learner has done and seen."""
        return (
            self.of_course(course_id)
            .alias(
                done=FilteredRelation("completions", condition=Q(completions__enrollment=enrollment_id)),
                seen=FilteredRelation("media__watch_records", condition=Q(media__watch_records__user=user.pk)),
            )
            .in_order()
            .values_list(
                "chapter_id", "chapter__title", "pk", "title", "type", "state", "is_required", "estimated_minutes",
                "media__duration", "done__pk", "seen__position", "seen__percent",
            )
        )  # fmt: skip

    def done_by(self, enrollment_id: Any) -> "ContentItemQuerySet":
        """Adds `done`: the key of the completion, or None."""
        done = FilteredRelation("completions", condition=Q(completions__enrollment=enrollment_id))
        return self.annotate(own=done, done=F("own__pk"))

    def sizes(self) -> "ContentItemQuerySet":
        """One row a course: `course`, `items`, `required`, `seconds`."""
        minutes = Coalesce(F("estimated_minutes"), 0) * 60.0
        seconds = Coalesce(F("media__duration"), minutes, output_field=models.FloatField())
        return (
            self.published()
            .order_by()
            .values(course=F("chapter__course_id"))
            .annotate(
                items=Count("pk"),
                required=Count(Case(When(is_required=True, then=1))),
                seconds=Sum(seconds),
            )
        )

    def with_picture(self) -> "ContentItemQuerySet":
        """Paths of the pictures of a course's media, the first one first; for a subquery over courses."""
        return (
            self.published()
            .filter(chapter__course=OuterRef("pk"))
            .exclude(media__thumbnail_path="")
            .filter(media__isnull=False)
            .in_order()
            .values("media__thumbnail_path")[:1]
        )

    def undone_watched(self, enrollments: models.QuerySet) -> "ContentItemQuerySet":
        """Items whose media a learner of these enrollments has watched to the end without having the item completed."""
        return self.filter(Exists(enrollments))
