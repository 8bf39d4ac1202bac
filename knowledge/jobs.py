"""What runs later."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.ai.errors import AiError
from core.ai.ledger import Unaffordable
from core.jobs import JobError, JobPostponed, Run, job, scheduled
from core.models.job import Lane
from knowledge.course_drafts.jobs import draft_course as draft_course
from knowledge.drafting.jobs import write_draft as write_draft
from knowledge.labels.jobs import label_media as label_media
from knowledge.models import Passage
from knowledge.repeating.jobs import find_repetitions as find_repetitions
from knowledge.repeating.jobs import look_for_repetitions as look_for_repetitions
from knowledge.services import embedding, indexing, switching
from knowledge.written import indexing as written
from media_library.services.paying import waits_for_money

SWITCHING_SECONDS = 60.0
MOST_WORDS = 500  # characters, of what a job has to say


@job(stage="embedding", label=_("Make it searchable"), max_attempts=3)
def index_media(run: Run) -> None:
    """Makes what was said findable by its words."""
    indexing.index_media(run.subject_id)


@job(max_attempts=3)
def index_chapters(run: Run) -> None:
    """Cuts what was said anew, where its chapters begin now."""
    indexing.index_media(UUID(run.payload["media"]))


@job(max_attempts=3, time_limit=3600)
def index_items(run: Run) -> None:
    """Makes what is written in a course findable by its words; whoever looks is told which file cannot be read."""
    unread: list[str] = []
    written.index_items(_items_of(run), tell=unread.append)
    if unread:
        raise JobError("unread_files", " ".join(unread)[:MOST_WORDS], permanent=True)


@job(max_attempts=5, time_limit=600)
def embed_passages(run: Run) -> None:
    """Makes it findable by its meaning; until then, and if this fails, by its words."""
    _embed(run, Passage.objects.filter(media=UUID(run.payload["media"])), subject_id=UUID(run.payload["media"]))


@job(max_attempts=5, time_limit=3600)
def embed_items(run: Run) -> None:
    """The same for what is written."""
    _embed(run, Passage.objects.filter(item__in=_items_of(run)), subject_id=None)


@scheduled(every=timedelta(days=1), offset=timedelta(hours=4))
@job(max_attempts=1, time_limit=3 * 3600)
def tend_search_models(run: Run) -> None:
    """The index of the model that search asks stands, and old sets go; not while the model is being switched."""
    with suppress(switching.AlreadySwitching):
        switching.tend()


@job(lane=Lane.LONG, max_attempts=5, time_limit=24 * 3600)
def switch_embeddings(run: Run) -> None:
    """Builds the set of the configured model beside the live one, and makes it live where that was asked for."""
    embedder = embedding.configured_embedder()
    if embedder is None or embedder.model != run.payload["model"]:
        raise JobError("not_configured", gettext("Another model is configured by now, or none."), permanent=True)
    left = max(switching.estimate(embedder).passages, 1)
    done = 0

    def advance(passages: int) -> None:
        nonlocal done
        run.check()
        done += passages
        run.report(min(100 * done / left, 99), "embedding")

    try:
        switched = switching.switch_to(embedder, advance=advance, flips=run.payload["flips"])
    except switching.AlreadySwitching as error:
        words = gettext("Another process is at it already, such as the command.")
        raise JobPostponed("switching", words, delay=SWITCHING_SECONDS) from error
    except AiError as error:
        raise JobError(error.code, error.message, permanent=error.permanent) from error
    if switched.waiting:
        words = gettext("A ceiling for paid services is reached in: %(organizations)s.")
        raise JobError("over_ceiling", words % {"organizations": ", ".join(switched.waiting)}, permanent=True)


def _items_of(run: Run) -> list[UUID]:
    return [UUID(key) for key in run.payload["items"]]


def _embed(run: Run, passages: QuerySet[Passage], *, subject_id: UUID | None) -> None:
    def progress(percent: float) -> None:
        run.check()
        run.report(percent, "embedding")

    try:
        embedding.embed(passages, model=run.payload["model"], subject_id=subject_id, progress=progress)
    except AiError as error:
        raise JobError(error.code, error.message, permanent=error.permanent) from error
    except Unaffordable as error:
        raise waits_for_money(error) from error
