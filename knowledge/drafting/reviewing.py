"""What people do with a draft: edit it, refuse it, or accept it, which makes of it what learners see."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from core.audit import record
from core.errors import Refused
from courses.models import Chapter, ContentItem, ItemType, Quiz
from courses.models.item import ItemState
from courses.quizzes.questions import KINDS, Typed, TypedOption, Unusable
from courses.services.authoring import add_item, save_item
from courses.services.quizzes import write_quiz
from knowledge.drafting.shapes import ChaptersContent, Content, DraftQuestion, NotesContent, NoteSection, QuizContent
from knowledge.models import Draft, DraftKind, DraftState
from media_library.chapter_marks import MOST_MARKS, Mark, with_marks
from media_library.models import Media
from media_library.services.chapters import save_chapters
from media_library.wording import clock_time

KEPT: dict[str, type[BaseModel]] = {
    DraftKind.NOTES: NotesContent,
    DraftKind.QUIZ: QuizContent,
    DraftKind.CHAPTERS: ChaptersContent,
}
OPEN_TO_REFUSAL = (DraftState.READY, DraftState.FAILED)


def content_of(draft: Draft) -> Content:
    """In its shape. Raises ValidationError for what was stored by another version and does not fit any more."""
    shape: Any = KEPT[draft.kind]
    content: Content = shape.model_validate(draft.content)
    return content


@transaction.atomic
def edit_draft(draft: Draft, content: Any, *, by: Any, seen: str = "") -> Draft:
    """All of its content anew, in the shape of its kind. `seen` is the `version_of` that the person had before them.

    Raises Refused: wrong_content, not_ready (409), changed_meanwhile (409).
    """
    held = _held(draft)
    if held.state != DraftState.READY:
        raise Refused("not_ready", _("Only a draft that waits for review can be edited."), status=409)
    if seen and seen != version_of(held):
        raise Refused("changed_meanwhile", _("Somebody else changed this draft meanwhile. Look again."), status=409)
    held.content = _checked(held.kind, content).model_dump(mode="json")
    held.save(update_fields=["content", "updated_at"])
    record("draft_edited", by=by, row=held)
    return held


@transaction.atomic
def accept_draft(draft: Draft, *, by: Any, chapter: Chapter | None = None) -> Draft:
    """Notes become a text, a quiz a quiz, both items that are drafts still: in this chapter, else behind the media's
    first item. Chapters become those of the media and of every item that shows it. A second time nothing is made.

    Raises Refused: not_ready, empty, chapter_missing (409), and whatever placing an item refuses.
    """
    held = _held(draft)
    if held.state == DraftState.ACCEPTED:
        return held
    if held.state != DraftState.READY:
        raise Refused("not_ready", _("Only a draft that waits for review can be accepted."), status=409)
    content = content_of(held)
    if not any(content.model_dump().values()):
        raise Refused("empty", _("There is nothing in it to accept."), status=409)
    held.item = _made(held, content, chapter=chapter, by=by)
    return _settled(held, DraftState.ACCEPTED, by=by)


@transaction.atomic
def refuse_draft(draft: Draft, *, by: Any) -> Draft:
    """It stays to be looked at, and is nothing to do any more. Raises Refused: not_ready (409)."""
    held = _held(draft)
    if held.state == DraftState.REFUSED:
        return held
    if held.state not in OPEN_TO_REFUSAL:
        raise Refused("not_ready", _("Only a draft that waits for review can be refused."), status=409)
    return _settled(held, DraftState.REFUSED, by=by)


def version_of(draft: Draft) -> str:
    return draft.updated_at.isoformat()


def items_of(draft: Draft) -> Sequence[ContentItem]:
    """Where courses show its media, in order."""
    shown = ContentItem.objects.filter(media=draft.media_id).select_related("chapter__course")
    return list(shown.order_by("chapter__course__title", "chapter__position", "position"))


def _held(draft: Draft) -> Draft:
    """As it is now, and nobody else's until the transaction ends. Raises Refused: gone (409)."""
    held = (
        Draft.objects.select_for_update(no_key=True, of=("self",)).select_related("media").filter(pk=draft.pk).first()
    )
    if held is None:
        raise Refused("gone", _("This was deleted meanwhile. Nothing was changed."), status=409)
    return held


