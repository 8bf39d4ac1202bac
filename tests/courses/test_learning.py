"""Enrolling, completing, progress and attempts."""

import threading

import pytest
from django.db import connection, transaction

from accounts.models import Organization, User
from core.announcements import announce
from core.errors import Refused
from core.models import Job
from core.tenancy import organization_scope, scoped_thread
from courses.links import lesson_of
from courses.models import Attempt, Completion, ContentItem, CourseCompletion, Enrollment
from courses.models.enrollment import Reason
from courses.progress.counting import Standing, standing_of
from courses.services.attempts import take_quiz
from courses.services.authoring import add_item
from courses.services.enrolling import enroll
from courses.services.progress import complete_item, mark_done
from courses.services.publishing import publish_course, unpublish_course
from courses.services.settling import settle_course
from media_library.models import WatchSession
from tests.courses.conftest import Tides, make_media, make_quiz, right_answers, watched, wrong_answers

pytestmark = pytest.mark.django_db


def tell_watched(tides: Tides, user: User) -> None:
    session = WatchSession.objects.create(media=tides.media, user=user, percent=95, completed=True)
    with transaction.atomic():
        announce("watch_progressed", tides.media, session=session, milestones=(90,), percent=95.0)


def test_progress_of_a_new_enrollment_is_zero(bobs_place: Enrollment, scope: Organization) -> None:
    assert standing_of(bobs_place.pk) == Standing(0, 3)


def test_progress_is_rounded_down(tides: Tides, bobs_place: Enrollment, scope: Organization) -> None:
    mark_done(tides.text, enrollment=bobs_place)
    complete_item(tides.video, enrollment=bobs_place, reason=Reason.WATCHED)

    assert (standing_of(bobs_place.pk), standing_of(bobs_place.pk).percentage) == (Standing(2, 3), 66)


def test_progress_counts_only_required_published_items(
    tides: Tides, bobs_place: Enrollment, scope: Organization
) -> None:
    ContentItem.objects.filter(pk=tides.video.pk).update(is_required=False)
    ContentItem.objects.filter(pk=tides.test.pk).update(state="draft")

    assert standing_of(bobs_place.pk) == Standing(0, 1)


def test_progress_of_a_course_without_required_items_is_zero_percent(
    tides: Tides, bobs_place: Enrollment, scope: Organization
) -> None:
    ContentItem.objects.update(is_required=False)

    assert (standing_of(bobs_place.pk).percentage, standing_of(bobs_place.pk).is_complete) == (None, False)


def has_completed(enrollment: Enrollment) -> bool:
    return CourseCompletion.objects.filter(enrollment=enrollment).exists()


def test_completing_everything_completes_the_course_once(
    tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization
) -> None:
    tell_watched(tides, bob)
    mark_done(tides.text, enrollment=bobs_place)
    bobs_place.refresh_from_db()
    before = has_completed(bobs_place)

    take_quiz(tides.quiz, enrollment=bobs_place, answers=right_answers(tides.quiz))

    bobs_place.refresh_from_db()
    assert (before, has_completed(bobs_place), standing_of(bobs_place.pk)) == (False, True, Standing(3, 3))


def test_completion_survives_a_course_that_grows(
    tides: Tides, bobs_place: Enrollment, alice: User, scope: Organization
) -> None:
    for item in tides.items:
        complete_item(item, enrollment=bobs_place, reason=Reason.READ)
    add_item(tides.text.chapter, by=alice, type="text", title="More", text="More words.")

    bobs_place.refresh_from_db()
    assert (standing_of(bobs_place.pk), has_completed(bobs_place)) == (Standing(3, 4), True)


def test_watching_to_the_end_completes_the_item_of_every_own_course(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, scope: Organization
) -> None:
    again = add_item(tides.test.chapter, by=alice, type="video", title="Once more", media=tides.media)

    tell_watched(tides, bob)

    assert set(Completion.objects.values_list("item", "enrollment", "reason")) == {
        (tides.video.pk, bobs_place.pk, "watched"),
        (again.pk, bobs_place.pk, "watched"),
    }


def test_enrolling_credits_what_was_watched_before(tides: Tides, bob: User, scope: Organization) -> None:
    watched(tides.media, bob, percent=92)

    enrollment = enroll(tides.course, user=bob)

    assert list(Completion.objects.values_list("item", "enrollment")) == [(tides.video.pk, enrollment.pk)]


def test_enrolling_credits_nothing_that_was_not_watched_enough(tides: Tides, bob: User, scope: Organization) -> None:
    watched(tides.media, bob, percent=89)

    enroll(tides.course, user=bob)

    assert Completion.objects.count() == 0


def test_adding_watched_media_to_a_published_course_credits_its_learners_soon(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, scope: Organization
) -> None:
    media = make_media("Waves")
    watched(media, bob)

    item = add_item(tides.text.chapter, by=alice, type="video", title="Waves", media=media)

    media.refresh_from_db()
    at_once = Completion.objects.count()
    settle_course(tides.course)
    assert (at_once, list(Completion.objects.values_list("item", flat=True))) == (0, [item.pk])
    assert (media.publication, Job.objects.filter(kind="settle_course").count()) == ("published", 1)


def test_enrolling_twice_is_one_enrollment(tides: Tides, bob: User, scope: Organization) -> None:
    first, second = enroll(tides.course, user=bob), enroll(tides.course, user=bob)

    assert first.pk == second.pk


