"""What goes along with what is deleted, told before it goes."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Attempt, Completion, Submission, SubmissionState


def removal(title: str, items: Any) -> str:
    """What goes along, before it goes."""
    sentences = [_("Delete “%(title)s”?") % {"title": title}]
    if learners := len(_learners_in(items)):
        words = ngettext(
            "%(count)d learner has worked in it; what they have completed there is deleted too.",
            "%(count)d learners have worked in it; what they have completed there is deleted too.",
            learners,
        )
        sentences.append(words % {"count": learners})
    if waiting := Submission.objects.filter(assignment__item__in=items, state=SubmissionState.SUBMITTED).count():
        words = ngettext(
            "%(count)d submission still waits for its grade.", "%(count)d submissions still wait for their grades.",
            waiting,
        )  # fmt: skip
        sentences.append(words % {"count": waiting})
    return " ".join(sentences)


def _learners_in(items: Any) -> set[UUID]:
    """Keys of the enrollments that have done, tried or handed in something there."""
    work = (
        Completion.objects.filter(item__in=items),
        Attempt.objects.filter(quiz__item__in=items),
        Submission.objects.filter(assignment__item__in=items),
    )
    return {key for rows in work for key in rows.order_by().values_list("enrollment", flat=True).distinct()}
