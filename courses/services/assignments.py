"""Making assignments."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from courses.models import Assignment, ContentItem, Submission, SubmissionFile
from courses.models.assignment import SubmissionState
from courses.services.keeping import remove_later
from courses.services.settling import settle_around


def write_assignment(assignment: Assignment) -> Assignment:
    """Check and write an assignment. Raises ValidationError; Refused: points_in_use (409)."""
    assignment.full_clean()
    _refuse_other_points(assignment)
    with transaction.atomic():
        assignment.save()
        settle_around(assignment=assignment)
    return assignment


def _refuse_other_points(assignment: Assignment) -> None:
    """Grades are out of the points they were given under."""
    before = Assignment.objects.filter(pk=assignment.pk).values_list("points", flat=True).first()
    if before in (None, assignment.points):
        return
    if Submission.objects.filter(assignment=assignment.pk, state=SubmissionState.GRADED).exists():
        words = _("Grades out of %(points)d points were given already.") % {"points": before}
        raise Refused("points_in_use", words, fields={"points": [words]}, status=409)


def delete_assignment(assignment: Assignment) -> None:
    """With all that was handed in, files included. Raises Refused: in_use (409), while an item holds it."""
    with transaction.atomic():
        item = ContentItem.objects.filter(assignment=assignment).first()
        if item is not None:
            words = _("The item “%(item)s” holds this assignment. Remove the item first.") % {"item": item}
            raise Refused("in_use", words, status=409)
        for path in SubmissionFile.objects.filter(submission__assignment=assignment).values_list("path", flat=True):
            remove_later(path)
        assignment.delete()
