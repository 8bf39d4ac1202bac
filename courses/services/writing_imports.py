"""Writes what was read of a course file, checked, in one transaction. Where it fails, its files go again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.tenancy import current_organization_id
from courses.course_files.format import COVER, resource_entry
from courses.course_files.refusing import unreadable
from courses.course_files.text_images import named_by_address
from courses.models import Assignment, Chapter, ContentItem, Course, Question, Quiz, Resource
from courses.models.item import ItemType
from courses.services.authoring import free_address, save_course, slug_is_taken
from courses.services.carried_media import MediaPlan, Unpacked, bring_media, name_of
from courses.services.covers import carry_cover
from courses.services.placing import announce_placed
from courses.services.resources import save_resource
from media_library.models import LibraryImage, Media
from media_library.services.images import carry_image
from media_library.services.import_media import category_called
from media_library.storage import remove_folder

PICTURE_FAULTS = ("not_a_picture", "too_large_picture")
Files = dict[str, Path]


def write_course(document: dict[str, Any], *, media: MediaPlan, files: Files, by: Any) -> Course:
    """A draft. Raises ValidationError, Refused."""
    writing = Writing(media, files, by)
    with writing.undone_on_failure(), transaction.atomic():
        organization = lock_organization(current_organization_id())  # of two at once the second finds what is there
        written = named_by_address(document, writing.images(), slug=organization.slug)
        course = writing.course(written)
        for position, chapter in enumerate(written["chapters"], start=1):
            writing.chapter(course, chapter, position)
        announce_placed(course, ContentItem.objects.of_course(course), by=by)
    return course


class Writing:
    """One import while it is written; knows the files it has put into the storage."""

    def __init__(self, plan: MediaPlan, files: Files, by: Any) -> None:
        self._plan, self._files, self._by = plan, files, by
        self._media: dict[str, Media] = {}
        self._images: list[LibraryImage] = []
        self._stored: list[str] = []

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            for path in self._stored:
                default_storage.delete(path)
            self._forget_media()
            self._forget_images()
            raise

    def images(self) -> dict[str, LibraryImage]:
        """By the digest that the file names them by."""
        entries = {PurePath(name).stem: name for name in self._files if name.startswith("images/")}
        return {digest: self._image(entry) for digest, entry in entries.items()}

    def course(self, document: dict[str, Any]) -> Course:
        columns, name = document["course"], document["category"]
        course = Course(**columns, category=category_called(name, by=self._by) if name else None, created_by=self._by)
        if slug_is_taken(course.slug, course):
            course.slug = free_address(course.slug)
        save_course(course)
        if COVER in self._files:
            with _pictures(COVER):
                carry_cover(course, self._files[COVER].read_bytes())
            self._stored.append(course.thumbnail_path)
        return course

    def chapter(self, course: Course, given: dict[str, Any], position: int) -> None:
        """Items of one chapter are written at once; rules in them name rows by keys that were given before."""
        chapter = Chapter(pk=given["pk"], course=course, position=position, **given["columns"])
        chapter.save(force_insert=True)
        items = [self._item(chapter, item, number) for number, item in enumerate(given["items"], start=1)]
        ContentItem.objects.bulk_create(items)

    def _item(self, chapter: Chapter, given: dict[str, Any], position: int) -> ContentItem:
        kind = given["columns"]["type"]
        held: dict[str, Any] = {"text": given["text"]} if kind == ItemType.TEXT else HOLDING[kind](self, given)
        return ContentItem(pk=given["pk"], chapter=chapter, position=position, **given["columns"], **held)

    def _video(self, given: dict[str, Any]) -> dict[str, Media]:
        name = name_of(given["media"])
        if name not in self._media:
            self._media[name] = bring_media(self._plan, name, files=self._files, by=self._by)
        return {"media": self._media[name]}

    def _quiz(self, given: dict[str, Any]) -> dict[str, Quiz]:
        quiz = Quiz.objects.create(**given["quiz"]["columns"])
        rows = enumerate(given["quiz"]["questions"], start=1)
        Question.objects.bulk_create([Question(quiz=quiz, position=position, **columns) for position, columns in rows])
        return {"quiz": quiz}

    def _assignment(self, given: dict[str, Any]) -> dict[str, Assignment]:
        return {"assignment": Assignment.objects.create(**given["assignment"]["columns"])}

    def _resource(self, given: dict[str, Any]) -> dict[str, Resource]:
        told = given["resource"]
        resource = Resource(title=told["title"])
        if not told["file"]:
            return {"resource": save_resource(resource, link=told["link"])}
        with Unpacked(self._files[resource_entry(given["key"], told["file"])], told["file"]) as file:
            save_resource(resource, file=file)
        self._stored.append(resource.path)
        return {"resource": resource}

    def _image(self, entry: str) -> LibraryImage:
        with _pictures(entry):
            image = carry_image(self._files[entry].read_bytes(), by=self._by)
        self._images.append(image)
        return image

    def _forget_media(self) -> None:
        for name in self._plan.uploads:
            if name in self._media:
                remove_folder(str(PurePath(self._media[name].source_path).parent))

    def _forget_images(self) -> None:
        """Those that were here before stay."""
        kept = set(LibraryImage.objects.filter(pk__in=[one.pk for one in self._images]).values_list("pk", flat=True))
        for image in self._images:
            if image.pk not in kept:
                default_storage.delete(image.path)


HOLDING: dict[str, Any] = {
    ItemType.VIDEO: Writing._video,
    ItemType.QUIZ: Writing._quiz,
    ItemType.ASSIGNMENT: Writing._assignment,
    ItemType.RESOURCE: Writing._resource,
}


@contextmanager
def _pictures(entry: str) -> Iterator[None]:
    """What is no picture is a fault of the file."""
    try:
        yield
    except Refused as refusal:
        if refusal.code not in PICTURE_FAULTS:
            raise
        raise unreadable(entry, refusal.message) from refusal
