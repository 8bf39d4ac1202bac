"""Files that courses keep: what learners hand in, and what is offered to take along.

Importing this registers them with the library, which counts and cleans them.
"""

from django.utils.translation import gettext_lazy as _

from courses.models import CourseSquare, Resource, SubmissionFile
from media_library.keeping import Keeper, add_keeper

HANDED_IN = add_keeper(Keeper("handed_in", _("Handed-in files"), "handed_in", lambda: SubmissionFile.objects.all()))
RESOURCES = add_keeper(
    Keeper("resources", _("Resources of courses"), "resources", lambda: Resource.objects.exclude(path=""))
)
SQUARES = add_keeper(
    Keeper("course_squares", _("Pictures of courses for apps"), "course_squares", lambda: CourseSquare.objects.all())
)
