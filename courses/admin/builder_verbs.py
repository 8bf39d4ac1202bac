"""What can be done to an outline: each verb translates a form to a service and says what has happened."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.admin import builder_forms as forms
from courses.models import (
    Assignment,
    Attempt,
    Chapter,
    Completion,
    ContentItem,
    Course,
    ItemType,
    Quiz,
    Resource,
    Submission,
    SubmissionState,
)
from courses.models.item import HELD_IN, ItemState
from courses.services import authoring, availability, duplicating, rearranging, removing
from courses.services.assignments import write_assignment
from courses.services.quizzes import write_quiz
from courses.services.resources import save_resource


@dataclass(frozen=True)
class Asked:
    """Who asks for what in which course; `data` is the cleaned form."""

    course: Course
    data: dict[str, Any]
    by: Any

    @property
    def revision(self) -> int:
        return int(self.data["revision"])

    @property
    def chapter(self) -> Chapter:
        return self.chapter_of(self.data["chapter"])

    def chapter_of(self, key: UUID) -> Chapter:
        found: Chapter = get_object_or_404(Chapter, course=self.course, pk=key)
        return found

    @property
    def item(self) -> ContentItem:
        items = ContentItem.objects.of_course(self.course).select_related("chapter__course", "media", "quiz")
        found: ContentItem = get_object_or_404(items, pk=self.data["item"])
        return found


@dataclass(frozen=True)
class Done:
    """`said` is read out; `focus` is the row to go on with; `chapters` are those to draw anew, None: all.

    `place` is where the chapter `focus` stands now, from 1; `gone` is a chapter that was deleted.
    `confirm` asks back before anything is done, `go` is where the person goes on.
    """

    said: str = ""
    focus: UUID | None = None
    chapters: Collection[UUID] | None = None
    place: int | None = None
    gone: UUID | None = None
    confirm: str = ""
    go: str = ""


Verb = Callable[[Asked], Done]


def add_chapter(asked: Asked) -> Done:
    chapter = authoring.add_chapter(asked.course, title=asked.data["title"], by=asked.by, revision=asked.revision)
    return _chapter_came(_("Added the chapter “%(title)s”."), chapter)


def rename_chapter(asked: Asked) -> Done:
    chapter = asked.chapter
    chapter.title = asked.data["title"]
    authoring.save_chapter(chapter, by=asked.by, revision=asked.revision)
    return Done(_renamed(chapter.title), chapters=[])


def move_chapter(asked: Asked) -> Done:
    chapter, position = asked.chapter, asked.data["position"]
    return _move_chapter(asked, chapter, position)


def step_chapter(asked: Asked) -> Done:
    chapter = asked.chapter
    return _move_chapter(asked, chapter, max(1, chapter.position + asked.data["step"]))


def _move_chapter(asked: Asked, chapter: Chapter, position: int) -> Done:
    place = rearranging.move_chapter(chapter, position=position, by=asked.by, revision=asked.revision)
    return Done(_moved(chapter.title, place), chapter.pk, [], place=place.number)


def duplicate_chapter(asked: Asked) -> Done:
    copy = duplicating.duplicate_chapter(asked.chapter, by=asked.by, revision=asked.revision)
    copy.refresh_from_db(fields=["position"])
    return _chapter_came(_("Added “%(title)s”; its items are drafts."), copy)


def _chapter_came(words: str, chapter: Chapter) -> Done:
    return Done(words % {"title": chapter.title}, chapter.pk, [chapter.pk], place=chapter.position)


def delete_chapter(asked: Asked) -> Done:
    chapter = asked.chapter
    if not asked.data["confirmed"]:
        return Done(confirm=_removal(chapter.title, ContentItem.objects.filter(chapter=chapter)))
    key = chapter.pk
    removing.delete_chapter(chapter, by=asked.by, revision=asked.revision)
    return Done(_deleted(chapter.title), _neighbor(chapter), [], gone=key)


def _neighbor(deleted: Chapter) -> UUID | None:
    """The chapter that has taken its place, else the last one."""
    before = Chapter.objects.filter(course=deleted.course_id, position__lte=deleted.position)
    return before.order_by("-position").values_list("pk", flat=True).first()


def open_in_order(asked: Asked) -> Done:
    changed = availability.open_in_order(asked.course, by=asked.by, revision=asked.revision)
    words = ngettext(
        "%(count)d chapter waits for the one before it from now on.",
        "%(count)d chapters wait for the one before them from now on.",
        changed,
    )
    return Done(words % {"count": changed} if changed else _("Each chapter waits for the one before it already."))


def open_side_by_side(asked: Asked) -> Done:
    changed = availability.open_side_by_side(asked.course, by=asked.by, revision=asked.revision)
    words = ngettext(
        "%(count)d chapter waits no more for the one before it.",
        "%(count)d chapters wait no more for the one before them.",
        changed,
    )
    return Done(words % {"count": changed} if changed else _("No chapter waits for the one before it."))


def add_item(asked: Asked) -> Done:
    """A quiz or assignment is empty yet, a text unwritten: they are drafts, and the item's form is next."""
    chapter, kind = asked.chapter, asked.data["type"]
    with transaction.atomic():
        held = _held(asked, kind)
        state = ItemState.PUBLISHED if kind == ItemType.RESOURCE else ItemState.DRAFT
        fields = {"type": kind, "title": asked.data["title"], "state": state, **held}
        item = authoring.add_item(chapter, by=asked.by, revision=asked.revision, **fields)
    go = "" if kind == ItemType.RESOURCE else _form_of(item)
    return Done(_("Added “%(title)s”.") % {"title": item.title}, item.pk, [chapter.pk], go=go)


