"""Notes and quizzes of a drafted course: written by the drafts, put behind their videos, resumed and tried again."""

from core.models import Job
from courses.models import ContentItem, Course
from courses.models.item import ItemState
from knowledge.course_drafts.costs import costs_of
from knowledge.course_drafts.starting import retry_course_draft, start_course_draft
from knowledge.models import Draft
from tests.core.writer_provider import messages_asked
from tests.knowledge.course_drafts import add_films, all_marks, chapters, go_on_now, serve_outline

NOTES = {"sections": [{"heading": "The sea", "text": "The sea is blue.", "first_cue": 1, "last_cue": 1}]}


def answering(*, notes=NOTES):
    """An outline where one is asked for, else notes."""

    def answer(messages):
        marks = all_marks(messages)
        return chapters(("Sea", marks)) if marks else notes

    return answer


def drafted(films, alice, work_off):
    draft = start_course_draft(films, by=alice, notes=True)
    work_off()
    go_on_now(work_off)
    draft.refresh_from_db()
    return draft


def items_of(course: Course) -> list[tuple[str, str, str]]:
    found = ContentItem.objects.of_course(course).order_by("chapter__position", "position")
    return list(found.values_list("type", "title", "state"))


def test_notes_come_behind_their_videos_as_drafts(httpserver, settings, scope, alice, work_off) -> None:
    films = add_films(2)
    work_off()
    serve_outline(httpserver, settings, answering())

    draft = drafted(films, alice, work_off)

    assert (draft.state, items_of(draft.course)) == ("ready", [
        ("video", "Lesson m1", ItemState.PUBLISHED), ("text", "Notes: Film 1", ItemState.DRAFT),
        ("video", "Lesson m2", ItemState.PUBLISHED), ("text", "Notes: Film 2", ItemState.DRAFT),
    ])  # fmt: skip
    assert [one.step for one in costs_of(draft)] == ["outline", "notes", "quiz"]
    assert draft.course.is_published is False


def test_notes_that_failed_leave_the_course_ready_and_are_tried_again_alone(
    httpserver, settings, scope, alice, work_off
) -> None:
    films = add_films(2)
    work_off()
    serve_outline(httpserver, settings, answering(notes="The weather is fine."))
    draft = drafted(films, alice, work_off)
    entry = draft.entries.first()
    assert (draft.state, entry.notes, entry.words != "") == ("ready", "failed", True)
    httpserver.clear()
    serve_outline(httpserver, settings, answering())

    retry_course_draft(draft, by=alice)
    work_off()
    go_on_now(work_off)

    draft.refresh_from_db()
    assert (draft.state, list(draft.entries.values_list("notes", flat=True))) == ("ready", ["done", "done"])
    assert [all_marks(messages) for messages in messages_asked(httpserver)] == [[], []]  # no outline again


def test_a_worker_killed_between_videos_goes_on_where_it_was(httpserver, settings, scope, alice, work_off) -> None:
    """The job is taken up again, as after a kill: nothing is asked and nothing is put into the course twice."""
    films = add_films(2)
    work_off()
    serve_outline(httpserver, settings, answering())
    draft = drafted(films, alice, work_off)
    asked = len(messages_asked(httpserver))
    type(draft).objects.filter(pk=draft.pk).update(state="generating", step="lessons")
    draft.entries.filter(position=2).update(notes="waiting")

    Job.objects.filter(kind="draft_course").update(state="queued", attempt=0, finished_at=None)
    go_on_now(work_off)

    draft.refresh_from_db()
    assert (draft.state, len(messages_asked(httpserver)), Draft.objects.count()) == ("ready", asked, 2)
    assert [kind for kind, _title, _state in items_of(draft.course)] == ["video", "text", "video", "text"]


def test_without_a_model_nothing_is_invented(scope, alice, work_off) -> None:
    films = add_films(1)
    work_off()

    draft = drafted(films, alice, work_off)

    entry = draft.entries.get()
    assert (draft.state, entry.notes, "No language model" in entry.words) == ("ready", "failed", True)
    assert items_of(draft.course) == [("video", "Film 1", ItemState.PUBLISHED)]
