"""Telling learners by mail that their work was answered. The mail says where to look, not what the grade is."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Membership, Organization
from core.mail import send_mail
from core.tenancy import current_organization_id
from courses.models import ContentItem, Submission
from courses.models.assignment import SubmissionState

RETURNED, GRADED = "courses/mail/work_returned", "courses/mail/work_graded"


def tell_of_feedback(submission: Submission, *, item: ContentItem | None) -> None:
    """In the transaction that shows it. Nobody is told of what they cannot open any more."""
    learner = submission.enrollment.user
    here = Membership.objects.active().filter(organization=current_organization_id(), user=learner)
    if item is None or not submission.enrollment.is_active or not here.exists():
        return
    organization = Organization.objects.get(pk=current_organization_id())
    course = item.chapter.course
    path = reverse("courses:lesson", args=[organization.slug, course.slug, item.pk])
    context = {"title": item.title, "course": course.title, "link": f"{settings.SITE_URL.rstrip('/')}{path}"}
    kind = RETURNED if submission.state == SubmissionState.RETURNED else GRADED
    send_mail(kind, to=learner.email, context=context, organization=organization)
