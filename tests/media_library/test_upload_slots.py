"""Who sends slowly holds a thread of the web server: so many at once, and pages are answered meanwhile."""

from contextlib import ExitStack
from threading import Event, Thread

import pytest
from django.conf import settings
from django.db import connection

from media_library.api.tus import SLOTS, SMALL
from media_library.models import Upload
from tests.media_library.test_tus import begun, code_of, create, offset, send, send_line

LARGE = b"x" * (SMALL + 1)


@pytest.fixture
def client(alice, client_of):
    return client_of(alice)


@pytest.fixture
def everybody_sends():
    with ExitStack() as slots:
        for _ in range(settings.UPLOADS_AT_ONCE):
            slots.enter_context(SLOTS)
        yield slots


class EndlessLine:
    """Says nothing until it is let go, then breaks."""

    def __init__(self):
        self.asked, self.let_go = Event(), Event()

    def read(self, size=-1):
        self.asked.set()
        self.let_go.wait(30)
        raise OSError("the line is gone")

    readline = read


def test_large_body_waits_while_others_arrive(client, everybody_sends, caplog):
    where = begun(client, size=len(LARGE))

    refused = send(client, where, LARGE)
    everybody_sends.close()

    assert (code_of(refused), refused["Retry-After"], caplog.records) == ((503, "uploads_busy"), "2", [])
    assert (offset(client, where), send(client, where, LARGE).status_code) == (0, 204)


def test_body_of_unknown_length_waits_too(client, everybody_sends):
    where = begun(client)

    refused = send_line(client, where, EndlessLine(), **{"Transfer-Encoding": "chunked"})

    assert code_of(refused) == (503, "uploads_busy")


def test_small_body_needs_no_slot(client, everybody_sends):
    where = begun(client, size=SMALL)

    assert send(client, where, LARGE[:SMALL]).status_code == 204


def test_file_that_comes_with_its_announcement_goes_on_later(client, everybody_sends, scope):
    answer = create(client, size=len(LARGE), body=LARGE)

    assert (answer.status_code, answer["Upload-Offset"], Upload.objects.get().state) == (201, "0", "receiving")


def test_refused_body_gives_its_slot_back(client):
    where = begun(client, size=10)

    answers = [code_of(send(client, where, LARGE)) for _ in range(settings.UPLOADS_AT_ONCE + 1)]

    assert answers == [(413, "too_long")] * (settings.UPLOADS_AT_ONCE + 1)


def _send_slowly(client, where, line):
    try:
        send_line(client, where, line, length=str(len(LARGE)))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_slow_senders_leave_the_next_one_an_answer(client, alice, client_of):
    places = [begun(client, size=len(LARGE)) for _ in range(settings.UPLOADS_AT_ONCE + 1)]
    lines = [EndlessLine() for _ in range(settings.UPLOADS_AT_ONCE)]
    slow = zip(places[1:], lines, strict=True)
    threads = [Thread(target=_send_slowly, args=(client_of(alice), *each)) for each in slow]
    for thread in threads:
        thread.start()
    assert [line.asked.wait(10) for line in lines] == [True] * len(lines)

    refused = send(client, places[0], LARGE)
    for line, thread in zip(lines, threads, strict=True):
        line.let_go.set()
        thread.join(10)

    assert (code_of(refused), send(client, places[0], LARGE).status_code) == ((503, "uploads_busy"), 204)
