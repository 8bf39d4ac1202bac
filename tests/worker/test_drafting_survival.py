"""A worker may be killed while a model answers: the draft goes on where it was, and each answer is paid once."""

import json
import os
import signal
import sys
import threading

import pytest
from pytest_httpserver import HTTPServer

from core.models import AiCall, Job
from core.tenancy import organization_scope
from courses.models import ContentItem
from knowledge.course_drafts.starting import start_course_draft
from knowledge.models import CourseDraft, Draft
from media_library.captions import TimedText
from media_library.models import Media
from tests.core.writer_provider import PATH, completed
from tests.knowledge.conftest import add_media
from tests.knowledge.course_drafts import all_marks, chapters
from tests.processes import running, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.xdist_group("worker")]
SENTENCE = "The sea rises twice a day and falls twice a day, because the moon draws it. "
SECTION = {"heading": "Tides", "text": "The moon draws the sea."}


class Model:
    """Answers an outline or notes; what was asked of it stands in `asked`. Silent for good where it is told to be.

    Labels are asked of it too: it has none to give. Each request has a thread of its own, as the dead do not hang up.
    """

    def __init__(self, httpserver, *, silent_at):
        self.asked, self.silent_at = [], silent_at
        self.is_silent, self.may_end = threading.Event(), threading.Event()
        httpserver.expect_request(PATH, method="POST").respond_with_handler(self.respond)

    def respond(self, request):
        messages = request.get_json()["messages"]
        if not all_marks(messages) and "<transcript-" not in messages[1]["content"]:
            return completed("model", "None.")
        self.asked.append(messages[1]["content"])
        if len(self.asked) in self.silent_at:
            self.is_silent.set()
            self.may_end.wait(60)
        return completed("model", json.dumps(said(messages)))


@pytest.fixture
def threaded_server():
    with HTTPServer(threaded=True) as server:
        yield server


def said(messages):
    if marks := all_marks(messages):
        return chapters(("Sea", marks))
    first = int(messages[1]["content"].split("\n[", 1)[1].split("]", 1)[0])
    return {"sections": [{**SECTION, "first_cue": first, "last_cue": first}]}


def long_film(title, words):
    """Of so many words: more than 2,500 are asked about piece by piece."""
    count = words // len(SENTENCE.split())
    return add_media(title, [TimedText(n * 4.0, n * 4.0 + 3.5, SENTENCE, "") for n in range(count)])


def kill_worker_of(kind, model):
    wait_until(model.is_silent.is_set, seconds=120, what="the model is asked")
    os.kill(int(Job.objects.get(kind=kind, state="running").worker.rpartition(":")[2]), signal.SIGKILL)
    model.is_silent.clear()


def ledger():
    """Of each subject how its calls ended."""
    calls = AiCall.objects.filter(purpose="draft").values_list("subject_id", "state")
    return {subject: sorted(state for one, state in calls if one == subject) for subject, _state in calls}


def test_a_course_draft_outlives_its_workers_and_pays_each_answer_once(threaded_server, organization, alice, tmp_path):
    """Killed while the outline is written, and while the second half of a long film's notes is."""
    model = Model(threaded_server, silent_at={1, 4})
    with organization_scope(organization):
        film = long_film("Tides", 3000)
        draft = start_course_draft([film], by=alice, notes=True)

    with drafting_worker(tmp_path, threaded_server):
        kill_worker_of("draft_course", model)
        kill_worker_of("write_draft", model)
        wait_until(lambda: state_of(draft, organization) == "ready", seconds=150, what="the course is drafted")
    model.may_end.set()

    with organization_scope(organization):
        notes = Draft.objects.get()
        made = list(ContentItem.objects.of_course(draft.course).order_by("position").values_list("type", flat=True))
        assert (Media.objects.count(), made, notes.state) == (1, ["video", "text"], "accepted")
        assert ledger() == {
            draft.pk: ["paid", "paid", "reserved", "reserved"],  # the request that was cut off, and the one answered
            notes.pk: ["paid", "paid", "paid", "paid", "reserved", "reserved"],
        }
    assert [len(all_marks([{}, {"content": asked}])) for asked in model.asked] == [1, 1, 0, 0, 0]
    lasts = [asked.splitlines()[-2] for asked in model.asked[2:]]  # of each half what is said last
    assert (lasts[0] == lasts[1], lasts[1] == lasts[2]) == (False, True)


def state_of(draft, organization):
    with organization_scope(organization):
        return CourseDraft.objects.values_list("state", flat=True).get(pk=draft.pk)


def drafting_worker(folder, httpserver):
    command = (sys.executable, "manage.py", "run_worker")
    return running(*command, data=folder, WRITER_BASE_URL=httpserver.url_for("/v1"), JOB_SILENCE_SECONDS="60")
