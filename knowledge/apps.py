from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from courses.learn_space.course_links import CourseLink, add_course_link
from media_library.panels import MEDIA, Panel, add_panel

ASKABLE = frozenset({"video", "text", "resource", MEDIA})  # what holds words; never a quiz


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = "Knowledge"

    def ready(self) -> None:
        add_panel(Panel("ask", _("Ask"), "ask/", ASKABLE, script="js/ask.js", style="css/ask.css"))
        add_course_link(CourseLink(_("Ask about this course"), "ask/", icon="quote"))
