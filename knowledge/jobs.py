"""What runs later."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.ai.errors import AiError
from core.ai.ledger import Unaffordable
from core.jobs import JobError, Run, job
from knowledge.course_drafts.jobs import draft_course
from knowledge.drafting.jobs import write_draft
from knowledge.services import embedding, indexing
from media_library.services.paying import waits_for_money

__all__ = ["draft_course", "embed_passages", "index_media", "write_draft"]


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
    except Unaffordable as error:
        raise waits_for_money(error) from error
