from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from courses.learn_space.course_links import CourseLink, add_course_link


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Teaching")

    def ready(self) -> None:
        add_course_link(CourseLink(_("Add to playlist"), "playlist/", icon="plus"))
        add_course_link(CourseLink(_("Listen in an app"), "listen/", icon="audio", needs_sound=True))
