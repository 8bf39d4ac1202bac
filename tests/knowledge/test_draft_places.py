"""Where an accepted draft goes: found among many chapters, without a script; and what learners have of it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from courses.models import Attempt, Chapter, Course
from courses.models.item import ItemState
from courses.services.authoring import create_course, save_item
from courses.services.enrolling import find_member, grant_course
from courses.services.publishing import publish_course
from knowledge.drafting.placing import offered_chapters
from knowledge.drafting.reviewing import accept_draft
from knowledge.models import Draft, DraftState
from tests.knowledge.test_draft_doors import as_typed, lesson, page_of, talk  # noqa: F401
from tests.knowledge.test_draft_review import NOTES, QUIZ, ready


@pytest.fixture
def many(scope, alice):
    """Three hundred chapters in ten courses."""
    for number in range(10):
        course = create_course(title=f"Course {number}", by=alice)
        Chapter.objects.bulk_create(
            Chapter(course=course, title=f"Part {place} of {number}", position=place) for place in range(1, 31)
        )


def shown(offers):
    return [(course, [one.title for one in chapters]) for course, chapters in offers.courses]


def test_few_of_many_chapters_are_offered_and_each_is_found_by_its_words(
    talk, lesson, many, django_assert_max_num_queries  # noqa: F811
):  # fmt: skip
    draft, elsewhere = ready(talk, "notes", NOTES), ready(lesson.media, "quiz", QUIZ)
    far = Chapter.objects.get(title="Part 29 of 7")
    with django_assert_max_num_queries(3):
        without = offered_chapters(draft, words="", chosen="")
    with django_assert_max_num_queries(3):
        found = offered_chapters(draft, words="course 7 PART 29", chosen=str(lesson.chapter_id))

    assert (shown(without), without.has_more) == ([("Seas", ["Tides"])], False)
    assert shown(found) == [("Seas", ["Tides"]), ("Course 7", [far.title])]
    assert shown(offered_chapters(draft, words="nowhere", chosen="")) == []
    lesson.delete()
    recent = offered_chapters(elsewhere, words="", chosen="")
    assert (sum(len(chapters) for _course, chapters in recent.courses), recent.has_more) == (12, True)


def test_a_chapter_is_found_and_chosen_without_a_script_and_nothing_typed_is_lost(
    talk, lesson, many, alice, client_of, django_assert_max_num_queries  # noqa: F811
):  # fmt: skip
    draft, client = ready(talk, "notes", NOTES), client_of(alice)
    typed = {**as_typed(client.get(page_of(draft))), "part-0-heading": "Mine"}

    with django_assert_max_num_queries(25):
        found = client.post(page_of(draft), {**typed, "words": "29 of 7", "_find": "1"})
    chapter = found.context["offers"].courses[-1][1][0]
    client.post(page_of(draft), {**typed, "words": "29 of 7", "chapter": str(chapter.pk), "_accept": ""})

    draft.refresh_from_db()
    assert (chapter.title, found.context["parts"][0].form["heading"].value()) == ("Part 29 of 7", "Mine")
    assert found.content.decode().count('type="radio"') == 2  # the one found, and where the talk is
    assert (draft.state, draft.item.chapter, "## Mine" in draft.item.text) == (DraftState.ACCEPTED, chapter, True)


def test_what_is_refused_need_not_be_right(talk, lesson, alice, client_of):  # noqa: F811
    draft, client = ready(talk, "notes", NOTES), client_of(alice)
    typed = as_typed(client.get(page_of(draft)))

    client.post(page_of(draft), {**typed, "part-0-heading": "", "_refuse": ""})

    assert Draft.objects.get().state == DraftState.REFUSED


def test_a_drafted_quiz_is_taken_and_graded(talk, lesson, alice, bob, client_of):  # noqa: F811
    """From a draft to a grade: accepted, published with its course, taken by a learner page by page."""
    item = accept_draft(ready(talk, "quiz", QUIZ), by=alice).item
    course = Course.objects.get()
    item.state = ItemState.PUBLISHED
    save_item(item, by=alice)
    publish_course(course, by=alice)
    grant_course(course, member=find_member(bob.email), by=alice)
    where = {"organization": "harbor", "course": course.slug, "item_id": item.pk}
    single, truth, short = item.quiz.questions.all()
    right = next(option["key"] for option in single.options if option["text"] == "The Moon")
    answers = {single.pk: right, truth.pk: "true", short.pk: "never"}
    client = client_of(bob)

    client.post(reverse("courses:start_quiz", kwargs=where))
    taken = {**where, "attempt_id": Attempt.objects.get().pk}
    sheet = {"asked": [str(key) for key in answers], **{f"question-{key}": said for key, said in answers.items()}}
    done = client.post(reverse("courses:submit_quiz", kwargs=taken), sheet, follow=True)

    attempt = Attempt.objects.get()
    assert (done.context["view"], attempt.points, attempt.points_possible) == ("result", Decimal(2), Decimal(3))
    assert [question.verdict for question in done.context["sheet"]] == ["right", "right", "wrong"]
