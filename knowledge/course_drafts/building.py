"""The second step: an outline, asked of a model where there is one, and the course that it makes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.ai.writer import Writer
from core.errors import Refused
from courses.models import ContentItem, Course, ItemType
from courses.models.course import Level
from courses.services.authoring import add_chapter, add_item, free_address, save_course
from courses.services.revising import lock_course
from knowledge.course_drafts.asking import messages_for, outline_prompt
from knowledge.course_drafts.outlining import Source, checked_outline, plain_outline
from knowledge.course_drafts.shapes import Entry, Outline, Part, ToldOutline, read_outline
from knowledge.models import CourseDraft
from knowledge.services.writing import DRAFT_TOKENS, drafting_writer, filled
from media_library.models import Media

ROOM_FOR, TOKENS_EACH = 60, 80  # videos, items and chapters that an answer of the usual length names; and each more


def outline_of(draft: CourseDraft) -> Outline:
    """Asks a model, unless there is none or the maker wants none; what it is and what it was told is noted.

    Raises AiError, OverCeiling, PriceUnknown; Refused: no_media (409).
    """
    sources, writer = sources_of(draft), None if draft.is_plain else drafting_writer()
    title = _own_title(draft, sources)
    if not sources:
        raise Refused("no_media", _("None of the videos is in the library any more."), status=409)
    if writer is None:
        draft.model = draft.prompt_label = ""
        return plain_outline(sources, title=title, current=_now(draft))
    if not _is_told(draft, sources, writer):
        _ask(draft, sources, writer)
    told = ToldOutline.model_validate(draft.told["answer"])
    return checked_outline(told, sources, title=title, current=read_outline(draft.was) if draft.updates else None)


def _is_told(draft: CourseDraft, sources: Sequence[Source], writer: Writer) -> bool:
    """Whether this model has answered already, about these media: they are called by their places among each other."""
    author = (writer.model, outline_prompt().label)
    return (draft.model, draft.prompt_label) == author and draft.told.get("media") == _keys(sources)


def _ask(draft: CourseDraft, sources: Sequence[Source], writer: Writer) -> None:
    """The answer is kept in the transaction that pays it, with the course that it is about."""
    current = _now(draft)

    def keep(told: ToldOutline) -> None:
        draft.told = {"media": _keys(sources), "answer": told.model_dump(mode="json")}
        draft.model, draft.prompt_label = writer.model, outline_prompt().label
        draft.save(update_fields=["told", "was", "model", "prompt_label"])

    messages = messages_for(sources, title=draft.title, current=current)
    most = _most_tokens(sources, current)
    filled(writer, messages, ToldOutline, subject_id=draft.pk, user=draft.by, keep=keep, most_tokens=most)


def _most_tokens(sources: Sequence[Source], current: Outline | None) -> int:
    """Enough to name each video and each item once: an answer that is cut off is paid, and nobody can read it."""
    there = sum(len(part.entries) + 1 for part in current.parts) if current else 0
    return DRAFT_TOKENS + TOKENS_EACH * max(len(sources) + there - ROOM_FOR, 0)


def _now(draft: CourseDraft) -> Outline | None:
    """The course for which changes are proposed, noted as it stands; None for one that is being made."""
    if not draft.updates:
        return None
    current = outline_now(draft.course)
    draft.was = current.as_json()
    return current


def _keys(sources: Sequence[Source]) -> list[str]:
    return [str(source.media) for source in sources]


def sources_of(draft: CourseDraft) -> list[Source]:
    """What is still in the library, in the order in which it was chosen."""
    entries = draft.entries.exclude(media__publication="archived").select_related("media").order_by("position")
    return [Source(one.media_id, one.media.title or _("Untitled"), one.heading) for one in entries]


def outline_now(course: Course) -> Outline:
    """The course as it stands; of its items nothing but their titles. Two statements."""
    parts = {key: Part(title, key) for key, title in course.chapters.order_by("position").values_list("pk", "title")}
    items = ContentItem.objects.of_course(course).order_by("position")
    for key, title, chapter in items.values_list("pk", "title", "chapter"):
        parts[chapter].entries.append(Entry(title, item=key))
    objectives = course.objectives.splitlines()
    return Outline(course.title, course.description, objectives, course.level, list(parts.values()))


def build_course(draft: CourseDraft, outline: Outline) -> None:
    """Chapters and items of a course that was made for this draft, through the services of courses."""
    media = there_of(outline)
    _describe(draft, outline, seconds=sum(one.duration or 0 for one in media.values()))
    for part in outline.parts:
        chapter = add_chapter(draft.course, title=part.title[:200] or _("Untitled"), by=draft.by)
        for entry in part.entries:
            if entry.media in media:
                add_item(chapter, by=draft.by, **video_fields(entry, media))


def there_of(outline: Outline) -> dict[UUID | None, Media]:
    """What is still in the library of all that an outline would add."""
    wanted = [entry.media for part in outline.parts for entry in part.entries if entry.media]
    kept = Media.objects.exclude(publication="archived")
    found: dict[UUID | None, Media] = kept.in_bulk(wanted)
    return found


def video_fields(entry: Entry, media: Mapping[UUID | None, Media]) -> dict[str, Any]:
    return {"type": ItemType.VIDEO, "title": entry.title[:200], "media": media[entry.media]}


def _describe(draft: CourseDraft, outline: Outline, *, seconds: float) -> None:
    """What a maker typed meanwhile stays."""
    course = lock_course(draft.course_id)
    if not draft.title and outline.title not in ("", course.title) and course.title == draft.was.get("title"):
        course.title, course.slug = outline.title, free_address(outline.title)
    course.description = course.description or outline.description
    course.objectives = course.objectives or "\n".join(outline.objectives)
    if outline.level in Level.values and course.level == draft.was.get("level"):
        course.level = outline.level
    course.estimated_hours = course.estimated_hours or _hours(seconds)
    save_course(course)
    draft.course = course


def _hours(seconds: float) -> Decimal | None:
    return max(Decimal(str(round(seconds / 3600, 1))), Decimal("0.1")) if seconds else None


def _own_title(draft: CourseDraft, sources: list[Source]) -> str:
    """Without anybody's invention: the maker's, that of the one playlist, or that of the first video."""
    headings = {source.heading for source in sources}
    if draft.title or draft.updates:
        return draft.title or _("New videos")
    only = next(iter(headings)) if len(headings) == 1 else ""
    return only or next((source.title for source in sources), str(draft.course))
