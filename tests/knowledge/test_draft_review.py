"""What people do with drafts that wait for review."""

import pytest

from core.errors import Refused
from courses.models import ContentItem, Question, Quiz
from courses.services.authoring import add_chapter, add_item, create_course
from knowledge.drafting.plain import without_links
from knowledge.drafting.reviewing import accept_draft, edit_draft, refuse_draft, version_of
from knowledge.models import Draft, DraftKind, DraftState
from media_library.chapter_marks import chapter_marks
from media_library.demo.talks import TIDES
from tests.knowledge.conftest import add_media, cues_of

SPAN = {"start": 65.5, "end": 70.0, "first_cue": 13, "last_cue": 13}
NOTES = {"sections": [{"heading": "Two bulges", "text": "The ocean **stretches**.", "span": SPAN}]}
CHAPTERS = {"chapters": [{"title": "The Moon", "at": 0}, {"title": "The Sun", "at": 65.5}]}
QUIZ = {
    "questions": [
        {
            "kind": "single_choice", "prompt": "What pulls?", "explanation": "It is said.", "span": SPAN,
            "options": [{"text": "The Moon", "is_right": True}, {"text": "The wind", "is_right": False}],
        },
        {"kind": "true_false", "prompt": "It rises twice.", "is_true": True, "span": SPAN},
        {"kind": "short_text", "prompt": "How often?", "accepted": ["twice", "two times"], "span": SPAN},
    ]
}  # fmt: skip
SAME = [{"text": "A", "is_right": True}, {"text": "A", "is_right": False}]


@pytest.fixture
def talk(scope):
    return add_media(TIDES.title, cues_of(TIDES))


@pytest.fixture
def lesson(talk, alice):
    """The talk in a course, something else behind it."""
    chapter = add_chapter(create_course(title="Seas", by=alice), title="Tides", by=alice)
    item = add_item(chapter, type="video", title=talk.title, media=talk, by=alice)
    add_item(chapter, type="text", title="Afterwards", text="Words.", by=alice)
    return item


def ready(media, kind, content):
    return Draft.objects.create(media=media, kind=kind, state=DraftState.READY, content=content)


def titles(chapter):
    return list(chapter.items.values_list("title", "type", "state"))


def test_accepted_notes_stand_behind_their_lesson_as_a_draft_and_lead_to_their_second(talk, lesson, alice):
    draft = accept_draft(ready(talk, DraftKind.NOTES, NOTES), by=alice)

    assert [title for title, _type, _state in titles(lesson.chapter)] == [
        talk.title, f"Notes: {talk.title}", "Afterwards",
    ]  # fmt: skip
    assert (draft.state, draft.item.type, draft.item.state, draft.reviewed_by) == ("accepted", "text", "draft", alice)
    address = f"/harbor/courses/seas/learn/{lesson.pk}/?t=65"
    assert draft.item.text == f"## Two bulges\n\n[1:05]({address})\n\nThe ocean **stretches**."


def test_an_accepted_quiz_is_one_that_can_be_graded(talk, lesson, alice):
    draft = accept_draft(ready(talk, DraftKind.QUIZ, QUIZ), by=alice)

    single, truth, short = draft.item.quiz.questions.all()
    right = next(option["key"] for option in single.options if option["text"] == "The Moon")
    assert (single.answer, single.feedback) == ({"key": right}, "It is said.")
    assert (truth.answer, short.answer) == ({"key": "true"}, {"accepted": ["twice", "two times"]})
    assert (draft.item.state, draft.item.position, draft.item.is_required) == ("draft", 2, False)


def test_accepted_chapters_are_those_of_every_item_that_shows_the_media(talk, lesson, alice):
    elsewhere = add_chapter(create_course(title="Oceans", by=alice), title="One", by=alice)
    add_item(elsewhere, type="video", title="Again", media=talk, by=alice, metadata={"mark": "kept"})

    accept_draft(ready(talk, DraftKind.CHAPTERS, CHAPTERS), by=alice)

    shown = ContentItem.objects.filter(media=talk).order_by("pk")
    assert [chapter_marks(item.metadata) for item in shown] == [[(0.0, "The Moon"), (65.5, "The Sun")]] * 2
    assert shown[1].metadata["mark"] == "kept"


