"""Reads of courses, named for who reads."""

from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Organization
from courses.enrolling.seats import takes_a_seat
from courses.entitlement import IsUnlocked, Sight, sight_of


class NeededPercent(models.Func):
    """How many percent of its media complete an item: its own word, its course's, its organization's, the site's."""

    function = "courses_needed_percent"
    output_field = models.IntegerField()


def needed_percent(item: str = "") -> NeededPercent:
    """Of the item that this path leads to, such as `media__content_items__`."""
    course = f"{item}chapter__course__"
    return NeededPercent(
        f"{item}watched_from", f"{course}watched_from", f"{course}watched_slides", f"{item}media__duration",
        f"{course}organization",
    )  # fmt: skip


class CourseQuerySet(models.QuerySet):
    def published(self) -> "CourseQuerySet":
        return self.filter(is_published=True)

    def visible_to(self, user: Any, organization: Organization) -> "CourseQuerySet":
        """Those that this person sees from outside, at least (courses.entitlement)."""
        match sight_of(user, organization):
            case Sight.ALL:
                return self.all()
            case Sight.PUBLISHED:
                return self.published()
            case Sight.OWN:
                return self.published().of_learner(user)
        return self.none()

    def of_learner(self, user: Any) -> "CourseQuerySet":
        return self.filter(enrollments__user=user, enrollments__is_active=True)

    def with_enrollment_of(self, user: Any) -> "CourseQuerySet":
        """Adds `enrollment_id` (None: not enrolled), `enrolled_at`, `enrollment_ends_at`, `last_item_id` and
        `learner_completed_at` of this learner."""
        mine = Q(enrollments__user=user.pk, enrollments__is_active=True)
        return self.annotate(
            mine=FilteredRelation("enrollments", condition=mine),
            enrollment_id=F("mine__pk"),
            enrolled_at=F("mine__started_at"),
            enrollment_ends_at=F("mine__ends_at"),
            last_item_id=F("mine__last_item_id"),
            learner_completed_at=F("mine__course_completion__completed_at"),
        )

    def with_seats_taken(self) -> "CourseQuerySet":
        """Adds `seats_taken`, in the statement that reads the courses."""
        enrollments: Any = self.model._meta.get_field("enrollments").related_model
        taken = enrollments._default_manager.filter(takes_a_seat(), course=OuterRef("pk"))
        counted = taken.order_by().values("course").annotate(total=Count("pk")).values("total")
        return self.annotate(seats_taken=Coalesce(Subquery(counted), 0))

    def with_ending_for(self, user: Any) -> "CourseQuerySet":
        """Adds `is_shut`: an owner has ended the enrollment of this learner."""
        enrollments: Any = self.model._meta.get_field("enrollments").related_model
        mine = enrollments._default_manager.filter(course=OuterRef("pk"), user=user.pk)
        return self.annotate(is_shut=Exists(mine.filter(ended_by_owner_at__isnull=False)))

    def with_cover(self, first_picture: models.QuerySet) -> "CourseQuerySet":
        """Adds `cover_path`: the course's own picture, else the first of its media that has one."""
        own = NullIf("thumbnail_path", Value(""))
        return self.annotate(cover_path=Coalesce(own, Subquery(first_picture), Value("")))

    def with_seconds(self, seconds_of_course: models.QuerySet) -> "CourseQuerySet":
        """Adds `seconds`, what its published items take together; None where nobody knows of any."""
        return self.annotate(seconds=NullIf(Subquery(seconds_of_course), Value(0.0)))

    def with_totals(self) -> "CourseQuerySet":
        """Adds `chapter_total` and `learner_total`; each counted by itself, not as a product of both."""
        return self.annotate(chapter_total=self._count_of("chapters"), learner_total=self._count_of("enrollments"))

    def _count_of(self, relation: str) -> Subquery:
        related: Any = self.model._meta.get_field(relation).related_model
        rows = related._default_manager.filter(course=OuterRef("pk"))
        return Subquery(rows.order_by().values("course").annotate(total=Count("pk")).values("total"))

    def search(self, words: str) -> "CourseQuerySet":
        """Every word stands in the title or the description."""
        found = self
        for word in words.split():
            found = found.filter(Q(title__icontains=word) | Q(description__icontains=word))
        return found


class ContentItemQuerySet(models.QuerySet):
    def published(self) -> "ContentItemQuerySet":
        return self.filter(state="published")

    def with_needed(self) -> "ContentItemQuerySet":
        """Adds `needed_percent`: how much of its media completes it."""
        return self.annotate(needed_percent=needed_percent())

    def required(self) -> "ContentItemQuerySet":
        """What counts: progress is taken over these."""
        return self.published().filter(is_required=True)

    def in_order(self) -> "ContentItemQuerySet":
        return self.order_by("chapter__position", "position")

    def of_course(self, course: Any) -> "ContentItemQuerySet":
        """Of a course or its key."""
        return self.filter(chapter__course=course)

    def in_outline(self, *, is_maker: bool) -> "ContentItemQuerySet":
        """What is listed to those who see the course."""
        return self.all() if is_maker else self.published()

    def open_to(self, user: Any) -> "ContentItemQuerySet":
        """What a learner may open now: what they take, without what is locked. One statement more (`gates`)."""
        return self.taken_by(user).filter(Q(IsUnlocked(F("pk"), user_id=user.pk)))

    def taken_by(self, user: Any) -> "ContentItemQuerySet":
        """Published items of published courses that a learner takes, locked ones too."""
        return self.published().filter(
            chapter__course__is_published=True,
            chapter__course__enrollments__user=user.pk,
            chapter__course__enrollments__is_active=True,
        )

    def sizes(self) -> models.QuerySet:
        """One row a course: `course`, `items`, `seconds`."""
        minutes = Coalesce(F("estimated_minutes"), 0) * 60.0
        seconds = Coalesce(F("media__duration"), minutes, output_field=models.FloatField())
        return (
            self.published()
            .order_by()
            .values(course=F("chapter__course_id"))
            .annotate(items=Count("pk"), seconds=Sum(seconds))
        )

    def seconds_of_course(self) -> models.QuerySet:
        """How long a course takes, for a subquery over courses."""
        return self.filter(chapter__course=OuterRef("pk")).sizes().values("seconds")

    def with_picture(self) -> models.QuerySet:
        """Paths of the pictures of a course's media, the first one first; for a subquery over courses."""
        return (
            self.published()
            .filter(chapter__course=OuterRef("pk"))
            .exclude(media__thumbnail_path="")
            .filter(media__isnull=False)
            .in_order()
            .values("media__thumbnail_path")[:1]
        )
