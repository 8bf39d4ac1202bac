"""Copies of a chapter or a whole course: drafts of their own, in a number of statements that grows only with the media
whose new place is announced.

Quizzes, questions, assignments and resources are copied as rows of their own, files too; media is shared. Nothing of
learners goes along. Rules that name something copied name the copy.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.identifiers import uuid7
from core.ordering import LAST, move_to
from core.tenancy import current_organization_id
from courses.models import Assignment, Chapter, ContentItem, Course, Question, Quiz, Resource
from courses.models.course import CourseStatus
from courses.models.item import ItemState
from courses.services.authoring import MEDIA_TAKEN, free_address
from courses.services.placing import announce_placed
from courses.services.revising import lock_course, revising
from media_library.services.ceiling import refuse_over_ceiling

Row = TypeVar("Row", bound=Model)
Keys = Mapping[UUID, UUID]  # of the original: of its copy
LONGEST_TITLE = 200
HELD_MODELS: dict[str, Any] = {"quiz": Quiz, "assignment": Assignment, "resource": Resource}


def duplicate_course(course: Course, *, by: Any) -> Course:
    """A draft with a title and an address of its own. Raises Refused: file_missing, storage_full (413)."""
    with _copying() as files:
        course = lock_course(course.pk)
        title = copied_title(course.title)
        unlike = {"is_published": False, "published_at": None, "status": CourseStatus.DRAFT, "revision": 1}
        cover = files.copy(course.thumbnail_path) if course.thumbnail_path else ""
        own = {"title": title, "slug": free_address(title), "thumbnail_path": cover, "created_by": by}
        copy = _copy_of(course, **own, **unlike)
        copy.save(force_insert=True)
        copy.instructors.set(course.instructors.all())
        _copy_chapters(list(course.chapters.order_by("position")), files, course=copy)
        announce_placed(copy, ContentItem.objects.of_course(copy), by=by)
    return copy


def duplicate_chapter(chapter: Chapter, *, by: Any, revision: int | None = None) -> Chapter:
    """Right behind the original; its items are drafts. Raises Refused: file_missing, storage_full, outline_changed."""
    with _copying() as files, revising(chapter.course_id, by=by, revision=revision) as course:
        changed = {"title": copied_title(chapter.title), "position": LAST}
        copy = _copy_chapters([chapter], files, state=ItemState.DRAFT, **changed)[0]
        move_to(Chapter.objects.filter(course=chapter.course_id), copy.pk, chapter.position + 1)
        announce_placed(course, ContentItem.objects.filter(chapter=copy), by=by)
    return copy


def duplicate_item(item: ContentItem, *, by: Any, revision: int | None = None) -> ContentItem:
    """A draft right behind the original. Raises Refused: media_taken (409), for a chapter has a media item once."""
    if item.media_id:
        raise Refused("media_taken", str(MEDIA_TAKEN), status=409)
    with _copying() as files, revising(item.chapter.course_id, by=by, revision=revision) as course:
        changed = {"title": copied_title(item.title), "position": LAST, "state": ItemState.DRAFT}
        copy = _copy_items([item], files, {}, **changed)[0]
        move_to(ContentItem.objects.filter(chapter=item.chapter_id), copy.pk, item.position + 1)
        announce_placed(course, ContentItem.objects.filter(pk=copy.pk), by=by)
    return copy


def copied_title(title: str) -> str:
    ending = _(" (copy)")
    return title[: LONGEST_TITLE - len(ending)] + ending


def _copy_chapters(
    chapters: list[Chapter], files: "Files", *, state: str | None = None, **changed: Any
) -> list[Chapter]:
    """With all their items. Keys are given first, so that rules may name what is copied after them."""
    items = list(ContentItem.objects.filter(chapter__in=chapters).order_by("chapter__position", "position"))
    keys = {row.pk: uuid7() for row in (*chapters, *items)}
    copies = [
        _copy_of(one, pk=keys[one.pk], availability=remapped(one.availability, keys), **changed) for one in chapters
    ]
    Chapter.objects.bulk_create(copies)
    _copy_items(items, files, keys, **({"state": state} if state else {}))
    return copies


def _copy_items(items: list[ContentItem], files: "Files", keys: Keys, **changed: Any) -> list[ContentItem]:
    held = {name: _copy_held(model, name, items, files) for name, model in HELD_MODELS.items()}
    copies = [
        _copy_of(
            item, pk=keys.get(item.pk) or uuid7(), chapter_id=keys.get(item.chapter_id, item.chapter_id),
            availability=remapped(item.availability, keys), **_held_copies(item, held), **changed,
        )
        for item in items
    ]  # fmt: skip
    return ContentItem.objects.bulk_create(copies)


def _held_copies(item: ContentItem, held: Mapping[str, Keys]) -> dict[str, UUID]:
    kept = {f"{name}_id": getattr(item, f"{name}_id") for name in held}
    return {name: held[name.removesuffix("_id")][key] for name, key in kept.items() if key}


def _copy_held(model: Any, name: str, items: Iterable[ContentItem], files: "Files") -> Keys:
    """Copies of the quizzes, assignments or resources that these items hold."""
    originals = list(model.objects.filter(pk__in=[getattr(item, f"{name}_id") for item in items]))
    if size := sum(getattr(row, "size_bytes", 0) for row in originals):
        refuse_over_ceiling(size)
    keys = {row.pk: uuid7() for row in originals}
    model.objects.bulk_create([_copy_of(row, pk=keys[row.pk], **_own(row, files)) for row in originals])
    if model is Quiz:
        questions = Question.objects.filter(quiz__in=originals)
        Question.objects.bulk_create([_copy_of(one, pk=uuid7(), quiz_id=keys[one.quiz_id]) for one in questions])
    return keys


def _own(row: Model, files: "Files") -> dict[str, Any]:
    """What a copy has for itself: a file, and that nobody has taken it yet."""
    if not isinstance(row, Resource):
        return {}
    return {"opened": 0, "path": files.copy(row.path) if row.path else ""}


def _copy_of(row: Row, **changed: Any) -> Row:
    """Not saved yet. The database says when it was made."""
    kept = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if one.name != "created_at"}
    if "pk" in changed:
        kept["id"] = changed.pop("pk")
    else:
        kept.pop("id")
    for name, value in changed.items():
        one: Any = row._meta.get_field(name)
        kept[one.attname] = getattr(value, "pk", value)
    return type(row)(**kept)


def remapped(availability: dict[str, Any], keys: Keys) -> dict[str, Any]:
    """The same rules about the copies; what was not copied is named as before."""
    if not availability.get("rules"):
        return availability
    named = {str(key): str(copy) for key, copy in keys.items()}
    return {**availability, "rules": [_renamed(rule, named) for rule in availability["rules"]]}


def _renamed(rule: dict[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: named.get(str(value), value) if name in ("item", "chapter") else value for name, value in rule.items()
    }


class Files:
    """Copies in the storage, beside their originals under names of their own."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def copy(self, path: str) -> str:
        """Raises Refused: file_missing, storage_full (413)."""
        name = Path(path)
        try:
            with default_storage.open(path) as file:
                self.made.append(default_storage.save(str(name.with_name(f"{uuid7()}{name.suffix}")), file))
        except FileNotFoundError as missing:
            words = _("The file “%(name)s” is no longer in the storage: replace it first.") % {"name": name.name}
            raise Refused("file_missing", words, status=409) from missing
        return self.made[-1]


@contextmanager
def _copying() -> Iterator[Files]:
    """One at a time, for two at once may be too much. Where the rows are not written after all, the files go again."""
    files = Files()
    try:
        with transaction.atomic():
            lock_organization(current_organization_id())
            yield files
    except BaseException:
        for path in files.made:
            default_storage.delete(path)
        raise
