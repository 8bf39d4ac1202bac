"""Codes into courses: making them, changing them, and coming in with one."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.services.members import join
from core.audit import record
from core.errors import Refused
from courses.models import CodeUse, Course, Enrollment, EnrollmentCode
from courses.models.enrollment import EnrollmentSource
from courses.services.enrolling import enroll

#: Nothing that is taken for something else when read aloud or copied from paper: no 0 and O, no 1, I and L.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10
USABLE = re.compile(r"[\w-]{4,40}")


def make_code(course: Course, *, by: Any, code: str = "", **terms: Any) -> EnrollmentCode:
    """A code of one's own, or a new one of ten signs. `terms`: note, max_uses, expires_at, days_of_access, is_active.

    Raises Refused: code_unusable (400), code_taken (409).
    """
    word = _usable(code) if code.strip() else _new_word()
    made = EnrollmentCode(course=course, code=word, created_by=by, **terms)
    with transaction.atomic():
        _save(made)
        record("code_made", by=by, row=made)
    return made


def change_code(held: EnrollmentCode, /, *, by: Any, **terms: Any) -> EnrollmentCode:
    """Change its word or its terms; whom it has let in stays. Raises Refused: code_unusable (400), code_taken (409)."""
    if "code" in terms:
        terms["code"] = _usable(terms["code"])
    for name, value in terms.items():
        setattr(held, name, value)
    with transaction.atomic():
        _save(held, update_fields=[*terms])
        record("code_changed", by=by, row=held, detail=", ".join(terms))
    return held


def delete_code(code: EnrollmentCode, *, by: Any) -> None:
    """It lets nobody in any more; whom it has let in stays."""
    with transaction.atomic():
        record("code_deleted", by=by, row=code)
        code.delete()


def _new_word() -> str:
    return "".join(secrets.choice(LETTERS) for _number in range(LENGTH))


def _usable(word: str) -> str:
    if not USABLE.fullmatch(word.strip()):
        words = _("A code is 4 to 40 letters, digits or hyphens.")
        raise Refused("code_unusable", words, fields={"code": [words]})
    return word.strip()


def _save(code: EnrollmentCode, **options: Any) -> None:
    try:
        with transaction.atomic():
            code.save(**options)
    except IntegrityError as error:
        if "enrollment_code_once" not in str(error):
            raise
        words = _("There is such a code already.")
        raise Refused("code_taken", words, fields={"code": [words]}, status=409) from error


def redeem_code(typed: str, *, user: Any, organization: Organization) -> Enrollment:
    """Come into the course of a code, whatever its access; a visitor of an open organization joins it with that.

    Whoever may not join hears that, whether or not there is such a code. One person uses a code once: coming back
    with it counts no second time and prolongs nothing. Raises Refused: not_open, membership_ended (403), code_invalid
    (400), code_used_up, code_expired (409), and like `courses.services.enrolling.let_in`.
    """
    with transaction.atomic():
        join(organization, user)
        code = _hold(typed)
        if CodeUse.objects.filter(code=code, enrollment__user=user).exists():
            return enroll(code.course, user=user)
        _refuse_spent(code)
        return _use(code, user=user)


def _hold(typed: str) -> EnrollmentCode:
    """The code with its course, held: of many who come at once as many get in as it has uses."""
    codes = EnrollmentCode.objects.alias(word=Lower("code")).select_related("course")
    found: EnrollmentCode | None = (
        codes.select_for_update(of=("self",), no_key=True).filter(word=typed.strip().lower()).first()
    )
    if found is None:
        words = _("This code is not known here. Please look whether it is spelled right.")
        raise Refused("code_invalid", words, fields={"code": [words]})
    return found


def _refuse_spent(code: EnrollmentCode) -> None:
    if not code.is_active or (code.expires_at is not None and code.expires_at <= timezone.now()):
        raise _no_more("code_expired", _("This code is not valid any more."))
    if code.max_uses is not None and code.uses >= code.max_uses:
        raise _no_more("code_used_up", _("This code has been used as often as it could be."))


def _no_more(reason: str, words: str) -> Refused:
    return Refused(reason, words, fields={"code": [words]}, status=409)


def _use(code: EnrollmentCode, *, user: Any) -> Enrollment:
    """Whoever is in the course already stays longer by it; where they stay longer without it, it is not used."""
    enrollment = enroll(code.course, user=user, source=EnrollmentSource.CODE, code=code, ends_at=_end_of(code))
    if enrollment.code_id == code.pk:
        CodeUse.objects.create(code=code, enrollment=enrollment)
        EnrollmentCode.objects.filter(pk=code.pk).update(uses=F("uses") + 1)
    return enrollment


def _end_of(code: EnrollmentCode) -> datetime | None:
    return timezone.now() + timedelta(days=code.days_of_access) if code.days_of_access else None
