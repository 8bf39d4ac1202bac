"""The demo's course: three talks, each with something to read and a quiz of three questions."""

from dataclasses import dataclass
from typing import Any

from django.core.files import File

from accounts.models import User
from courses.models import Chapter, Course, ItemType, Quiz
from courses.quizzes.choices import read_options
from courses.quizzes.questions import KINDS, Typed
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.covers import set_cover
from courses.services.quizzes import write_quiz
from media_library.demo import talks
from media_library.demo.talks import Talk
from media_library.models import Media
from media_library.services.uploads import upload_media

SLUG = "how-the-sea-moves"
OBJECTIVES = """\
Say why most coasts have two tides a day
Tell apart ripples, swell and breakers
Follow the slow current through the deep sea"""


@dataclass(frozen=True)
class Ask:
    """A question of the demo."""

    prompt: str
    right: str
    wrong: tuple[str, ...]
    feedback: str

    def as_fields(self) -> dict[str, Any]:
        """The right option stands in another place each time."""
        lines = [*self.wrong]
        lines.insert(len(self.prompt) % (len(self.wrong) + 1), f"*{self.right}")
        typed = KINDS["single_choice"].parse(Typed(options=read_options("\n".join(lines))))
        return {"prompt": self.prompt, "options": typed.options, "answer": typed.answer, "feedback": self.feedback}


@dataclass(frozen=True)
class Lesson:
    """A talk with something to read and its questions."""

    talk: Talk
    heading: str
    reading: str
    questions: tuple[Ask, ...]


LESSONS = (
    Lesson(
        talks.TIDES,
        "Words for the tide",
        """\
**Spring tide** has nothing to do with the season. The water *springs up*: around new and full moon the Sun pulls along
the same line as the Moon, and the range is largest.

**Neap tide** comes a week later, with the half-moon, when Sun and Moon pull at right angles.

| when | Moon | range |
|---|---|---|
| spring | new or full | large |
| neap | half | small |
""",
        (
            Ask(
                "How often does the tide come in on most coasts?",
                "About twice a day",
                ("Once a day", "Once a week"),
                "Two bulges, one turning Earth.",
            ),
            Ask(
                "What pulls the near bulge out?",
                "The Moon's gravity",
                ("The wind", "The heat of the Sun"),
                "The Sun helps or hinders, the Moon leads.",
            ),
            Ask(
                "When is the range smallest?",
                "At neap tide",
                ("At spring tide", "At midnight"),
                "Sun and Moon then pull at right angles.",
            ),
        ),
    ),
    Lesson(
        talks.WAVES,
        "Reading the water",
        """\
Next time you stand at the sea, try this:

1. Look for **ripples**: they are seconds old.
2. Find the long, smooth **swell**: it was made far away.
3. Watch where it **breaks**: the seabed is about that near.

> A wave moves shape and energy. The water mostly stays.
""",
        (
            Ask(
                "What is the distance called over which wind blows on open water?",
                "The fetch",
                ("The swell", "The reach of the tide"),
                "More fetch, larger waves.",
            ),
            Ask(
                "What does a floating gull do as a wave passes?",
                "It bobs in a circle and stays",
                ("It travels with the wave", "It sinks"),
                "The shape travels, the water hardly does.",
            ),
            Ask(
                "What is a wave that has left its storm behind?",
                "Swell",
                ("A breaker", "A ripple"),
                "Swell can cross an ocean.",
            ),
        ),
    ),
    Lesson(
        talks.CURRENTS,
        "A thousand years in one paragraph",
        """\
Cold, salty water is heavy. Near Greenland and Antarctica it sinks, creeps along the floor of the ocean, and rises again
far away, carrying what plankton needs. One round takes about as long as from the age of castles until today.
""",
        (
            Ask(
                "Why does water sink near the poles?",
                "It is cold and salty, so it is heavy",
                ("The wind presses it down", "Ice pulls it under"),
                "Freezing leaves the salt behind.",
            ),
            Ask(
                "How long may one round through the deep take?",
                "About a thousand years",
                ("About a week", "About a year"),
                "Slow, but it never stops.",
            ),
            Ask(
                "What do the Argo floats measure?",
                "The ocean, while they drift",
                ("The height of castles", "The speed of gulls"),
                "Thousands of them dive and report.",
            ),
        ),
    ),
)


def upload_talks(*, by: User) -> list[Media]:
    """The three films go through the same door as everybody's."""
    return [_upload(lesson.talk, by=by) for lesson in LESSONS]


def _upload(talk: Talk, *, by: User) -> Media:
    found = Media.objects.filter(original_filename=talk.path.name).first()
    if found is not None:
        return found
    with talk.path.open("rb") as content:
        media = upload_media(File(content, name=talk.path.name), title=talk.title, by=by)  # type: ignore[arg-type]
    Media.objects.filter(pk=media.pk).update(description=talk.description)
    return media


def build_course(films: list[Media], *, by: User) -> Course:
    """A draft of the whole course; made once."""
    if (found := Course.objects.filter(slug=SLUG).first()) is not None:
        return found
    course = create_course(
        title=talks.COURSE_TITLE, slug=SLUG, description=talks.COURSE_DESCRIPTION, objectives=OBJECTIVES, by=by
    )
    course.instructors.add(by)
    with talks.COVER_PATH.open("rb") as picture:
        set_cover(course, picture)
    for lesson, film in zip(LESSONS, films, strict=True):
        _build_chapter(add_chapter(course, title=lesson.talk.title), lesson, film, by=by)
    return course


def _build_chapter(chapter: Chapter, lesson: Lesson, film: Media, *, by: User) -> None:
    add_item(chapter, type=ItemType.VIDEO, title=lesson.talk.title, media=film, estimated_minutes=2, by=by)
    add_item(chapter, type=ItemType.TEXT, title=lesson.heading, text=lesson.reading, estimated_minutes=1, by=by)
    quiz = Quiz(title=f"What you remember of “{lesson.talk.title}”")
    write_quiz(quiz, questions=[ask.as_fields() for ask in lesson.questions])
    add_item(chapter, type=ItemType.QUIZ, title="Three questions", quiz=quiz, estimated_minutes=2, by=by)
