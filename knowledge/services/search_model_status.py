"""Which model search asks, which one is being built, and how far: for the whole installation."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import cancel_job, enqueue
from core.models import AiCall, Job
from core.models.job import LIVE_STATES
from core.tenancy import every_organization, organization_scope
from knowledge.models import Embedding, Passage, SearchModel, SearchModelState
from knowledge.services.embedding import configured_embedder
from knowledge.services.search_models import give_up_building, model_in
from knowledge.services.switching import Estimate, estimate

JOB = "switch_embeddings"


@dataclass(frozen=True)
class ModelStatus:
    """`state` as in SearchModelState; of all `passages` so many have their meaning. `cost` so far in US dollars."""

    name: str
    state: str
    since: datetime
    passages: int
    meant: int
    cost: Decimal

    @property
    def lacking(self) -> int:
        return max(self.passages - self.meant, 0)

    @property
    def percent(self) -> int:
        """0–100, rounded down: 100 is the whole."""
        return 100 * self.meant // self.passages if self.passages else 100


@dataclass(frozen=True)
class SearchModels:
    """`configured` empty: none. `left` is what building its set takes, None where nothing is to be built."""

    models: list[ModelStatus]
    passages: int
    configured: str
    left: Estimate | None
    job: Job | None

    @property
    def live(self) -> ModelStatus | None:
        return self._in(SearchModelState.LIVE)

    @property
    def building(self) -> ModelStatus | None:
        return self._in(SearchModelState.BUILDING)

    @property
    def is_working(self) -> bool:
        return self.job is not None and self.job.is_live

    @property
    def may_build(self) -> bool:
        return self.left is not None and not self.is_working and not self.may_flip

    @property
    def may_flip(self) -> bool:
        built = self.building
        return built is not None and built.name == self.configured and not built.lacking and not self.is_working

    def _in(self, state: SearchModelState) -> ModelStatus | None:
        return next((model for model in self.models if model.state == state), None)


def search_models() -> SearchModels:
    embedder = configured_embedder()
    live = model_in(SearchModelState.LIVE)
    with every_organization(reason="one model serves the whole installation"):
        passages = Passage.objects.count()
        meant = dict(Embedding.objects.order_by().values_list("model").annotate(Count("pk")))
        paid = dict(AiCall.objects.order_by().values_list("model").annotate(Sum("cost")))
    models = [
        ModelStatus(row.name, row.state, row.since, passages, meant.get(row.name, 0), paid.get(row.name, Decimal(0)))
        for row in SearchModel.objects.order_by("state", "name")
    ]
    left = estimate(embedder) if embedder is not None and embedder.model != live else None
    return SearchModels(models, passages, embedder.model if embedder else "", left, last_job())


def last_job() -> Job | None:
    """The one that was put in line last, whatever became of it."""
    with organization_scope(None):  # it is nobody's: wherever one works it is not seen
        return Job.objects.filter(kind=JOB).order_by("-id").first()


def request_switch(*, flips: bool) -> Job:
    """Put building the configured model's set in line, and making it live where `flips`.

    Raises Refused (409): not_configured, already_live, switching.
    """
    embedder = configured_embedder()
    if embedder is None:
        raise Refused("not_configured", _("No embedder is configured, or the site wants no AI."), status=409)
    if model_in(SearchModelState.LIVE) == embedder.model:
        raise Refused("already_live", _("Search asks %(model)s already.") % {"model": embedder.model}, status=409)
    with transaction.atomic(), organization_scope(None):
        if Job.objects.filter(kind=JOB, state__in=LIVE_STATES).exists():
            raise Refused("switching", _("This is being done already."), status=409)
        return enqueue(JOB, key=f"{JOB}:{uuid7()}", payload={"model": embedder.model, "flips": flips})


def discard_building() -> None:
    """Stop what builds a set, and give the set up. Search goes on asking the live one."""
    with transaction.atomic(), organization_scope(None):
        for job in Job.objects.filter(kind=JOB, state__in=LIVE_STATES):
            cancel_job(job)
        give_up_building()
