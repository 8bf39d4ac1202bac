"""A course file becomes a draft course of this organization: everything is checked before anything is written."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import Refused
from courses.course_files import CourseFile, open_course_file
from courses.course_files.format import COVER, DOCUMENT, image_entry, resource_entry
from courses.course_files.refusing import unreadable
from courses.course_files.text_images import digests_named, refuse_unknown_images
from courses.models import Course
from courses.services.carried_media import MediaPlan, plan_media
from courses.services.keeping import refuse_size
from courses.services.resources import normalized
from courses.services.writing_imports import write_course
from media_library.services.ceiling import refuse_over_ceiling
from media_library.services.space import refuse_without_space

MISSING_TOLD = 10


@dataclass(frozen=True)
class Imported:
    """What came, or would come: `course` is None of a trial. `files` are resources with a file.

    Titles of media: `found` in the library, `brought` in from its host, `uploaded` from the file, `missing`.
    """

    title: str
    chapters: int
    items: int
    questions: int
    images: int
    files: int
    found: list[str]
    brought: list[str]
    uploaded: list[str]
    missing: list[str]
    course: Course | None = None


def import_course(file: BinaryIO, *, by: Any, dry_run: bool = False) -> Imported:
    """Bring in a course as a draft; its address has a number behind it where another course has it.

    With `dry_run` nothing is written, and missing media is told instead of refused. Raises Refused:
    unreadable_course_file, media_missing (409), storage_full, file_too_large (413), no_space (507).
    """
    with open_course_file(file) as given:
        media = plan_media(given)
        _refuse_incomplete(given, media)
        if media.missing and not dry_run:
            raise _media_missing(media.missing)
        _refuse_too_much(given, media)
        with _unpacked(given, media) as files:
            course = None if dry_run else _written(given, media, files, by=by)
    return _told(given, media, course)


def _written(given: CourseFile, media: MediaPlan, files: dict[str, Path], *, by: Any) -> Course:
    try:
        return write_course(given.document, media=media, files=files, by=by)
    except ValidationError as fault:
        raise unreadable(DOCUMENT, " ".join(fault.messages)) from fault


def _refuse_incomplete(given: CourseFile, media: MediaPlan) -> None:
    """What is named is there, and nothing else is."""
    document, pictures = given.document, {name for name in given.names if name.startswith("images/")}
    refuse_unknown_images(document, {Path(name).stem for name in pictures})
    resources = {_check_resource(item) for item in _items(document) if "resource" in item} - {""}
    if absent := sorted(resources - given.names):
        raise unreadable(absent[0], _("The course offers this file, and it is not there."))
    named = {image_entry(digest) for digest in digests_named(document)}
    if unused := sorted(given.names - resources - named - media.entries - {COVER, DOCUMENT}):
        raise unreadable(unused[0], _("Nothing in the course names it."))


def _check_resource(item: dict[str, Any]) -> str:
    """The entry of its file; empty of a link."""
    told = item["resource"]
    if told["file"]:
        return resource_entry(item["key"], told["file"])
    try:
        normalized(told["link"])
    except Refused as fault:
        raise unreadable(f"{item['key']}.resource.link", fault.message) from fault
    return ""


def _refuse_too_much(given: CourseFile, media: MediaPlan) -> None:
    for name in given.names:
        if name.startswith("resources/"):
            refuse_size(Path(name).name, given.size(name))
    wanted = _wanted(given, media)
    size = sum(given.size(name) for name in wanted)
    refuse_over_ceiling(size)
    refuse_without_space(size)


def _wanted(given: CourseFile, media: MediaPlan) -> list[str]:
    """All entries but media that is here already, which is not even looked at."""
    return sorted(given.names - {DOCUMENT} - (media.entries - set(media.uploads.values())))


@contextmanager
def _unpacked(given: CourseFile, media: MediaPlan) -> Iterator[dict[str, Path]]:
    """Files by their entries, on the disk from which uploads are moved into the storage. Names here are counted."""
    Path(settings.UPLOADS_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.UPLOADS_DIR) as folder:
        yield {
            name: given.unpack(name, to=Path(folder) / str(number)) for number, name in enumerate(_wanted(given, media))
        }


def _media_missing(titles: list[str]) -> Refused:
    told = ", ".join(f"“{title}”" for title in titles[:MISSING_TOLD])
    words = _("This media is neither here nor in the file: %(titles)s. Export the course --with-media, or add it here.")
    return Refused("media_missing", words % {"titles": told}, fields={"media": titles}, status=409)


def _items(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for chapter in document["chapters"] for item in chapter["items"]]


def _told(given: CourseFile, media: MediaPlan, course: Course | None) -> Imported:
    items = _items(given.document)
    return Imported(
        title=given.document["course"]["title"],
        chapters=len(given.document["chapters"]),
        items=len(items),
        questions=sum(len(item["quiz"]["questions"]) for item in items if "quiz" in item),
        images=sum(name.startswith("images/") for name in given.names),
        files=sum(name.startswith("resources/") for name in given.names),
        found=media.found,
        brought=media.brought,
        uploaded=media.uploaded,
        missing=media.missing,
        course=course,
    )
