"""What runs later."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.ai.errors import AiError
from core.ai.ledger import OverCeiling
from core.jobs import JobError, JobPostponed, Run, job
from knowledge.services import embedding, indexing
from media_library.services.paying import OVER_CEILING, over_ceiling_words

SIX_HOURS = 6 * 3600.0


@job(stage="embedding", label=_("Make it searchable"), max_attempts=3)
def index_media(run: Run) -> None:
    """Makes what was said findable by its words."""
    indexing.index_media(run.subject_id)


@job(max_attempts=5, time_limit=600)
def embed_passages(run: Run) -> None:
    """Makes it findable by its meaning; until then, and if this fails, by its words."""

    def progress(percent: float) -> None:
        run.check()
        run.report(percent, "embedding")

    try:
        embedding.embed_passages(UUID(run.payload["media"]), progress=progress)
    except AiError as error:
        raise JobError(error.code, error.message, permanent=error.permanent) from error
    except OverCeiling as error:  # next month, or when an owner raises it
        raise JobPostponed(OVER_CEILING, over_ceiling_words(error), delay=SIX_HOURS, detail=str(error)) from error
