"""How many of the ten nearest passages search finds, in organizations of 0.1 %, 1 % and 100 % of 100,000 passages.

They share one graph. `search` is what people get: small libraries are compared as a whole. `graph` is the approximate
search by itself, forced upon libraries of all sizes, which says why it is not used for the small ones.
"""

import os
from pathlib import Path
from statistics import fmean
from typing import Any

from accounts.models import Organization
from core.tenancy import organization_scope
from knowledge.models.passage import DEFAULT_MODEL
from knowledge.question import Question
from knowledge.ranking import RANKED_WHOLE, Meaning, rank_passages
from media_library.models import Media
from tests.benchmarks.passages import Library, Vectors, fill

PASSAGES = int(os.environ.get("PASSAGES", "100000"))
QUESTIONS, NEAREST, ENOUGH = 100, 10, 0.95
SHARES = {"0.1 %": 0.001, "1 %": 0.01}


def measure(data: Path) -> dict[str, Any]:
    vectors = Vectors()
    libraries = _libraries()
    fill(*libraries.values(), vectors=vectors)
    questions = [Meaning(DEFAULT_MODEL, vector.tolist()) for vector in vectors.some(QUESTIONS)]
    recalls = {share: _recalls(library.organization, questions) for share, library in libraries.items()}
    return {
        "passages": PASSAGES, "questions": QUESTIONS, "recall_at_10": recalls,
        "enough": all(recall["search"] >= ENOUGH for recall in recalls.values()),
    }  # fmt: skip


def _libraries() -> dict[str, Library]:
    """The third has all that the others have not, and so nearly 100 %."""
    sizes = {name: max(int(PASSAGES * share), NEAREST) for name, share in SHARES.items()}
    sizes["100 %"] = PASSAGES - sum(sizes.values())
    found = [Organization.objects.create(name=name, slug=f"library-{n}") for n, name in enumerate(sizes)]
    return {name: Library(here, sizes[name]) for name, here in zip(sizes, found, strict=True)}


def _recalls(organization: Organization, questions: list[Meaning]) -> dict[str, float]:
    with organization_scope(organization):
        exact = [_nearest(meaning, ranked_whole=PASSAGES) for meaning in questions]
        ways = {"search": RANKED_WHOLE, "graph": 0}
        found = {way: [_nearest(meaning, ranked_whole=whole) for meaning in questions] for way, whole in ways.items()}
    return {
        way: round(fmean(len(ours & best) / len(best) for ours, best in zip(lists, exact, strict=True)), 4)
        for way, lists in found.items()
    }


def _nearest(meaning: Meaning, *, ranked_whole: int) -> set[Any]:
    """By search's own statement, without a word of the question."""
    hits = rank_passages(
        Question(), visible=Media.objects.all(), meaning=meaning, limit=NEAREST, ranked_whole=ranked_whole
    )
    return {hit.passage_id for hit in hits}