def _held(asked: Asked, kind: str) -> dict[str, Any]:
    title = asked.data["title"]
    if kind == ItemType.QUIZ:
        return {"quiz": write_quiz(Quiz(title=title))}
    if kind == ItemType.ASSIGNMENT:
        return {"assignment": write_assignment(Assignment(title=title))}
    if kind == ItemType.RESOURCE:
        file, link = asked.data["file"], asked.data["link"]
        return {"resource": save_resource(Resource(title=title), file=file, link=link)}
    return {}


def _form_of(item: ContentItem) -> str:
    """A text is written in the item itself; a quiz or an assignment has a page of its own."""
    if item.type == ItemType.TEXT:
        return reverse("admin:courses_contentitem_change", args=[item.pk])
    return reverse(f"admin:courses_{item.type}_change", args=[getattr(item, HELD_IN[ItemType(item.type)] + "_id")])


def add_media(asked: Asked) -> Done:
    chapter, media = asked.chapter, asked.data["media"]
    with transaction.atomic():
        revision: int | None = asked.revision
        for one in media:
            fields = {"type": ItemType.VIDEO, "title": one.title, "media": one}
            last = authoring.add_item(chapter, by=asked.by, revision=revision, **fields)
            revision = None  # the first one has held the course since
    words = ngettext("Added %(count)d item.", "Added %(count)d items.", len(media)) % {"count": len(media)}
    return Done(words, last.pk, [chapter.pk])


def rename_item(asked: Asked) -> Done:
    item = asked.item
    item.title = asked.data["title"]
    authoring.save_item(item, by=asked.by, revision=asked.revision)
    return Done(_renamed(item.title), chapters=[])


def move_item(asked: Asked) -> Done:
    item, position = asked.item, asked.data["position"]
    return _move(asked, item, asked.chapter, position)


def step_item(asked: Asked) -> Done:
    """Beyond the first or last place it goes on in the chapter before or after."""
    item, step = asked.item, asked.data["step"]
    last = ContentItem.objects.filter(chapter=item.chapter_id).count()
    if 1 <= item.position + step <= last:
        return _move(asked, item, item.chapter, item.position + step)
    neighbor = Chapter.objects.filter(course=asked.course, position=item.chapter.position + step).first()
    if neighbor is None:
        return _move(asked, item, item.chapter, item.position)
    return _move(asked, item, neighbor, 1 if step > 0 else None)


