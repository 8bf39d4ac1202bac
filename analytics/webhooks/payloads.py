"""What messages hold: plain keys, titles and numbers."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.models import Membership, Organization
from analytics.webhooks.kinds import PERSONAL
from core.tenancy import current_organization_id
from courses.handing_in.rules import percent_of
from courses.models import Assignment, Attempt, Certificate, ContentItem, Course, Quiz, Submission
from media_library.models import Media
from media_library.services.status import status_of

Facts = dict[str, Any]


def message(key: UUID, type: str, *, occurred_at: str, data: Facts, with_names: bool) -> Facts:
    """What an endpoint gets, as JSON writes it. `occurred_at` in ISO 8601."""
    return {
        "id": str(key),
        "type": type,
        "occurred_at": occurred_at,
        "organization": of_organization(),
        "data": data if with_names else _without_names(data),
    }


def of_organization() -> Facts:
    organization = Organization.objects.get(pk=current_organization_id())
    return {"id": str(organization.pk), "slug": organization.slug, "name": organization.name}


def of_media(media: Media) -> Facts:
    return {
        "id": str(media.pk), "title": media.title, "kind": media.kind, "source": media.source,
        "duration_seconds": media.duration,
    }  # fmt: skip


def of_failure(media: Media) -> Facts:
    status = status_of(media)
    return {"code": status.code, "message": status.message}


def of_person(user: Any) -> Facts:
    return {"id": str(user.pseudonym), "name": user.name, "email": user.email}


def of_member(membership: Membership) -> Facts:
    return {"role": membership.role}


def of_course(course: Course) -> Facts:
    return {"id": str(course.pk), "title": course.title, "slug": course.slug}


def of_item(item: ContentItem) -> Facts:
    return {"id": str(item.pk), "title": item.title, "type": item.type}


def of_titled(one: Quiz | Assignment) -> Facts:
    return {"id": str(one.pk), "title": one.title}


def of_attempt(attempt: Attempt) -> Facts:
    return {
        "id": str(attempt.pk), "number": attempt.number, "percent": attempt.percent, "passed": attempt.passed,
    }  # fmt: skip


def of_submission(submission: Submission) -> Facts:
    return {"id": str(submission.pk), "number": submission.number, "is_late": submission.is_late}


def of_grade(submission: Submission) -> Facts:
    points = submission.points or Decimal(0)
    return {"percent": float(percent_of(points, out_of=submission.assignment.points))}


def of_certificate(certificate: Certificate) -> Facts:
    """Without its number, by which everybody finds the name that stands on it."""
    return {"id": str(certificate.pk), "issued_at": certificate.issued_at.isoformat()}


def _without_names(data: Facts) -> Facts:
    person = {name: value for name, value in data.get("person", {}).items() if name not in PERSONAL}
    return {**data, "person": person} if person else data
