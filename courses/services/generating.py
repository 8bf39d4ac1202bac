"""Telling of a course that it is being made for somebody, and how that ended."""

from courses.models import Course
from courses.models.course import CourseStatus


def begin_generating(course: Course) -> None:
    _stand(course, CourseStatus.GENERATING)


def end_generating(course: Course, *, failed: bool = False) -> None:
    """What was published meanwhile is ready, whatever its making came to."""
    _stand(course, CourseStatus.FAILED if failed else CourseStatus.READY)


def _stand(course: Course, status: CourseStatus) -> None:
    if Course.objects.filter(pk=course.pk, is_published=False).update(status=status):
        course.status = status
