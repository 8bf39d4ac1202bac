"""What course drafts do later."""

from core.ai.errors import AiError
from core.ai.ledger import Unaffordable
from core.errors import Refused
from core.jobs import JobError, Run, job
from core.models.job import Lane
from knowledge.course_drafts import advancing
from media_library.services.paying import waits_for_money


@job(lane=Lane.HOSTS, max_attempts=3, time_limit=600)
def draft_course(run: Run) -> None:
    """One step of a course made of media; what may not be paid now waits."""
    try:
        advancing.advance_course_draft(run.subject_id, run=run)
    except AiError as error:
        raise JobError(error.code, error.message, permanent=error.permanent) from error
    except Unaffordable as error:
        raise waits_for_money(error) from error
    except Refused as refusal:
        raise JobError(refusal.code, refusal.message, permanent=True) from refusal
