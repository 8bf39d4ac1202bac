"""On the page of a course: how often apps downloaded its lessons, and who follows it by a private address."""

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.admin import panel
from courses.feeds.downloads import downloads_of, total_of
from courses.models import Course
from media_library.admin.listeners import LATELY, listening_card
from media_library.podcasts.downloads import days_ago
from media_library.podcasts.following import CONTEXT, Followed
from media_library.podcasts.keys import living_keys


@panel("courses.Course")
def course_listening_panel(request: HttpRequest, course: Course) -> SafeString:
    """Nothing where there is nothing to hear and nobody follows it."""
    lessons = downloads_of(course.pk)
    if not lessons and not living_keys().filter(context_id=course.pk).exists():
        return SafeString("")
    context = {
        "rows": [(one.title, one.tally) for one in lessons], "row_name": gettext("Lesson"),
        "total": total_of(lessons), "lately": total_of(downloads_of(course.pk, since=days_ago(LATELY))),
    }  # fmt: skip
    return listening_card(request, Followed(CONTEXT, course.pk), context)
