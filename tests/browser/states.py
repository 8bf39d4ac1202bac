"""Everything in one organization, and what its pages look like in between: begun, locked, handed in, graded."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Organization, Role
from core.tenancy import organization_scope
from courses.models import Certificate, ContentItem
from courses.services.attempts import start_attempt, take_quiz
from courses.services.enrolling import enroll
from courses.services.marking import grade, release, return_for_rework
from courses.services.submissions import save_draft
from media_library.models import Media, Rendition, Storyboard, Transcript
from tests.conftest import member
from tests.courses.conftest import make_tides, right_answers
from tests.courses.homework import Homework, make_homework
from tests.walls.tries import Ground
from tests.world import populate

NUMBER = "K7QM-2XRD-94TB"
WORDS = "The moon pulls the water up on both sides of the earth, which turns below it once a day. " * 6


def make_everything(organization: Organization, film: Media, *, owner: Any, learner: Any) -> Ground:
    """A row of every model; its video plays the film."""
    with organization_scope(organization):
        rows = populate(owner, learner, mark="tidal")
        Rendition.objects.filter(pk=rows["rendition"].pk).update(folder=film.rendition.folder)
        Storyboard.objects.filter(pk=rows["storyboard"].pk).update(folder=film.storyboard.folder)
        Transcript.objects.update(language="en")
        Certificate.objects.update(number=NUMBER)
        rows["owner"] = owner
        enroll(rows["course"], user=member("carla@harbor.test", organization, Role.CUSTOMER))
    return Ground(a=rows, b=rows)


def addresses_between(ground: Ground) -> dict[str, str]:
    """By a word for the state: what an address of a kind looks like beside what `make_everything` shows of it."""
    rows = ground.a
    owner, learner = rows["owner"], rows["user"]
    with organization_scope(rows["organization"]):
        steps = rows["chapter"].items.exclude(pk=rows["item"].pk)
        course = f"/harbor/courses/{rows['course'].slug}"
        return {
            **{one.type: f"{course}/learn/{one.pk}/" for one in steps},
            **_of_quizzes(owner, learner),
            **_of_assignments(owner, learner),
            "certificate-valid": f"/certificates/harbor/{NUMBER}/",
            "certificate-unknown": "/certificates/harbor/?number=ABCD",
            "search-found": "/harbor/search/?q=tidal",
            "catalog-filtered": "/harbor/?q=tidal&level=advanced",
        }


def _of_quizzes(owner: Any, learner: Any) -> dict[str, str]:
    running, graded, untouched = (make_tides(owner, title=title) for title in ("Ebb", "Flow", "Neap"))
    for tides in (running, graded, untouched):
        enroll(tides.course, user=learner)
    start_attempt(running.quiz, enrollment=running.course.enrollments.get())
    take_quiz(graded.quiz, enrollment=graded.course.enrollments.get(), answers=right_answers(graded.quiz))
    rules = [{"kind": "after_item", "item": str(untouched.video.pk)}]
    ContentItem.objects.filter(pk=untouched.text.pk).update(availability={"rules": rules})
    return {
        "quiz-running": _page(running.test),
        "quiz-graded": _page(graded.test),
        "quiz-before": _page(untouched.test),
        "locked": _page(untouched.text),
        "text-open": _page(running.text),
    }


def _of_assignments(owner: Any, learner: Any) -> dict[str, str]:
    new, begun, waiting, returned, graded = (make_homework(owner, learner=learner) for _ in range(5))
    begun.ask(due_at=timezone.now())
    save_draft(begun.assignment, enrollment=begun.place, text=WORDS)
    waiting.handed_in(WORDS)
    return_for_rework(returned.handed_in(WORDS), feedback="Say more of the sun.", by=owner)
    marked = grade(graded.handed_in(WORDS), points=Decimal(31), feedback="Well written.", by=owner)
    release(marked, by=owner)
    states = {"new": new, "draft": begun, "waiting": waiting, "returned": returned, "graded": graded}
    return {**{f"assignment-{state}": _page(one.essay) for state, one in states.items()}, **_resource(new)}


def _resource(homework: Homework) -> dict[str, str]:
    return {"resource-file": _page(homework.chart)}


def _page(item: ContentItem) -> str:
    return f"/harbor/courses/{item.chapter.course.slug}/learn/{item.pk}/"
