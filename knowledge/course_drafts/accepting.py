"""What a maker decides about a proposal for a course that is there: all of it, parts of it, nothing."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from courses.models import Chapter, ContentItem, Course
from courses.services.authoring import add_chapter, add_item, save_chapter, save_course, save_item
from courses.services.rearranging import reorder
from courses.services.revising import lock_course
from knowledge.course_drafts.advancing import end_course_draft
from knowledge.course_drafts.building import outline_now, video_fields
from knowledge.course_drafts.comparing import DESCRIPTION, OBJECTIVES, Change, ChangeKind, arranged, compare
from knowledge.course_drafts.rebasing import rebased
from knowledge.course_drafts.shapes import Entry, Outline, Part, read_outline
from knowledge.course_drafts.starting import hold_course_draft, media_in, put_in_line
from knowledge.models import CourseDraft, CourseDraftState, CourseDraftStep, LessonState
from media_library.models import Media


def comparison(draft: CourseDraft) -> list[Change]:
    """With the course as it stands at this moment, not as it was when the proposal was made."""
    current = outline_now(draft.course)
    return compare(current, _target(draft, current))


@transaction.atomic
def accept_course_draft(draft: CourseDraft, *, by: Any, changes: Collection[str] | None = None) -> None:
    """Make these changes, or all of them. Rows stay themselves, so what learners have done is kept.

    Raises Refused: not_proposed (409), unknown_change by field, and those of courses.services.
    """
    draft = _proposed(draft)
    course = lock_course(draft.course_id)
    current = outline_now(course)
    target = _target(draft, current)
    offered = {change.id for change in compare(current, target) if change.kind != ChangeKind.KEPT}
    accepted = offered if changes is None else set(changes)
    if unknown := sorted(accepted - offered):
        words = _("This is not proposed, or not any more: %(changes)s.") % {"changes": ", ".join(unknown)}
        raise Refused("unknown_change", words, fields={"changes": [words]})
    _rewrite(course, target, accepted)
    _rename(target, accepted, by=by)
    _arrange(draft, arranged(current, target, accepted), by=by)
    _write_lessons_of(draft, accepted)


@transaction.atomic
def dismiss_course_draft(draft: CourseDraft, *, by: Any) -> None:
    """The course stays as it is. Raises Refused: not_proposed (409)."""
    _proposed(draft).delete()


def _proposed(draft: CourseDraft) -> CourseDraft:
    held = hold_course_draft(draft)
    if held.state != CourseDraftState.PROPOSED:
        raise Refused("not_proposed", _("Nothing is proposed here that waits for an answer."), status=409)
    return held


def _target(draft: CourseDraft, current: Outline) -> Outline:
    """Without media that came into the course, or left the library, since; and with what a maker changed since."""
    outline, there = read_outline(draft.outline), media_in(draft.course)
    kept = set(draft.entries.exclude(media__publication="archived").values_list("media", flat=True)) - there
    for part in outline.parts:
        part.entries = [entry for entry in part.entries if entry.media is None or entry.media in kept]
    was = read_outline(draft.was) if draft.was else current
    return rebased(outline, was=was, now=current)


def _rewrite(course: Course, target: Outline, accepted: Collection[str]) -> None:
    if DESCRIPTION in accepted:
        course.description = target.description
    if OBJECTIVES in accepted:
        course.objectives = "\n".join(target.objectives)
    if {DESCRIPTION, OBJECTIVES} & set(accepted):
        save_course(course)


def _rename(target: Outline, accepted: Collection[str], *, by: Any) -> None:
    titles = {f"rename:{part.chapter}": part.title for part in target.parts if part.chapter}
    titles |= {f"rename:{entry.item}": entry.title for part in target.parts for entry in part.entries if entry.item}
    wanted = {UUID(name.partition(":")[2]): titles[name] for name in accepted if name in titles}
    for chapter in Chapter.objects.filter(pk__in=wanted):
        chapter.title = wanted[chapter.pk][:200]
        save_chapter(chapter, by=by)
    for item in ContentItem.objects.filter(pk__in=wanted).select_related("chapter", "media"):
        item.title = wanted[item.pk][:200]
        save_item(item, by=by)


def _arrange(draft: CourseDraft, outline: Outline, *, by: Any) -> None:
    """New chapters and items first, then all of it in its order."""
    media = Media.objects.in_bulk([entry.media for part in outline.parts for entry in part.entries if entry.media])
    order = [_made(draft, part, media, by=by) for part in outline.parts]
    reorder(draft.course, order, by=by)


def _made(draft: CourseDraft, part: Part, media: dict[UUID | None, Media], *, by: Any) -> tuple[UUID, list[UUID]]:
    if part.chapter is not None:
        chapter = Chapter.objects.get(pk=part.chapter)
    else:
        chapter = add_chapter(draft.course, title=part.title[:200], by=by)
    return chapter.pk, [_item(chapter, entry, media, by=by) for entry in part.entries]


def _item(chapter: Chapter, entry: Entry, media: dict[UUID | None, Media], *, by: Any) -> UUID:
    if entry.item is not None:
        return entry.item
    return add_item(chapter, by=by, **video_fields(entry, media)).pk


def _write_lessons_of(draft: CourseDraft, accepted: Collection[str]) -> None:
    """Notes and quizzes are wanted of what came in."""
    added = [UUID(name.removeprefix("add:")) for name in accepted if name.startswith("add:")]
    draft.entries.exclude(media__in=added).update(notes=LessonState.UNWANTED, quiz=LessonState.UNWANTED)
    if added and (draft.wants_notes or draft.wants_quizzes):
        draft.state, draft.step = CourseDraftState.GENERATING, CourseDraftStep.LESSONS
        draft.save(update_fields=["state", "step"])
        put_in_line(draft)
    else:
        end_course_draft(draft, CourseDraftState.READY)
