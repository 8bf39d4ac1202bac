"""How far a learner is, and what makes an item done. Once done, done: editing the course takes nothing back."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.announcements import announce
from core.audit import record
from core.errors import Refused
from courses.models import Completion, ContentItem, CourseCompletion, Enrollment, ItemType, Reason
from courses.progress.counting import standing_of
from courses.querysets import ContentItemQuerySet, needed_percent
from courses.services.certificates import award
from media_library.models import Media, WatchRecord
from media_library.services.playing import why_by_hand


def complete_item(item: ContentItem, *, enrollment: Enrollment, reason: Reason) -> bool:
    """Write down that an item is done. Answers False if it was before; then nothing is announced.

    Learners of two tabs meet at the row of the enrollment, so that exactly one of them sees the course completed.
    """
    with transaction.atomic():
        locked = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
        is_new = _settle(item, locked, reason)
        if is_new:
            announce("item_completed", item, enrollment=locked)
            complete_course(locked)
    return is_new


def _settle(item: ContentItem, enrollment: Enrollment, reason: Reason) -> bool:
    """Whoever was excused and does it all the same has done it."""
    found, is_new = Completion.objects.get_or_create(enrollment=enrollment, item=item, defaults={"reason": reason})
    if is_new or found.reason != Reason.EXCUSED:
        return is_new
    Completion.objects.filter(pk=found.pk).update(reason=reason, by=None, completed_at=Now())
    return True


def complete_course(enrollment: Enrollment) -> None:
    """Write down, once, that everything that counts now is done. The caller holds the row of the enrollment."""
    if CourseCompletion.objects.filter(enrollment=enrollment).exists() or not standing_of(enrollment.pk).is_complete:
        return
    counted = ContentItem.objects.of_course(enrollment.course_id).required().values_list("pk", flat=True)
    completion = CourseCompletion.objects.create(enrollment=enrollment, counted=[str(key) for key in counted])
    completion.refresh_from_db()
    announce("course_completed", enrollment.course, enrollment=enrollment)
    award(completion)


def excuse(item: ContentItem, *, enrollment: Enrollment, by: Any) -> None:
    """The learner need not do it; what is done already stays done. Raises Refused: done_already, another_course."""
    if item.chapter.course_id != enrollment.course_id:
        raise Refused("another_course", _("This item stands in another course."))
    with transaction.atomic():
        locked = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
        found, is_new = Completion.objects.get_or_create(
            enrollment=locked, item=item, defaults={"reason": Reason.EXCUSED, "by": by}
        )
        if not is_new and found.reason != Reason.EXCUSED:
            raise Refused("done_already", _("The learner has done it already."), status=409)
        if is_new:
            record("excused", by=by, row=locked, detail=item.title)
            complete_course(locked)


def take_back_excuse(item: ContentItem, *, enrollment: Enrollment, by: Any) -> None:
    """It counts again; that the course was completed stays. Nothing happens where nobody was excused."""
    with transaction.atomic():
        locked = Enrollment.objects.select_for_update().get(pk=enrollment.pk)
        excused = Completion.objects.filter(enrollment=locked, item=item, reason=Reason.EXCUSED)
        if excused.delete()[0]:
            record("excuse_taken_back", by=by, row=locked, detail=item.title)


def mark_done(item: ContentItem, *, enrollment: Enrollment) -> None:
    """The learner says so. Raises Refused: not_by_hand for what is graded, and for what is measured as it plays."""
    reason = _reason_by_hand(item)
    if reason is None:
        words = _("Only texts and resources are marked as done; what is measured or graded completes itself.")
        raise Refused("not_by_hand", words)
    complete_item(item, enrollment=enrollment, reason=reason)


def _reason_by_hand(item: ContentItem) -> Reason | None:
    """A video only where nobody knows how long it is, or its player tells nothing (requirement C6)."""
    if item.type in (ItemType.TEXT, ItemType.RESOURCE):
        return Reason.READ
    is_measured = item.media is None or why_by_hand(item.media) is None
    return None if is_measured else Reason.BY_HAND


def complete_watched(media: Media, *, user_id: UUID, percent: float) -> None:
    """A learner has watched so much of this media: its items that ask for no more are done in all their courses."""
    items = ContentItem.objects.published().filter(media=media).with_needed().select_related("chapter")
    items = items.filter(needed_percent__lte=percent)
    items = items.order_by("chapter__course_id", "pk")  # everybody takes the rows of enrollments in one order
    learning = Enrollment.objects.filter(user=user_id, is_active=True)
    enrollments = {enrollment.course_id: enrollment for enrollment in learning}
    for item in items:
        if enrollment := enrollments.get(item.chapter.course_id):
            complete_item(item, enrollment=enrollment, reason=Reason.WATCHED)


def credit_watched(items: ContentItemQuerySet, *, user: Any = None) -> None:
    """Complete those items that enrolled learners (one, or each) had watched far enough before they counted."""
    for watched in _watched_but_open(items, user):
        item = ContentItem.objects.get(pk=watched["item"])
        enrollment = Enrollment.objects.get(pk=watched["enrollment"])
        complete_item(item, enrollment=enrollment, reason=Reason.WATCHED)


def _watched_but_open(items: ContentItemQuerySet, user: Any) -> list[dict[str, UUID]]:
    """Pairs of `item` and `enrollment`."""
    learning = Enrollment.objects.filter(course=OuterRef("course"), user=OuterRef("user"), is_active=True)
    done = Completion.objects.filter(item=OuterRef("item"), enrollment=OuterRef("enrollment"))
    records = WatchRecord.objects.filter(percent__gt=0, **({"user": user} if user else {}))
    watched = records.annotate(
        item=F("media__content_items__pk"),
        course=F("media__content_items__chapter__course_id"),
        enrollment=Subquery(learning.values("pk")),
        needed=needed_percent("media__content_items__"),
    )
    open_ones = watched.filter(
        ~Exists(done), item__in=items.published().values("pk"), enrollment__isnull=False, percent__gte=F("needed")
    )
    return list(open_ones.order_by().values("item", "enrollment"))
