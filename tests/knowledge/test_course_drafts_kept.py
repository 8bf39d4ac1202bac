"""What course drafts do not lose: answers that were paid for, and what a maker typed meanwhile."""

import pytest

from accounts.models import Membership, Role
from config.demo.course_drafts import PROPOSAL, offer_course_draft
from core.errors import Refused
from core.models import Job
from courses.models import Chapter, ContentItem, Course
from courses.services.authoring import add_chapter, add_item, create_course
from knowledge.course_drafts.accepting import accept_course_draft, comparison, dismiss_course_draft
from knowledge.course_drafts.starting import retry_course_draft, start_course_draft
from knowledge.drafting.reviewing import accept_draft
from knowledge.models import CourseDraft, Draft, DraftState
from media_library.services.purging import purge_media
from tests.conftest import member
from tests.core.writer_provider import messages_asked
from tests.knowledge.course_drafts import KNOWN, add_films, all_marks, chapters, go_on_now, outline_of, serve_outline
from tests.knowledge.test_draft_review import NOTES


def test_an_outline_that_was_paid_for_is_not_asked_again(httpserver, settings, scope, alice, work_off) -> None:
    """As if the process had died between the answer and the course that is made of it."""
    films = add_films(2)
    work_off()
    serve_outline(httpserver, settings, lambda messages: chapters(("Sea", all_marks(messages))))
    draft = start_course_draft(films, by=alice)
    work_off()
    Chapter.objects.all().delete()
    CourseDraft.objects.update(state="generating", step="outline", outline={})

    Job.objects.filter(kind="draft_course").update(state="queued", attempt=0, finished_at=None)
    go_on_now(work_off)

    draft.refresh_from_db()
    assert (draft.state, len(messages_asked(httpserver))) == ("ready", 1)
    assert outline_of(draft.course) == [("Sea", ["Lesson m1", "Lesson m2"])]


def test_an_outline_about_other_media_is_asked_anew(httpserver, settings, scope, alice, work_off) -> None:
    """References go by place: without one of the media they would name others."""
    films = add_films(3)
    work_off()
    serve_outline(httpserver, settings, lambda messages: chapters(("Sea", all_marks(messages))))
    draft = start_course_draft(films, by=alice)
    work_off()
    Chapter.objects.all().delete()
    CourseDraft.objects.update(state="generating", step="outline")
    type(films[0]).objects.filter(pk=films[0].pk).update(publication="archived")

    Job.objects.filter(kind="draft_course").update(state="queued", attempt=0, finished_at=None)
    go_on_now(work_off)

    held = ContentItem.objects.of_course(draft.course).order_by("position").values_list("media", flat=True)
    assert (len(messages_asked(httpserver)), list(held)) == (2, [films[1].pk, films[2].pk])


def test_what_a_maker_typed_meanwhile_stays(httpserver, settings, scope, alice, work_off) -> None:
    films = add_films(1)
    work_off()
    serve_outline(httpserver, settings, lambda messages: chapters(("Sea", all_marks(messages))))
    draft = start_course_draft(films, by=alice)
    typed = {"title": "My sea", "description": "Mine.", "objectives": "Swim.", "level": "advanced"}
    Course.objects.filter(pk=draft.course_id).update(**typed)

    work_off()

    course = Course.objects.get(pk=draft.course_id)
    assert {name: getattr(course, name) for name in typed} == typed
    assert outline_of(course) == [("Sea", ["Lesson m1"])]


def test_a_draft_accepted_elsewhere_meanwhile_comes_into_the_course_too(
    httpserver, settings, scope, alice, work_off
) -> None:
    (film,) = add_films(1)
    work_off()
    written = Draft.objects.create(
        media=film, kind="notes", state=DraftState.READY, content=NOTES, transcript=film.transcript
    )
    serve_outline(httpserver, settings, lambda messages: chapters(("Sea", all_marks(messages))))
    draft = start_course_draft([film], by=alice, notes=True)
    draft.entries.update(notes_draft=written)
    elsewhere = add_chapter(create_course(title="Other", by=alice), title="One", by=alice)
    accept_draft(written, by=alice, chapter=elsewhere)

    work_off()
    go_on_now(work_off)

    draft.refresh_from_db()
    entry = draft.entries.get()
    made = ContentItem.objects.of_course(draft.course).order_by("position").values_list("type", flat=True)
    assert (draft.state, entry.notes, list(made)) == ("ready", "done", ["video", "text"])
    assert (Draft.objects.count(), elsewhere.items.count()) == (2, 1)


