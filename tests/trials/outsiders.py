"""10,000 questions of people who may not hear the answer, by words and by meaning, with filters, of
what is said and what is written: nothing foreign is shown.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from pytest_httpserver import HTTPServer

from accounts.models import Organization
from tests.knowledge.concepts import serve_concepts
from tests.outsiders import World, ask_as_outsiders

QUERIES = 10_000


def measure(data: Path) -> dict[str, Any]:
    harbor, market = (Organization.objects.create(name=slug, slug=slug) for slug in ("harbor", "market"))
    with HTTPServer() as provider:
        serve_concepts(provider)
        settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL = provider.url_for("/v1"), "text-embedding-3-large"
        world = World(harbor, market)
        tally = ask_as_outsiders(world, queries=QUERIES)
    people = Counter(outsider.name for outsider in world.outsiders)
    return {
        "queries": tally.queries, "people": sum(people.values()), "filtered": tally.filtered,
        "moments": tally.moments, "written": tally.written,
        "foreign": len(tally.foreign), "examples": tally.foreign[:3],
    }  # fmt: skip
