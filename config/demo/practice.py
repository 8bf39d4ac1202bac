"""The demo's last chapter and a second, short course: work to hand in, questions of all kinds, a rule, a code."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from courses.models import (
    Assignment,
    Collection,
    ContentItem,
    Course,
    CourseAccess,
    Enrollment,
    ItemType,
    Note,
    Quiz,
    Resource,
)
from courses.models.quiz import Review
from courses.quizzes.questions import KINDS, Typed, TypedOption
from courses.services.assignments import write_assignment
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.codes import make_code
from courses.services.collections import add_course, save_collection
from courses.services.enrolling import enroll
from courses.services.progress import mark_done
from courses.services.publishing import publish_course
from courses.services.quizzes import write_quiz
from courses.services.resources import save_resource
from courses.services.submissions import save_draft, submit

CHAPTER = "Before you go out"
KNOTS = "three-knots-for-the-shore"
CODE = "KNOTS-2027"
FORMULA = """\
The range between high and low water follows the **rule of twelfths**: in six hours the water rises by
$\\frac{1}{12}, \\frac{2}{12}, \\frac{3}{12}, \\frac{3}{12}, \\frac{2}{12}$ and $\\frac{1}{12}$ of it.

$$h(t) = h_{low} + R \\cdot \\frac{1 - \\cos(\\pi t / 6)}{2}$$

```python
from math import cos, pi

def height(low: float, range_: float, hours: float) -> float:
    return low + range_ * (1 - cos(pi * hours / 6)) / 2
```
"""
TASK = """\
Take the tide table of a place you know.

1. When is high water tomorrow?
2. How high does the water stand **three hours** after low water?

Write how you found out; a photo of the table is welcome.
"""
BOWLINE = """\
1. Make a small loop.
2. Bring the end **up through** it, around behind the standing part, and back down.
3. Pull tight. It holds, and it can be undone.
"""
HITCH = "Two turns around the post, each end under itself. Quick to make, quick to cast off."


@dataclass(frozen=True)
class Ask:
    kind: str
    prompt: str
    typed: Typed
    feedback: str

    def as_fields(self) -> dict[str, Any]:
        content = KINDS[self.kind].parse(self.typed)
        return {
            "kind": self.kind, "prompt": self.prompt, "options": content.options, "answer": content.answer,
            "feedback": self.feedback, "points": 1,
        }  # fmt: skip


QUESTIONS = (
    Ask(
        "multiple_choice",
        "What makes tides larger?",
        Typed(
            options=(
                TypedOption("New moon", is_right=True),
                TypedOption("Full moon", is_right=True),
                TypedOption("Half-moon", feedback="Then Sun and Moon pull at right angles."),
                TypedOption("A cold night"),
            )
        ),
        "Around new and full moon Sun and Moon pull along one line.",
    ),
    Ask("true_false", "Swell is made by wind that blows here and now.", Typed(is_true=False), "It was made far away."),
    Ask("short_text", "What is the tide called a week after spring tide?", Typed(accepted=("neap tide", "neap")), ""),
    Ask(
        "numeric",
        "By the rule of twelfths: how many meters does a range of 6 m rise in the third hour?",
        Typed(value="1.5", tolerance="0.05"),
        "Three twelfths of six meters.",
    ),
)


def add_practice(course: Course, *, by: User) -> None:
    """A chapter that opens after the first one; its quiz opens after what is to be handed in. Made once."""
    if course.chapters.filter(title=CHAPTER).exists():
        return
    first = str(course.chapters.get(position=1).pk)
    rules = {"match": "all", "rules": [{"kind": "after_chapter", "chapter": first}]}
    then = {"match": "all", "rules": [{"kind": "after_previous"}]}
    chapter = add_chapter(course, title=CHAPTER, by=by, availability=rules)
    link = save_resource(Resource(title="Tide tables of the world"), link="https://www.psmsl.org/")
    task = write_assignment(
        Assignment(
            title="Read a tide table", instructions=TASK, points=20, pass_mark=50,
            due_at=timezone.now() + timedelta(days=6),
        )
    )  # fmt: skip
    quiz = Quiz(title="Ready for the sea?", time_limit_minutes=10, shuffles_questions=True, review=Review.LAST)
    write_quiz(quiz, questions=[ask.as_fields() for ask in QUESTIONS])
    steps: tuple[dict[str, Any], ...] = (
        {"type": ItemType.TEXT, "title": "The rule of twelfths", "text": FORMULA, "estimated_minutes": 3},
        {"type": ItemType.RESOURCE, "title": link.title, "resource": link, "is_required": False},
        {"type": ItemType.ASSIGNMENT, "title": task.title, "assignment": task, "estimated_minutes": 20},
        {"type": ItemType.QUIZ, "title": quiz.title, "quiz": quiz, "estimated_minutes": 10, "availability": then},
    )
    for fields in steps:
        add_item(chapter, by=by, **fields)


def add_knots(course: Course, *, learner: User, waiting: User, by: User) -> None:
    """A short course by code, which one learner has completed; both courses stand in a collection. Made once."""
    if Course.objects.filter(slug=KNOTS).exists():
        return
    knots = create_course(
        title="Three knots for the shore", slug=KNOTS, by=by, access=CourseAccess.GRANTED, seats=12,
        description="A bowline, a clove hitch, and when to use which.", objectives="Tie a bowline without looking",
        certificate_signer=by.name,
    )  # fmt: skip
    chapter = add_chapter(knots, title="At the post", by=by)
    add_item(chapter, type=ItemType.TEXT, title="The bowline", text=BOWLINE, estimated_minutes=4, by=by)
    add_item(chapter, type=ItemType.TEXT, title="The clove hitch", text=HITCH, estimated_minutes=2, by=by)
    publish_course(knots, by=by)
    make_code(knots, code=CODE, by=by, max_uses=20, note="Open day")
    sea = save_collection(Collection(title="By the sea", description="Water, wind and what to do about them."), by=by)
    for one in (course, knots):
        add_course(sea, one, by=by)
    enroll(knots, user=waiting)
    _complete(enroll(knots, user=learner))


def _complete(enrollment: Enrollment) -> None:
    for item in ContentItem.objects.of_course(enrollment.course_id).select_related("chapter"):
        mark_done(item, enrollment=enrollment)


def hand_in(course: Course, *, learner: User) -> None:
    """Something in the grading queue; made once."""
    task = Assignment.objects.get(item__chapter__course=course)
    enrollment = Enrollment.objects.get(course=course, user=learner)
    if not task.submissions.exists():
        save_draft(
            task, enrollment=enrollment, text="High water is at 14:20. Three hours after low it stands at 2.1 m."
        )
        submit(task, enrollment=enrollment)


def write_notes(course: Course, *, learner: User) -> None:
    film = ContentItem.objects.of_course(course).filter(type=ItemType.VIDEO).in_order().first()
    if film is None or Note.objects.filter(user=learner).exists():
        return
    for at, text in ((12.0, "Two bulges, not one!"), (31.0, ""), (44.0, "Ask about the Bay of Fundy.")):
        Note.objects.create(user=learner, course=course, item=film, item_title=film.title, at=at, text=text)
