"""Where a draft stands, for its page and for the API."""

from decimal import Decimal
from typing import Any

from core.models import Job
from knowledge.course_drafts.costs import costs_of
from knowledge.course_drafts.starting import jobs_of
from knowledge.models import CourseDraft, CourseDraftState, CourseDraftStep, LessonState

ORDER = list(CourseDraftStep)


def standing_of(draft: CourseDraft) -> dict[str, Any]:
    """Steps with `done`, `now`, `failed` or `later`; costs in US dollars; a sentence on what it waits for."""
    entries = list(draft.entries.select_related("media").order_by("position"))
    costs = costs_of(draft)
    has_failed_lessons = any(LessonState.FAILED in (one.notes, one.quiz) for one in entries)
    return {
        "draft": draft,
        "steps": [(step.label, _state_of(step, draft)) for step in _steps_of(draft)],
        "entries": entries,
        "costs": costs,
        "total": sum((one.cost for one in costs), Decimal(0)),
        "waits_for": waits_for(draft),
        "can_retry": draft.state == CourseDraftState.FAILED
        or (draft.state == CourseDraftState.READY and has_failed_lessons),
    }


def waits_for(draft: CourseDraft) -> str:
    """Why it does not go on just now; empty where it does."""
    job: Job | None = jobs_of(draft).order_by("-id").first() if draft.is_live else None
    return job.error_message if job is not None and job.error_message else ""


def _steps_of(draft: CourseDraft) -> list[CourseDraftStep]:
    wants_lessons = draft.wants_notes or draft.wants_quizzes
    return [one for one in ORDER[:-1] if one != CourseDraftStep.LESSONS or wants_lessons]


def _state_of(step: CourseDraftStep, draft: CourseDraft) -> str:
    at, here = ORDER.index(CourseDraftStep(draft.step)), ORDER.index(step)
    if draft.state == CourseDraftState.PROPOSED and step == CourseDraftStep.OUTLINE:
        return "done"
    if here != at:
        return "done" if here < at else "later"
    return "failed" if draft.state == CourseDraftState.FAILED else "now"
