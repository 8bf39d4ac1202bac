"""What runs later."""

from django.utils.translation import gettext_lazy as _

from core.ai.errors import AiError
from core.jobs import JobError, Run, job
from knowledge.labels import labelling


@job(stage="embedding", label=_("Say what it is about"), max_attempts=3, time_limit=600)
def label_media(run: Run) -> None:
    """Topics and keywords. What fails here leaves the media item as it is: it plays, and its words are found."""
    try:
        labelling.label_media(run.subject_id, anew=run.payload.get("anew", False))
    except AiError as error:
        raise JobError(error.code, error.message, permanent=error.permanent) from error