def test_enrolling_in_a_draft_is_refused(tides: Tides, bob: User, alice: User, scope: Organization) -> None:
    unpublish_course(tides.course, by=alice)

    with pytest.raises(Refused) as refusal:
        enroll(tides.course, user=bob)

    assert refusal.value.code == "not_published"


def test_coming_back_keeps_what_was_done(tides: Tides, bobs_place: Enrollment, bob: User, scope: Organization) -> None:
    mark_done(tides.text, enrollment=bobs_place)
    Enrollment.objects.update(is_active=False)

    enrollment = enroll(tides.course, user=bob)

    assert (enrollment.is_active, standing_of(enrollment.pk)) == (True, Standing(1, 3))


def test_attempt_is_graded_against_the_pass_mark(tides: Tides, bobs_place: Enrollment, scope: Organization) -> None:
    answers = wrong_answers(tides.quiz)
    first = tides.quiz.questions.first()
    answers[str(first.pk)] = first.answer["key"]

    attempt = take_quiz(tides.quiz, enrollment=bobs_place, answers=answers)

    assert (attempt.number, attempt.points, attempt.points_possible, attempt.percent, attempt.passed) == (
        1, 1, 3, 33, False,
    )  # fmt: skip


def test_passing_completes_the_item(tides: Tides, bobs_place: Enrollment, scope: Organization) -> None:
    take_quiz(tides.quiz, enrollment=bobs_place, answers=right_answers(tides.quiz))

    assert list(Completion.objects.values_list("item", "reason")) == [(tides.test.pk, "passed")]


def test_failing_completes_nothing(tides: Tides, bobs_place: Enrollment, scope: Organization) -> None:
    take_quiz(tides.quiz, enrollment=bobs_place, answers=wrong_answers(tides.quiz))

    assert Completion.objects.count() == 0


def test_answer_to_a_question_of_another_quiz_is_refused(
    tides: Tides, bobs_place: Enrollment, scope: Organization
) -> None:
    other = make_quiz("Another")

    with pytest.raises(Refused) as refusal:
        take_quiz(tides.quiz, enrollment=bobs_place, answers=right_answers(other))

    assert (refusal.value.code, Attempt.objects.count()) == ("unknown_answer", 0)


def test_attempts_beyond_the_last_are_refused(tides: Tides, bobs_place: Enrollment, scope: Organization) -> None:
    for _ in range(3):
        take_quiz(tides.quiz, enrollment=bobs_place, answers={})

    with pytest.raises(Refused) as refusal:
        take_quiz(tides.quiz, enrollment=bobs_place, answers=right_answers(tides.quiz))

    assert (refusal.value.code, list(Attempt.objects.values_list("number", flat=True))) == (
        "no_attempts_left", [3, 2, 1],
    )  # fmt: skip


def test_lesson_of_media_is_in_a_course_the_learner_is_in(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, scope: Organization
) -> None:
    assert lesson_of(bob, [tides.media.pk]) == {tides.media.pk: ("tides-and-currents", tides.video.pk)}
    assert lesson_of(alice, [tides.media.pk]) == {}


@pytest.mark.django_db(transaction=True)
def test_two_tabs_get_no_attempt_too_many(tides: Tides, bobs_place: Enrollment, organization: Organization) -> None:
    with organization_scope(organization):
        outcomes = in_threads(4, lambda: take_quiz(tides.quiz, enrollment=bobs_place, answers={}))
        numbers = sorted(Attempt.objects.values_list("number", flat=True))

    assert (sorted(outcomes), numbers) == (["done", "done", "done", "no_attempts_left"], [1, 2, 3])


@pytest.mark.django_db(transaction=True)
def test_last_items_completed_at_once_complete_the_course(
    tides: Tides, bobs_place: Enrollment, organization: Organization
) -> None:
    with organization_scope(organization):
        items = iter(tides.items)
        in_threads(3, lambda: complete_item(next(items), enrollment=bobs_place, reason=Reason.READ))
        bobs_place.refresh_from_db()

        assert (Completion.objects.count(), has_completed(bobs_place)) == (3, True)


def in_threads(count: int, verb: object) -> list[str]:
    """Do it that often at the same moment; what came of each."""
    outcomes: list[str] = []
    start = threading.Barrier(count)

    def work() -> None:
        try:
            start.wait(timeout=10)
            verb()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [scoped_thread(work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return outcomes


def test_publishing_an_unfinished_course_names_each_fault(tides: Tides, alice: User, scope: Organization) -> None:
    unpublish_course(tides.course, by=alice)
    add_item(tides.text.chapter, by=alice, type="video", title="Later", media=make_media("Later", ready=False))
    add_item(tides.text.chapter, by=alice, type="quiz", title="Nothing", quiz=make_quiz("Empty one", prompts=()))

    with pytest.raises(Refused) as refusal:
        publish_course(tides.course, by=alice)

    assert refusal.value.fields["chapters"] == [
        "“Later” cannot be played yet: wait until “Later” is ready, or make the item a draft.",
        "The quiz “Empty one” has no questions.",
    ]


def test_publishing_publishes_the_media_it_holds(tides: Tides, scope: Organization) -> None:
    assert (tides.media.publication, tides.course.is_published, tides.course.status) == ("published", True, "ready")