def _move(asked: Asked, item: ContentItem, to: Chapter, position: int | None) -> Done:
    left = item.chapter_id
    place = rearranging.move_item(item, to=to, position=position, by=asked.by, revision=asked.revision)
    words = _moved(item.title, place)
    if left != to.pk:
        words += " " + _("It is in “%(chapter)s” now.") % {"chapter": to.title}
    return Done(words, item.pk, {left, to.pk})


def set_item(asked: Asked) -> Done:
    item, data = asked.item, asked.data
    item.state, item.is_required = data["state"], data["is_required"]
    item.estimated_minutes = data["estimated_minutes"]
    authoring.save_item(item, by=asked.by, revision=asked.revision)
    return Done(_("Saved “%(title)s”.") % {"title": item.title}, item.pk, [item.chapter_id])


def duplicate_item(asked: Asked) -> Done:
    copy = duplicating.duplicate_item(asked.item, by=asked.by, revision=asked.revision)
    return Done(_("Added “%(title)s”, a draft.") % {"title": copy.title}, copy.pk, [copy.chapter_id])


def delete_item(asked: Asked) -> Done:
    item = asked.item
    if not asked.data["confirmed"]:
        return Done(confirm=_removal(item.title, ContentItem.objects.filter(pk=item.pk)))
    chapter = item.chapter_id
    removing.delete_item(item, by=asked.by, revision=asked.revision)
    return Done(_deleted(item.title), chapter, [chapter])


def _removal(title: str, items: Any) -> str:
    """What goes along, before it goes."""
    sentences = [_("Delete “%(title)s”?") % {"title": title}]
    if learners := len(_learners_in(items)):
        words = ngettext(
            "%(count)d learner has worked in it; what they have completed there is deleted too.",
            "%(count)d learners have worked in it; what they have completed there is deleted too.",
            learners,
        )
        sentences.append(words % {"count": learners})
    if waiting := Submission.objects.filter(assignment__item__in=items, state=SubmissionState.SUBMITTED).count():
        words = ngettext(
            "%(count)d submission still waits for its grade.", "%(count)d submissions still wait for their grades.",
            waiting,
        )  # fmt: skip
        sentences.append(words % {"count": waiting})
    return " ".join(sentences)


def _learners_in(items: Any) -> set[UUID]:
    """Keys of the enrollments that have done, tried or handed in something there."""
    work = (
        Completion.objects.filter(item__in=items),
        Attempt.objects.filter(quiz__item__in=items),
        Submission.objects.filter(assignment__item__in=items),
    )
    return {key for rows in work for key in rows.order_by().values_list("enrollment", flat=True).distinct()}


def _moved(title: str, place: rearranging.Place) -> str:
    words = _("Moved “%(title)s” to place %(number)d of %(total)d.")
    return words % {"title": title, "number": place.number, "total": place.total}


def _renamed(title: str) -> str:
    return _("It is called “%(title)s” now.") % {"title": title}


def _deleted(title: str) -> str:
    return _("Deleted “%(title)s”.") % {"title": title}


VERBS: dict[str, tuple[type[forms.Change], Verb]] = {
    "add_chapter": (forms.NewChapter, add_chapter),
    "rename_chapter": (forms.ChapterTitle, rename_chapter),
    "move_chapter": (forms.ChapterPlace, move_chapter),
    "step_chapter": (forms.ChapterStep, step_chapter),
    "duplicate_chapter": (forms.OneChapter, duplicate_chapter),
    "delete_chapter": (forms.ChapterRemoval, delete_chapter),
    "open_in_order": (forms.Change, open_in_order),
    "open_side_by_side": (forms.Change, open_side_by_side),
    "add_item": (forms.NewItem, add_item),
    "add_media": (forms.NewMedia, add_media),
    "rename_item": (forms.ItemTitle, rename_item),
    "move_item": (forms.ItemPlace, move_item),
    "step_item": (forms.ItemStep, step_item),
    "set_item": (forms.ItemFacts, set_item),
    "duplicate_item": (forms.OneItem, duplicate_item),
    "delete_item": (forms.ItemRemoval, delete_item),
}
