"""What can be done to items: each verb translates a form to a service and says what has happened."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.admin.builder.asked import Asked, Done, deleted, moved, renamed
from courses.admin.builder.removal import removal
from courses.models import Assignment, Chapter, ContentItem, ItemType, Quiz, Resource
from courses.models.item import HELD_IN, ItemState
from courses.services import authoring, duplicating, rearranging, removing
from courses.services.assignments import write_assignment
from courses.services.quizzes import write_quiz
from courses.services.resources import save_resource


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
    return Done(renamed(item.title), chapters=[])


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
    words = moved(item.title, place)
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
        return Done(confirm=removal(item.title, ContentItem.objects.filter(pk=item.pk)))
    chapter = item.chapter_id
    removing.delete_item(item, by=asked.by, revision=asked.revision)
    return Done(deleted(item.title), chapter, [chapter])
