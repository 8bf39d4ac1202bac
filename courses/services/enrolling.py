"""Who learns what."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.announcements import announce
from core.errors import Refused
from courses.lessons import LessonItem
from courses.models import ContentItem, Course, Enrollment
from courses.services.progress import credit_watched

SECONDS_BETWEEN_VISITS = 60


def enroll(course: Course, *, user: Any) -> Enrollment:
    """Enter a course, or return to it. What the learner has already watched to the end counts at once.

    Raises Refused: not_published.
    """
    if not course.is_published:
        raise Refused("not_published", "This course is not open for learners yet.", status=409)
    with transaction.atomic():
        enrollment, is_new = Enrollment.objects.get_or_create(course=course, user=user)
        if not enrollment.is_active:
            Enrollment.objects.filter(pk=enrollment.pk).update(is_active=True)
            enrollment.is_active = True
        if is_new:
            announce("learner_enrolled", course, user=user)
        credit_watched(ContentItem.objects.of_course(course), user=user)
    return enrollment


def note_visit(item: LessonItem) -> None:
    """Remember where the learner is; the same item within a minute changes nothing and costs no statement."""
    if item.enrollment_id is None or item.last_accessed_at is None:
        return
    now = timezone.now()
    if item.id != item.last_item_id or now - item.last_accessed_at > timedelta(seconds=SECONDS_BETWEEN_VISITS):
        Enrollment.objects.filter(pk=item.enrollment_id).update(last_item=item.id, last_accessed_at=now)