def test_nothing_is_paid_for_somebody_who_may_not_make_courses_any_more(
    httpserver, settings, scope, alice, work_off
) -> None:
    films = add_films(1)
    work_off()
    serve_outline(httpserver, settings, lambda messages: chapters(("Sea", all_marks(messages))))
    carla = member("carla@harbor.test", scope, Role.CREATOR)
    draft = start_course_draft(films, by=carla)
    Membership.objects.filter(user=carla).update(role=Role.LEARNER)

    work_off()

    draft.refresh_from_db()
    assert (draft.state, draft.error_code, messages_asked(httpserver)) == ("failed", "not_allowed", [])
    retry_course_draft(draft, by=alice)
    work_off()
    draft.refresh_from_db()
    assert (draft.state, draft.by) == ("ready", alice)


def test_whoever_is_slower_is_told_that_a_proposal_is_gone(scope, alice, work_off) -> None:
    course = create_course(title="Sea", by=alice)
    draft = start_course_draft(add_films(1), by=alice, course=course)
    work_off()
    seen = CourseDraft.objects.get(pk=draft.pk)
    dismiss_course_draft(draft, by=alice)

    for verb in (accept_course_draft, dismiss_course_draft, retry_course_draft):
        with pytest.raises(Refused, match="dismissed meanwhile") as refusal:
            verb(seen, by=alice)
        assert (refusal.value.code, refusal.value.status) == ("gone", 409)


def test_media_that_is_deleted_meanwhile_is_left_out_of_a_proposal(scope, alice, work_off) -> None:
    course = create_course(title="Sea", by=alice)
    chapter = add_chapter(course, title="Waters", by=alice)
    add_item(chapter, type="text", title="Words", text="Words.", by=alice)
    films = add_films(2)
    work_off()
    draft = start_course_draft(films, by=alice, course=course)
    work_off()
    type(films[0]).objects.filter(pk=films[0].pk).update(publication="archived")
    purge_media(films[0], by=alice)

    accept_course_draft(CourseDraft.objects.get(pk=draft.pk), by=alice)

    assert outline_of(course) == [("Waters", ["Words"]), ("New videos", ["Film 2"])]


def test_the_demo_has_a_proposal_of_every_kind_once(scope, alice) -> None:
    films = add_films(3)

    for _again in range(2):
        offer_course_draft(films, by=alice)

    found = [(one.kind.value, one.title) for one in comparison(CourseDraft.objects.get())]
    assert found == [
        ("rewritten", PROPOSAL["description"]), ("rewritten", "\n".join(PROPOSAL["objectives"])), ("moved", "Tides"),
        ("kept", "Film 1"), ("renamed", "Waves: wind on water"), ("kept", "Film 2"), ("added", "The slow current"),
    ]  # fmt: skip


def test_nothing_is_asked_about_media_that_are_all_gone(httpserver, settings, scope, alice, work_off) -> None:
    films = add_films(2)
    work_off()
    serve_outline(httpserver, settings, lambda messages: chapters(("Sea", all_marks(messages))))
    draft = start_course_draft(films, by=alice)
    type(films[0]).objects.update(publication="archived")

    work_off()

    draft.refresh_from_db()
    assert (draft.state, draft.error_code, messages_asked(httpserver)) == ("failed", "no_media", [])


def test_a_long_course_is_given_room_to_be_named_in(httpserver, settings, scope, alice, work_off) -> None:
    """Of three hundred items an answer of the usual length would be cut off: paid, and read by nobody."""
    course = create_course(title="Sea", by=alice)
    chapter = add_chapter(course, title="Waters", by=alice)
    ContentItem.objects.bulk_create(
        ContentItem(chapter=chapter, type="text", title=f"Text {n}", text="Words.", position=n) for n in range(1, 301)
    )
    films = add_films(1)
    work_off()
    placed = [{"ref": "c1", "title": "Waters", "items": [{"ref": "m1", "title": "New"}]}]
    serve_outline(httpserver, settings, {**KNOWN, "chapters": placed})

    draft = start_course_draft(films, by=alice, course=course)
    work_off()

    asked = [request.get_json()["max_completion_tokens"] for request, _answer in httpserver.log]
    accept_course_draft(CourseDraft.objects.get(pk=draft.pk), by=alice, changes=[f"add:{films[0].pk}"])
    assert (max(asked), chapter.items.count()) == (8_000 + 80 * (1 + 301 - 60), 301)
