"""The second step: an outline, asked of a model where there is one, and the course that it makes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses.models import ContentItem, Course, ItemType
from courses.models.course import Level
from courses.services.authoring import add_chapter, add_item, free_address, save_course
from knowledge.course_drafts.asking import messages_for, outline_prompt
from knowledge.course_drafts.outlining import Source, checked_outline, plain_outline
from knowledge.course_drafts.shapes import Entry, Outline, Part, ToldOutline
from knowledge.models import CourseDraft
from knowledge.services.writing import drafting_writer, filled
from media_library.models import Media


def outline_of(draft: CourseDraft) -> Outline:
    """Asks a model, unless there is none or the maker wants none; what it is and what it was told is noted.

    Raises AiError, OverCeiling, PriceUnknown.
    """
    sources, writer = sources_of(draft), None if draft.is_plain else drafting_writer()
    current = outline_now(draft.course) if draft.updates else None
    if writer is None:
        draft.model = draft.prompt_label = ""
        return plain_outline(sources, title=_own_title(draft, sources), current=current)
    messages = messages_for(sources, title=draft.title, current=current)
    told = filled(writer, messages, ToldOutline, subject_id=draft.pk, user=draft.by)
    draft.model, draft.prompt_label = writer.model, outline_prompt().label
    return checked_outline(told, sources, title=_own_title(draft, sources), current=current)


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
    media = Media.objects.in_bulk([entry.media for part in outline.parts for entry in part.entries])
    _describe(draft, outline, seconds=sum(one.duration or 0 for one in media.values()))
    for part in outline.parts:
        chapter = add_chapter(draft.course, title=part.title[:200] or _("Untitled"), by=draft.by)
        for entry in part.entries:
            add_item(chapter, by=draft.by, **video_fields(entry, media))


def video_fields(entry: Entry, media: Mapping[UUID | None, Media]) -> dict[str, Any]:
    return {"type": ItemType.VIDEO, "title": entry.title[:200], "media": media[entry.media]}


def _describe(draft: CourseDraft, outline: Outline, *, seconds: float) -> None:
    """A description that a maker wrote meanwhile stays."""
    course = draft.course
    if not draft.title and outline.title and course.title != outline.title:
        course.title, course.slug = outline.title, free_address(outline.title)
    course.description = course.description or outline.description
    course.objectives = course.objectives or "\n".join(outline.objectives)
    course.level = outline.level if outline.level in Level.values else course.level
    course.estimated_hours = course.estimated_hours or _hours(seconds)
    save_course(course)


def _hours(seconds: float) -> Decimal | None:
    return max(Decimal(str(round(seconds / 3600, 1))), Decimal("0.1")) if seconds else None


def _own_title(draft: CourseDraft, sources: list[Source]) -> str:
    """Without anybody's invention: the maker's, that of the one playlist, or that of the first video."""
    headings = {source.heading for source in sources}
    if draft.title or draft.updates:
        return draft.title or _("New videos")
    only = next(iter(headings)) if len(headings) == 1 else ""
    return only or next((source.title for source in sources), str(draft.course))
