"""What would change in a course that is there: compared first, accepted in parts, with all that learners did."""

import pytest

from core.errors import Refused
from core.identifiers import uuid7
from courses.models import Completion, Enrollment, ItemType
from courses.services.authoring import add_chapter, add_item, create_course
from knowledge.course_drafts.accepting import accept_course_draft, comparison, dismiss_course_draft
from knowledge.course_drafts.comparing import arranged, compare
from knowledge.course_drafts.rebasing import rebased
from knowledge.course_drafts.shapes import Entry, Outline, Part
from knowledge.course_drafts.starting import start_course_draft
from knowledge.models import CourseDraft
from tests.knowledge.course_drafts import KNOWN, add_films, outline_of, serve_outline

BASICS, MORE = uuid7(), uuid7()
A, B, C, NEW = uuid7(), uuid7(), uuid7(), uuid7()


def part(chapter, title, *entries):
    return Part(title, chapter, [entry(name, key) for name, key in entries])


def entry(name, key):
    return Entry(name, media=NEW) if key == NEW else Entry(name, item=key)


NOW = Outline(parts=[part(BASICS, "Basics", ("a", A), ("b", B)), part(MORE, "More", ("c", C))])
THEN = Outline(parts=[
    part(BASICS, "Basics", ("b", B), ("A", A)), part(None, "Fresh", ("new", NEW), ("c", C)), part(MORE, "More"),
])  # fmt: skip


def titles(outline):
    return [(one.title, [entry.title for entry in one.entries]) for one in outline.parts]


def test_a_comparison_names_each_change_once() -> None:
    found = [(change.kind.value, change.title, change.chapter, change.was) for change in compare(NOW, THEN)]

    assert found == [
        ("moved", "b", "Basics", "Basics"), ("renamed", "A", "Basics", "a"), ("added", "new", "Fresh", ""),
        ("moved", "c", "Fresh", "More"),
    ]  # fmt: skip


@pytest.mark.parametrize(("accepted", "comes_of_it"), [
    ([], [("Basics", ["a", "b"]), ("More", ["c"])]),
    ([f"add:{NEW}"], [("Basics", ["a", "b"]), ("Fresh", ["new"]), ("More", ["c"])]),
    ([f"move:{C}"], [("Basics", ["a", "b"]), ("Fresh", ["c"]), ("More", [])]),
    ([f"move:{C}", f"add:{NEW}"], [("Basics", ["a", "b"]), ("Fresh", ["new", "c"]), ("More", [])]),
])  # fmt: skip
def test_parts_of_a_proposal_stand_on_their_own(accepted, comes_of_it) -> None:
    assert titles(arranged(NOW, THEN, accepted)) == comes_of_it


def test_chapters_and_words_of_the_course_are_proposed_each_on_its_own() -> None:
    now = Outline(description="Old.", objectives=["See."], parts=[part(BASICS, "Basics"), part(MORE, "More")])
    then = Outline(description="New.", objectives=["See.", "Swim."], parts=[part(MORE, "More"), part(BASICS, "Basics")])

    found = [(one.id, one.kind.value, one.title, one.chapter, one.was) for one in compare(now, then)]

    assert found == [
        ("description", "rewritten", "New.", "", "Old."), ("objectives", "rewritten", "See.\nSwim.", "", "See."),
        (f"move:{MORE}", "moved", "More", "", "Basics"),
    ]  # fmt: skip
    assert titles(arranged(now, then, [f"move:{MORE}"])) == [("More", []), ("Basics", [])]
    assert titles(arranged(now, then, ["description"])) == [("Basics", []), ("More", [])]


def test_what_a_maker_changed_since_is_not_proposed_to_be_changed_back() -> None:
    was = Outline(description="Old.", parts=[part(BASICS, "Basics", ("a", A), ("b", B)), part(MORE, "More", ("c", C))])
    then = Outline(description="New.", parts=[
        part(MORE, "Rest", ("c", C)), part(BASICS, "Basics", ("b", B), ("A", A), ("new", NEW)),
    ])  # fmt: skip
    typed = Outline(description="Mine.", parts=[
        part(BASICS, "Ground", ("mine", A)), part(MORE, "More", ("b", B), ("c", C)),
    ])  # fmt: skip

    untouched = compare(was, rebased(then, was=was, now=was))
    found = compare(typed, rebased(then, was=was, now=typed))

    assert [one.kind.value for one in untouched] == [
        "rewritten", "moved", "renamed", "kept", "moved", "renamed", "added",
    ]  # fmt: skip
    assert [(one.kind.value, one.title) for one in found] == [
        ("moved", "More"), ("renamed", "Rest"), ("kept", "c"), ("kept", "mine"), ("added", "new"), ("kept", "b"),
    ]  # fmt: skip