@pytest.mark.parametrize(("kind", "content"), [("notes", NOTES), ("quiz", QUIZ), ("chapters", CHAPTERS)])
def test_accepting_twice_makes_nothing_twice(talk, lesson, alice, kind, content):
    draft = ready(talk, kind, content)
    first = accept_draft(draft, by=alice)
    made = (ContentItem.objects.count(), Quiz.objects.count(), Question.objects.count())

    second = accept_draft(draft, by=alice)

    assert (second.item, second.reviewed_at) == (first.item, first.reviewed_at)
    assert (ContentItem.objects.count(), Quiz.objects.count(), Question.objects.count()) == made


def test_media_of_no_course_needs_a_chapter_and_gets_no_link(talk, alice):
    draft = ready(talk, DraftKind.NOTES, NOTES)
    with pytest.raises(Refused) as raised:
        accept_draft(draft, by=alice)
    chapter = add_chapter(create_course(title="Seas", by=alice), title="Tides", by=alice)

    accepted = accept_draft(draft, by=alice, chapter=chapter)

    assert (raised.value.code, list(raised.value.fields)) == ("chapter_missing", ["chapter"])
    assert (accepted.item.chapter, accepted.item.text) == (chapter, "## Two bulges\n\nThe ocean **stretches**.")


def test_what_is_edited_is_what_is_accepted(talk, lesson, alice):
    draft = ready(talk, DraftKind.QUIZ, QUIZ)

    edited = edit_draft(draft, {"questions": QUIZ["questions"][1:2]}, by=alice, seen=version_of(draft))

    assert [one.prompt for one in accept_draft(edited, by=alice).item.quiz.questions.all()] == ["It rises twice."]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("notes", {"sections": [{"heading": "", "text": "x", "span": SPAN}]}),
        ("notes", {"sections": [{"heading": "x", "text": "x", "span": {**SPAN, "end": 1}}]}),
        ("notes", QUIZ),
        ("notes", ["sections"]),
        ("quiz", {"questions": [{**QUIZ["questions"][0], "options": []}]}),
        (
            "quiz",
            {"questions": [{**QUIZ["questions"][0], "options": [{"text": "A", "is_right": True}, {"text": "A"}]}]},
        ),
        ("quiz", {"questions": [{**QUIZ["questions"][2], "accepted": ["x" * 900]}]}),
        ("quiz", {"questions": [{**QUIZ["questions"][0], "kind": "multiple_choice", "options": SAME}]}),
        ("chapters", {"chapters": [{"title": "Late", "at": 5}]}),
        ("chapters", {"chapters": [{"title": "A", "at": 0}, {"title": "B", "at": 0}]}),
        ("chapters", {"chapters": [{"title": "A", "at": float("nan")}]}),
    ],
)
def test_content_of_another_shape_is_refused(talk, alice, kind, content):
    draft = ready(talk, kind, {})

    with pytest.raises(Refused) as raised:
        edit_draft(draft, content, by=alice)

    assert (raised.value.code, list(raised.value.fields)) == ("wrong_content", ["content"])


def test_who_edits_what_somebody_else_changed_is_told(talk, alice):
    draft = ready(talk, DraftKind.NOTES, NOTES)
    seen = version_of(draft)
    edit_draft(draft, {"sections": []}, by=alice)

    with pytest.raises(Refused) as raised:
        edit_draft(draft, NOTES, by=alice, seen=seen)

    assert raised.value.code == "changed_meanwhile"


def test_a_refused_draft_stays_refused(talk, lesson, alice):
    draft = refuse_draft(ready(talk, DraftKind.NOTES, NOTES), by=alice)

    with pytest.raises(Refused) as raised:
        accept_draft(draft, by=alice)

    assert (draft.state, refuse_draft(draft, by=alice).reviewed_at) == ("refused", draft.reviewed_at)
    assert (raised.value.code, titles(lesson.chapter)[1][0]) == ("not_ready", "Afterwards")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("See [here](https://evil.example/x) now", "See [here] ("),
        ("![p](//evil.example/p.png)", "![p] ("),
        ("[a][1]\n\n[1]: //evil.example", "[a] [1]\n\n[1] : "),
        ("<https://evil.example> <img src=x>", "< < img src=x>"),
        ("Call javascript:alert(1)", "Call "),
        ("2 < 3 and **bold** [1]", "2 < 3 and **bold** [1]"),
    ],
)
def test_what_a_model_wrote_leads_nowhere(told, expected):
    assert without_links(told).startswith(expected)
