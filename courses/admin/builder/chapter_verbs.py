"""What can be done to chapters: each verb translates a form to a service and says what has happened."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.admin.builder.asked import Asked, Done, deleted, moved, renamed
from courses.admin.builder.removal import removal
from courses.models import Chapter, ContentItem
from courses.services import authoring, availability, duplicating, rearranging, removing


def add_chapter(asked: Asked) -> Done:
    chapter = authoring.add_chapter(asked.course, title=asked.data["title"], by=asked.by, revision=asked.revision)
    return _chapter_came(_("Added the chapter “%(title)s”."), chapter)


def rename_chapter(asked: Asked) -> Done:
    chapter = asked.chapter
    chapter.title = asked.data["title"]
    authoring.save_chapter(chapter, by=asked.by, revision=asked.revision)
    return Done(renamed(chapter.title), chapters=[])


def move_chapter(asked: Asked) -> Done:
    chapter, position = asked.chapter, asked.data["position"]
    return _move_chapter(asked, chapter, position)


def step_chapter(asked: Asked) -> Done:
    chapter = asked.chapter
    return _move_chapter(asked, chapter, max(1, chapter.position + asked.data["step"]))


def _move_chapter(asked: Asked, chapter: Chapter, position: int) -> Done:
    place = rearranging.move_chapter(chapter, position=position, by=asked.by, revision=asked.revision)
    return Done(moved(chapter.title, place), chapter.pk, [], place=place.number)


def duplicate_chapter(asked: Asked) -> Done:
    copy = duplicating.duplicate_chapter(asked.chapter, by=asked.by, revision=asked.revision)
    copy.refresh_from_db(fields=["position"])
    return _chapter_came(_("Added “%(title)s”; its items are drafts."), copy)


def _chapter_came(words: str, chapter: Chapter) -> Done:
    return Done(words % {"title": chapter.title}, chapter.pk, [chapter.pk], place=chapter.position)


def delete_chapter(asked: Asked) -> Done:
    chapter = asked.chapter
    if not asked.data["confirmed"]:
        return Done(confirm=removal(chapter.title, ContentItem.objects.filter(chapter=chapter)))
    key = chapter.pk
    removing.delete_chapter(chapter, by=asked.by, revision=asked.revision)
    return Done(deleted(chapter.title), _neighbor(chapter), [], gone=key)


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
