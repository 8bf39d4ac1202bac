"""Answers that wait for the model hold no connection to the database."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from pytest_httpserver import HTTPServer
from werkzeug import Response

from knowledge.models import Answer
from tests.core.writer_provider import PATH, events
from tests.knowledge.asking.test_ask_doors import LIBRARY, as_stream, streamed
from tests.processes import wait_until

OPEN = 12
OTHERS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


def others() -> int:
    """Connections to this database besides one's own."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        (count,) = cursor.fetchone()
    return int(count)


@pytest.mark.django_db(transaction=True)
def test_answers_hold_no_connection_while_the_model_speaks(talks, bob, client_of, settings):
    everybody_listens, goes_on = Barrier(OPEN + 1), Barrier(OPEN + 1)
    told = []

    def said(model):
        yield from events(model, "It is the moon [1]. And", ends=False)
        everybody_listens.wait(60)
        goes_on.wait(60)
        yield from events(model, "the sun [1].")

    def read(client):
        told.append([name for name, _ in streamed(as_stream(client, LIBRARY))])

    threads = [Thread(target=read, args=(client_of(bob),)) for _ in range(OPEN)]
    before = others()

    with HTTPServer(threaded=True) as model:
        settings.WRITER_BASE_URL = model.url_for("/v1")
        model.expect_request(PATH).respond_with_handler(
            lambda request: Response(said("small-model"), content_type="text/event-stream")
        )
        for thread in threads:
            thread.start()
        everybody_listens.wait(60)
        wait_until(lambda: others() == before, seconds=15, what="no connection is held by an answer that waits")
        goes_on.wait(60)
        for thread in threads:
            thread.join(60)

    assert told == [["begun", "sentence", "sentence", "end"]] * OPEN
    wait_until(lambda: others() == before, seconds=15, what="no connection is held by an answer that was told")
    kept = list(Answer.objects.values_list("text", "state"))
    assert kept == [("It is the moon [1]. And the sun [1].", "answered")] * OPEN
