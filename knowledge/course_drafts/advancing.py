"""One step of a draft at a time: done in one transaction with what it leaves to do, so that none is done twice."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.permissions import can
from core.errors import Refused
from core.jobs import Run
from core.models import Job
from core.models.job import JobState
from core.tenancy import current_organization_id
from courses.services.generating import end_generating
from knowledge.course_drafts.building import build_course, outline_of
from knowledge.course_drafts.gathering import gather
from knowledge.course_drafts.lessons import bring_lessons
from knowledge.course_drafts.starting import KIND, jobs_of, put_in_line
from knowledge.course_drafts.telling import tell_maker
from knowledge.models import CourseDraft, CourseDraftState, CourseDraftStep

ENDED_BADLY = (JobState.FAILED, JobState.CANCELLED)


def advance_course_draft(draft_id: UUID, *, run: Run) -> None:
    """Do the step at which the draft is. One that has ended, or is gone, has none.

    Raises AiError, OverCeiling, PriceUnknown, JobError, JobPostponed, LeaseLost; Refused: not_allowed.
    """
    draft = CourseDraft.objects.select_related("course", "by").filter(pk=draft_id).first()
    if draft is not None and draft.is_live:
        _refuse_former_maker(draft)
        STEPS[CourseDraftStep(draft.step)](draft, run)


def follow_course_draft(job: Job) -> None:
    """A job that ended for good ends its draft, in words that the maker reads."""
    if job.kind != KIND or job.subject_id is None or job.state not in ENDED_BADLY:
        return
    draft = CourseDraft.objects.select_related("course", "by").filter(pk=job.subject_id).first()
    if draft is not None and draft.is_live and not jobs_of(draft).exists():
        draft.error_code = job.error_code or "cancelled"
        draft.error_message = job.error_message
        end_course_draft(draft, CourseDraftState.FAILED)


def end_course_draft(draft: CourseDraft, state: CourseDraftState) -> None:
    """In the transaction in which it ended. The maker is told."""
    draft.state, draft.ended_at = state, timezone.now()
    draft.step = CourseDraftStep.DONE if state == CourseDraftState.READY else draft.step
    draft.save(update_fields=["state", "step", "error_code", "error_message", "ended_at"])
    if not draft.updates:
        end_generating(draft.course, failed=state == CourseDraftState.FAILED)
    tell_maker(draft)


def _refuse_former_maker(draft: CourseDraft) -> None:
    """Nothing is paid, and nothing is made, for somebody who may not make courses here any more."""
    here = Organization.objects.get(pk=current_organization_id())
    if draft.by is None or not can(draft.by, "content.edit", here):
        words = _("Whoever asked for this may not make courses here any more. Somebody who may can try again.")
        raise Refused("not_allowed", words, status=403)


def _gather(draft: CourseDraft, run: Run) -> None:
    gather(draft)
    with run.publish():
        _go_on(draft, CourseDraftStep.OUTLINE)


def _outline(draft: CourseDraft, run: Run) -> None:
    """What a model answered and the course that comes of it are kept together."""
    outline = outline_of(draft)
    with run.publish():
        draft.outline = outline.as_json()
        draft.save(update_fields=["outline", "was", "model", "prompt_label"])
        if draft.updates:
            end_course_draft(draft, CourseDraftState.PROPOSED)
            return
        build_course(draft, outline)
        _go_on(draft, CourseDraftStep.LESSONS)


def _lessons(draft: CourseDraft, run: Run) -> None:
    bring_lessons(draft, run=run)
    with run.publish():
        end_course_draft(draft, CourseDraftState.READY)


def _go_on(draft: CourseDraft, step: CourseDraftStep) -> None:
    draft.step = step
    draft.save(update_fields=["step"])
    put_in_line(draft)


STEPS: dict[CourseDraftStep, Callable[[CourseDraft, Run], None]] = {
    CourseDraftStep.MEDIA: _gather,
    CourseDraftStep.OUTLINE: _outline,
    CourseDraftStep.LESSONS: _lessons,
}
