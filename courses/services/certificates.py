"""Certificates: one for each completed course, numbered, and revocable."""

import secrets
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.announcements import announce
from core.audit import record
from core.errors import Refused
from courses.models import Certificate, CourseCompletion, Enrollment

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without signs that are taken for others
GROUPS, GROUP = 3, 4  # 31¹² numbers: nobody finds one by trying
LONGEST_NAME = 200


def award(completion: CourseCompletion) -> Certificate | None:
    """Issue the certificate at once where there is one to have, and a name to put on it."""
    enrollment = completion.enrollment
    if not enrollment.course.awards_certificate or not enrollment.user.name:
        return None
    return _issued(completion, name=enrollment.user.name)


def issue_certificate(enrollment: Enrollment, *, name: str = "") -> Certificate:
    """The learner's certificate, made now if there was none: one, however often it is asked for.

    `name` stands on it where the account has none. Raises Refused: not_completed, no_certificate (409), name_missing.
    """
    completion = CourseCompletion.objects.filter(enrollment=enrollment).select_related("enrollment").first()
    if completion is None:
        raise Refused("not_completed", _("The course is not completed yet."), status=409)
    if not enrollment.course.awards_certificate:
        raise Refused("no_certificate", _("This course gives no certificate."), status=409)
    return _issued(completion, name=enrollment.user.name or _cleaned(name))


def revoke_certificate(certificate: Certificate, *, because: str, by: Any) -> None:
    """It shows as revoked wherever it is verified; the reason stays inside. Raises Refused: reason_missing."""
    if not because.strip():
        raise Refused("reason_missing", _("Say why."), fields={"because": [_("Say why.")]})
    with transaction.atomic():
        open_ones = Certificate.objects.filter(pk=certificate.pk, revoked_at__isnull=True)
        if open_ones.update(revoked_at=Now(), revoked_by=by, revoked_because=because.strip()[:500]):
            record("certificate_revoked", by=by, row=certificate, detail=because.strip())


def reinstate_certificate(certificate: Certificate, *, by: Any) -> None:
    with transaction.atomic():
        revoked = Certificate.objects.filter(pk=certificate.pk, revoked_at__isnull=False)
        if revoked.update(revoked_at=None, revoked_by=None, revoked_because=""):
            record("certificate_reinstated", by=by, row=certificate)


def correct_name(certificate: Certificate, *, name: str, by: Any) -> None:
    """Raises Refused: name_missing."""
    with transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(learner_name=_cleaned(name))
        record("certificate_corrected", by=by, row=certificate)


def find_certificate(number: str) -> Certificate | None:
    """As people type it: in any case, with or without its hyphens."""
    signs = "".join(sign for sign in number.upper() if sign.isalnum())
    found = Certificate.objects.filter(number=_grouped(signs)).select_related("enrollment__course", "organization")
    return found.first()


def _issued(completion: CourseCompletion, *, name: str) -> Certificate:
    """Two tabs meet at the row of the enrollment."""
    with transaction.atomic():
        enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=completion.enrollment_id)
        course = enrollment.course
        certificate, is_new = Certificate.objects.get_or_create(
            enrollment=enrollment,
            defaults={
                "number": make_number(), "learner_name": name[:LONGEST_NAME], "course_title": course.title,
                "signer": course.certificate_signer, "completed_at": completion.completed_at,
            },
        )  # fmt: skip
        if is_new:
            announce("certificate_issued", certificate)
    return certificate


def make_number() -> str:
    return _grouped("".join(secrets.choice(ALPHABET) for _each in range(GROUPS * GROUP)))


def _grouped(signs: str) -> str:
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def _cleaned(name: str) -> str:
    words = " ".join(name.split())[:LONGEST_NAME]
    if not words:
        sentence = _("Write the name that is to stand on it.")
        raise Refused("name_missing", sentence, fields={"name": [sentence]})
    return words
