"""What drafts look like: what a model is asked for, which names cues by their numbers, and what is kept, in seconds.

A model never says a time: it says the numbers of cues, and the server looks up when they are said. What is kept is
what a person reviews and edits, and what is published when it is accepted.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

MOST_SECTIONS, MOST_QUESTIONS, MOST_CHAPTERS = 100, 60, 200

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
QuestionKind = Literal["single_choice", "multiple_choice", "true_false", "short_text"]
OPTION_KINDS = frozenset({"single_choice", "multiple_choice"})


# What a model answers. Cues are numbered from 1 over the whole transcript; bounds are checked afterwards.


class ToldSection(BaseModel):
    """One section of notes: `text` is Markdown; it stands on cues `first_cue` to `last_cue`, both included."""

    heading: str
    text: str
    first_cue: int
    last_cue: int


class ToldNotes(BaseModel):
    sections: list[ToldSection]


class ToldOption(BaseModel):
    text: str
    is_right: bool


class ToldQuestion(BaseModel):
    """`options` for choices, `is_true` for true or false, `accepted` for a short text; the others are empty."""

    kind: QuestionKind
    prompt: str
    options: list[ToldOption]
    is_true: bool
    accepted: list[str]
    explanation: str
    first_cue: int
    last_cue: int


class ToldQuiz(BaseModel):
    questions: list[ToldQuestion]


class ToldChapter(BaseModel):
    title: str
    first_cue: int


class ToldChapters(BaseModel):
    chapters: list[ToldChapter]


# What is kept.


class Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Span(Kept):
    """What a part stands on: seconds, and cues of the transcript by position, both included."""

    start: Seconds
    end: Seconds
    first_cue: int = Field(ge=0)
    last_cue: int = Field(ge=0)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Span":
        if self.end < self.start or self.last_cue < self.first_cue:
            raise ValueError("A span ends before it begins.")
        return self


class NoteSection(Kept):
    heading: Title
    text: Prose
    span: Span


class NotesContent(Kept):
    sections: list[NoteSection] = Field(max_length=MOST_SECTIONS)


class DraftOption(Kept):
    text: Words
    is_right: bool = False


class DraftQuestion(Kept):
    """As `courses.quizzes.questions.Typed` takes it: options, or `is_true`, or `accepted`, after its kind."""

    kind: QuestionKind
    prompt: Words
    options: list[DraftOption] = Field(default_factory=list, max_length=10)
    is_true: bool | None = None
    accepted: list[Words] = Field(default_factory=list, max_length=20)
    explanation: str = Field(default="", max_length=2000)
    span: Span

    @model_validator(mode="after")
    def _can_be_answered(self) -> "DraftQuestion":
        if fault := _fault_of_answer(self):
            raise ValueError(fault)
        return self


class QuizContent(Kept):
    questions: list[DraftQuestion] = Field(max_length=MOST_QUESTIONS)


class DraftChapter(Kept):
    """`at`: seconds at which it begins."""

    title: Title
    at: Seconds


def _rising(chapters: list[DraftChapter]) -> list[DraftChapter]:
    times = [chapter.at for chapter in chapters]
    if times and times[0] != 0:
        raise ValueError("The first chapter begins at 0.")
    if sorted(set(times)) != times:
        raise ValueError("Each chapter begins after the one before.")
    return chapters


class ChaptersContent(Kept):
    chapters: Annotated[list[DraftChapter], AfterValidator(_rising)] = Field(max_length=MOST_CHAPTERS)


Content = NotesContent | QuizContent | ChaptersContent
Told = ToldNotes | ToldQuiz | ToldChapters


class LeftOut(Kept):
    """A part that a model wrote and that was left out, and why."""

    what: str
    why: str


def _fault_of_answer(question: DraftQuestion) -> str:
    right = sum(option.is_right for option in question.options)
    if question.kind == "single_choice" and (right != 1 or len(question.options) < 2):
        return "A single choice has at least two options, exactly one of them right."
    if question.kind == "multiple_choice" and (right < 1 or len(question.options) < 2):
        return "A multiple choice has at least two options, at least one of them right."
    if question.kind == "true_false" and question.is_true is None:
        return "Say whether the statement is true or false."
    if question.kind == "short_text" and not question.accepted:
        return "A short text has at least one accepted answer."
    return ""
