"""An evaluation from its files to its figures."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.utils import timezone
from tqdm import tqdm

from accounts.models import Organization
from core.ai.ledger import spent_since
from core.tenancy import organization_scope
from knowledge.evaluation.files import Asked, read_corpus, read_questions
from knowledge.evaluation.metrics import Figures
from knowledge.evaluation.running import Way, evaluate, sources_of, summed_up
from knowledge.evaluation.scratch import scratch_library
from knowledge.models import Passage
from knowledge.services.embedding import lacking, search_embedder

HEADS = ("recall@1", "recall@5", "recall@10", "MRR", "nDCG@10", "≤ 15 s")
NO_EMBEDDER = "By words alone: no embedder is configured (EMBEDDING_API_KEY or EMBEDDING_BASE_URL)."


@dataclass(frozen=True)
class Report:
    """`model` gave the meanings, empty: none; so many passages are `lacking` one. `cost` of asking in US dollars."""

    figures: dict[Way, Figures]
    passages: int
    model: str
    lacking: int
    cost: Decimal


def evaluated_in(organization: Organization, questions: Path) -> Report:
    """How well the library of an organization answers.

    Raises BadLine, UnknownSource, OSError, AiError, OverCeiling, PriceUnknown.
    """
    asked = read_questions(questions)
    with organization_scope(organization):
        return _report(asked, sources_of(asked))


def evaluated_on(corpus: Path, questions: Path) -> Report:
    """How well these texts would answer; nobody sees them, and they do not stay. Raises as above."""
    asked, texts = read_questions(questions), read_corpus(corpus)
    with scratch_library(texts) as keys:
        return _report(asked, sources_of(asked, keys))


def table(report: Report) -> str:
    """For people."""
    rows = [f"{'':8}" + "".join(f"{head:>11}" for head in HEADS)]
    rows += [f"{way:8}" + "".join(_cells(figures)) for way, figures in report.figures.items()]
    return "\n".join([*rows, *_remarks(report)])


def _report(asked: list[Asked], sources: dict[str, UUID]) -> Report:
    embedder, since = search_embedder(), timezone.now()
    outcomes = evaluate(asked, sources=sources, embedder=embedder)
    return Report(
        figures=summed_up(list(tqdm(outcomes, total=len(asked), unit="question", disable=None))),
        passages=Passage.objects.count(),
        model=embedder.model if embedder else "",
        lacking=lacking(embedder.model).count() if embedder else 0,
        cost=spent_since(since),
    )


def _cells(figures: Figures) -> Iterator[str]:
    for field in fields(figures)[1:]:
        value = getattr(figures, field.name)
        yield f"{'—':>11}" if value is None else f"{value:>11.3f}"


def _remarks(report: Report) -> Iterator[str]:
    (questions,) = {figures.questions for figures in report.figures.values()}
    yield f"{questions} questions, {report.passages} passages."
    if not report.model:
        yield NO_EMBEDDER
        return
    yield f"Meaning by {report.model}; asking cost ${report.cost:.4f}."
    if report.lacking:
        yield f"{report.lacking} passages have no meaning yet: run reindex."