def _settled(draft: Draft, state: DraftState, *, by: Any) -> Draft:
    draft.state, draft.reviewed_by, draft.reviewed_at = state, by, timezone.now()
    draft.save(update_fields=["state", "item", "reviewed_by", "reviewed_at", "updated_at"])
    record(f"draft_{state}", by=by, row=draft)
    return draft


def _checked(kind: str, content: Any) -> BaseModel:
    try:
        checked = KEPT[kind].model_validate(content)
    except ValidationError as error:
        faults = [_fault_words(one) for one in error.errors(include_url=False, include_input=False)[:10]]
        words = _("The content does not have the shape of this kind of draft.")
        raise Refused("wrong_content", words, fields={"content": faults}) from error
    if isinstance(checked, QuizContent):
        for number, question in enumerate(checked.questions, start=1):
            _parsed(question, number)
    return checked


def _fault_words(fault: Any) -> str:
    place = ".".join(map(str, fault["loc"]))
    return f"{place}: {fault['msg'].removeprefix('Value error, ')}" if place else fault["msg"]


def _made(draft: Draft, content: Content, *, chapter: Chapter | None, by: Any) -> ContentItem | None:
    items = items_of(draft)
    if isinstance(content, ChaptersContent):
        _mark_chapters(draft.media, items, content, by=by)
        return None
    place = chapter or (items[0].chapter if items else None)
    if place is None:
        words = _("This media stands in no course yet. Choose the chapter that it is to go into.")
        raise Refused("chapter_missing", words, fields={"chapter": [words]}, status=409)
    beside = next((item for item in items if item.chapter_id == place.pk), None)
    position = beside.position + 1 if beside else None
    held = _text(draft, content, beside) if isinstance(content, NotesContent) else _quiz(draft, content)
    return add_item(place, by=by, position=position, state=ItemState.DRAFT, is_required=False, **held)


def _mark_chapters(media: Media, items: Sequence[ContentItem], content: ChaptersContent, *, by: Any) -> None:
    """Those of the media, and of each item that shows it: what it had of its own is replaced."""
    marks = [Mark(chapter.at, chapter.title) for chapter in content.chapters][:MOST_MARKS]
    save_chapters(media, marks, by=by)
    for item in items:
        item.metadata = with_marks(item.metadata, marks)
        save_item(item, by=by)


def _text(draft: Draft, content: NotesContent, beside: ContentItem | None) -> dict[str, Any]:
    title = _("Notes: %(media)s") % {"media": draft.media.title}
    text = "\n\n".join(_section(section, beside) for section in content.sections)
    return {"type": ItemType.TEXT, "title": title[:200], "text": text}


def _section(section: NoteSection, beside: ContentItem | None) -> str:
    """With a link to its second, where the course shows the media."""
    when = clock_time(section.span.start)
    heading = f"## {section.heading}"
    if beside is None:
        return f"{heading}\n\n{section.text}"
    course = beside.chapter.course
    lesson = reverse("courses:lesson", args=[course.organization.slug, course.slug, beside.pk])
    return f"{heading}\n\n[{when}]({lesson}?t={int(section.span.start)})\n\n{section.text}"


def _quiz(draft: Draft, content: QuizContent) -> dict[str, Any]:
    title = (_("Quiz: %(media)s") % {"media": draft.media.title})[:200]
    questions = [_parsed(question, number) for number, question in enumerate(content.questions, start=1)]
    quiz = write_quiz(Quiz(title=title), questions=questions)
    return {"type": ItemType.QUIZ, "title": title, "quiz": quiz}


def _parsed(question: DraftQuestion, number: int) -> dict[str, Any]:
    """As quizzes are written. Raises Refused: wrong_content."""
    options = [TypedOption(option.text, option.is_right) for option in question.options]
    typed = Typed(options=options, is_true=question.is_true, accepted=question.accepted)
    try:
        parsed = KINDS[question.kind].parse(typed)
    except Unusable as fault:
        words = _("Question %(number)d: %(fault)s") % {"number": number, "fault": str(fault)}
        raise Refused("wrong_content", words, fields={"content": [words]}) from fault
    return {
        "kind": question.kind, "prompt": question.prompt, "options": parsed.options, "answer": parsed.answer,
        "feedback": question.explanation,
    }  # fmt: skip
