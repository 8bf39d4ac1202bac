"""A worker that is killed while it builds the set of another model: search never goes dark, nothing is built twice."""

import os
import signal
from collections import Counter
from threading import Event

import pytest
from django.db.models import Count
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.tenancy import organization_scope
from knowledge.models import Embedding, SearchModel
from knowledge.services.search import Manner, search
from knowledge.services.search_model_status import last_job, request_switch
from media_library.demo.talks import CURRENTS
from tests.knowledge.concepts import answer_concepts
from tests.knowledge.conftest import foreign_talk as foreign_talk
from tests.knowledge.conftest import talks as talks
from tests.knowledge.test_switching import NEW, OLD, library, provider  # noqa: F401
from tests.processes import wait_until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.xdist_group("worker")]


def test_worker_killed_while_it_builds_goes_on_and_search_never_goes_dark(
    library, alice, organization, other_organization, tmp_path  # noqa: F811
):  # fmt: skip
    is_killed, asked, answered = Event(), Event(), Counter()

    def answer(request: Request) -> Response:
        """The second request waits until the worker is dead."""
        if answered and not is_killed.is_set():
            asked.set()
            is_killed.wait(60)
            return Response(status=500)
        answered.update(request.get_json()["input"])
        return answer_concepts(request)

    request_switch(flips=True)

    def found() -> tuple[str, str]:
        result = search("abyss circulation", user=alice, organization=organization)
        return result.manner, result.moments[0].media.title

    with HTTPServer() as server, worker(tmp_path, EMBEDDING_BASE_URL=server.url_for("/v1"), EMBEDDING_MODEL=NEW):
        server.expect_request("/v1/embeddings").respond_with_handler(answer)
        wait_until(asked.is_set, seconds=60, what="the second organization is being embedded")
        halfway = dict(SearchModel.objects.values_list("name", "state")), found()
        os.kill(int(last_job().worker.rpartition(":")[2]), signal.SIGKILL)
        is_killed.set()
        seen = [found()]
        wait_until(
            lambda: seen.append(found()) or last_job().state == "succeeded",
            seconds=90, what="the set is built and live",
        )  # fmt: skip

    assert halfway == ({OLD: "live", NEW: "building"}, (Manner.MEANING, CURRENTS.title))
    assert set(seen) == {(Manner.MEANING, CURRENTS.title)}
    assert last_job().attempt == 2
    assert dict(SearchModel.objects.values_list("name", "state")) == {OLD: "retired", NEW: "live"}
    built = []
    for here in (organization, other_organization):
        with organization_scope(here):
            rows = Embedding.objects.filter(model=NEW).values("passage").annotate(n=Count("pk"))
            built.append(sorted(rows.values_list("n", flat=True)))
    assert built == [[1, 1, 1], [1]]
    assert sum(answered.values()) == 4
