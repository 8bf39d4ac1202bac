"""Drafts and answers that models were asked for, named by the media or the course that they are about."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from core.ai.subjects import Subject, names_subjects
from knowledge.models import Answer, CourseDraft, Draft, DraftKind


@names_subjects
def drafts_of_calls(keys: Collection[UUID]) -> dict[UUID, Subject]:
    found = Draft.objects.filter(pk__in=keys).values_list("pk", "kind", "media__title")
    return {
        key: Subject(f"{DraftKind(kind).label}: {title}", reverse("admin:knowledge_draft_change", args=[key]))
        for key, kind, title in found
    }


@names_subjects
def course_drafts_of_calls(keys: Collection[UUID]) -> dict[UUID, Subject]:
    found = CourseDraft.objects.filter(pk__in=keys).values_list("pk", "course__title")
    return {
        key: Subject(_("Outline: %(course)s") % {"course": title}, _page_of(key)) for key, title in found
    }  # fmt: skip


@names_subjects
def answers_of_calls(keys: Collection[UUID]) -> dict[UUID, Subject]:
    """By the lesson or course that was asked: what somebody asked, and who, is nobody's business."""
    found = Answer.objects.filter(pk__in=keys).values_list("pk", "conversation__about")
    return {key: Subject(about or _("The whole library")) for key, about in found}


def _page_of(course_draft: UUID) -> str:
    return reverse("admin:knowledge_coursedraft_change", args=[course_draft])