@pytest.fixture
def course(scope, alice, work_off):
    first, second = add_films(2)
    course = create_course(title="Sea", by=alice)
    chapter = add_chapter(course, title="Waters", by=alice)
    for film in (first, second):
        add_item(chapter, by=alice, type=ItemType.VIDEO, title=film.title, media=film)
    work_off()
    return course


def proposed(course, films, alice, work_off) -> CourseDraft:
    draft = start_course_draft(films, by=alice, course=course)
    work_off()
    draft.refresh_from_db()
    return draft


def test_an_accepted_proposal_keeps_rows_and_what_learners_did(
    httpserver, settings, course, alice, bob, work_off
) -> None:
    films = add_films(1)
    work_off()
    item = course.chapters.get().items.first()
    enrollment = Enrollment.objects.create(course=course, user=bob)
    Completion.objects.create(enrollment=enrollment, item=item, reason="watched")
    serve_outline(httpserver, settings, {**KNOWN, "chapters": [
        {"ref": "c1", "title": "Waters", "items": [{"ref": "m1", "title": "New"}, {"ref": "i2", "title": "Film 2"}]},
        {"ref": "", "title": "Later", "items": [{"ref": "i1", "title": "Film one"}, {"ref": "i7", "title": "?"}]},
    ]})  # fmt: skip

    draft = proposed(course, films, alice, work_off)

    assert (draft.state, outline_of(course)) == ("proposed", [("Waters", ["Film 1", "Film 2"])])
    assert [change.kind.value for change in comparison(draft)] == [
        "rewritten", "rewritten", "added", "kept", "moved", "renamed",
    ]  # fmt: skip
    accept_course_draft(draft, by=alice)
    assert outline_of(course) == [("Waters", ["New", "Film 2"]), ("Later", ["Film one"])]
    item.refresh_from_db()
    assert (item.chapter.title, Completion.objects.get(item=item).enrollment) == ("Later", enrollment)
    draft.refresh_from_db()
    assert draft.state == "ready"
    with pytest.raises(Refused, match="Nothing is proposed"):
        accept_course_draft(draft, by=alice)


def test_words_of_the_course_are_accepted_or_stay(httpserver, settings, course, alice, work_off) -> None:
    films = add_films(1)
    work_off()
    placed = {"ref": "c1", "title": "Waters", "items": [{"ref": "m1", "title": "New"}]}
    serve_outline(httpserver, settings, {**KNOWN, "chapters": [placed]})
    draft = proposed(course, films, alice, work_off)
    wanted = {change.id for change in comparison(draft)}

    accept_course_draft(draft, by=alice, changes=["objectives"])

    course.refresh_from_db()
    assert {"description", "objectives"} < wanted
    assert (course.title, course.description, course.objectives) == ("Sea", "", "Tell tides from waves.")
    assert outline_of(course) == [("Waters", ["Film 1", "Film 2"])]


def test_what_is_forgotten_stays_and_only_what_is_ticked_is_done(httpserver, settings, course, alice, work_off) -> None:
    films = add_films(2)
    work_off()
    serve_outline(httpserver, settings, {**KNOWN, "chapters": [
        {"ref": "c1", "title": "Renamed", "items": [{"ref": "m2", "title": "Second"}, {"ref": "m1", "title": "First"}]},
    ]})  # fmt: skip
    draft = proposed(course, films, alice, work_off)

    accept_course_draft(draft, by=alice, changes=[f"add:{films[0].pk}"])

    assert outline_of(course) == [("Waters", ["Film 1", "Film 2", "First"])]


def test_without_a_model_new_videos_come_behind_the_course(course, alice, work_off) -> None:
    films = add_films(1)
    work_off()
    draft = proposed(course, films, alice, work_off)

    with pytest.raises(Refused, match="not proposed"):
        accept_course_draft(draft, by=alice, changes=["add:nothing"])
    with pytest.raises(Refused, match="already"):
        start_course_draft(films, by=alice, course=course)
    accept_course_draft(draft, by=alice)

    assert outline_of(course) == [("Waters", ["Film 1", "Film 2"]), ("New videos", ["Film 1"])]


def test_a_dismissed_proposal_changes_nothing(course, alice, work_off) -> None:
    draft = proposed(course, add_films(1), alice, work_off)

    dismiss_course_draft(draft, by=alice)

    assert (CourseDraft.objects.count(), outline_of(course)) == (0, [("Waters", ["Film 1", "Film 2"])])
