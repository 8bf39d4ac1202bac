"""A course becomes a file that any Lectern reads; what stands in it: `courses.course_files.format`."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from courses.availability import UnusableAvailability, dump, parse_availability
from courses.availability.rules import Match
from courses.course_files import Entry, pack
from courses.course_files.format import (
    COVER,
    FORMAT,
    VERSION,
    chapter_key,
    image_entry,
    item_key,
    media_entry,
    plain_row,
    resource_entry,
)
from courses.course_files.text_images import images_named, named_by_digest
from courses.files.names import clean_name
from courses.models import ContentItem, Course
from courses.models.item import HELD_IN, ItemType
from media_library.importing.rows import BadRow
from media_library.models import LibraryImage, Media, Source
from media_library.services.import_answers import named_by
from media_library.sources import SOURCES, Reference
from media_library.storage import EXTENSION


def export_course(course: Course, *, to: BinaryIO, with_media: bool = False) -> None:
    """Write the course into a file that can be sought in. The same course is the same bytes.

    `with_media`: with the original files of uploaded media. The number of statements does not grow with the course.
    Raises Refused: file_missing, unchecked_media, unknown_address, unusable_availability (409).
    """
    with transaction.atomic():
        held = Course.objects.select_for_update(no_key=True).get(pk=course.pk)  # its outline stays as it is meanwhile
        document, items = _document(held)
    images = LibraryImage.objects.in_bulk(images_named(document))
    entries = [*_entries_of(held, items, with_media=with_media), *map(_image_entry, images.values())]
    pack(named_by_digest(document, images), entries, to=to)


def export_name(course: Course) -> str:
    return f"{course.slug}.zip"


def _document(course: Course) -> tuple[dict[str, Any], dict[str, ContentItem]]:
    """What stands in the file, and the items by their keys in it."""
    items = _items_of(course)
    numbered = list(enumerate(course.chapters.order_by("position"), start=1))
    keyed = {
        item_key(number, at): item
        for number, chapter in numbered
        for at, item in enumerate((one for one in items if one.chapter_id == chapter.pk), start=1)
    }
    keys = {str(item.pk): key for key, item in keyed.items()}
    keys |= {str(chapter.pk): chapter_key(number) for number, chapter in numbered}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "course": {**plain_row(course), "category": course.category.name if course.category else None},
        "chapters": [
            {**_part(chapter, keys), "items": [_item(one, keys) for one in items if one.chapter_id == chapter.pk]}
            for _number, chapter in numbered
        ],
    }
    return document, keyed


def _items_of(course: Course) -> list[ContentItem]:
    """In order, with what they hold: a statement, and one for all questions."""
    rows = ContentItem.objects.of_course(course).order_by("chapter__position", "position")
    return list(rows.select_related(*HELD_IN.values()).prefetch_related("quiz__questions"))


def _part(row: Any, keys: Mapping[str, str]) -> dict[str, Any]:
    return {"key": keys[str(row.pk)], **plain_row(row), "availability": _availability(row, keys)}


def _item(item: ContentItem, keys: Mapping[str, str]) -> dict[str, Any]:
    if item.type == ItemType.TEXT:
        return {**_part(item, keys), "text": item.text}
    held = HELD_IN[ItemType(item.type)]
    return {**_part(item, keys), held: TOLD[held](getattr(item, held))}


def _availability(row: Any, keys: Mapping[str, str]) -> dict[str, Any]:
    """Rules about what is gone hold nobody back: they stay behind. One of them is enough where any is."""
    try:
        rules = dump(parse_availability(row.availability))
    except UnusableAvailability as fault:
        words = _("The rules of “%(title)s” cannot be read: %(fault)s")
        told = words % {"title": row, "fault": fault.message}
        raise Refused("unusable_availability", told, status=409) from fault
    kept = [one for rule in rules.get("rules", ()) if (one := _renamed(rule, keys)) is not None]
    is_free = rules.get("match") == Match.ANY and len(kept) < len(rules["rules"])
    return {} if is_free or not kept else {**rules, "rules": kept}


def _renamed(rule: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any] | None:
    """With the keys of the file; None where it names what is gone."""
    named: dict[str, Any] = {name: keys.get(rule[name]) for name in ("item", "chapter") if name in rule}
    return None if None in named.values() else {**rule, **named}


def _told_media(media: Media) -> dict[str, Any]:
    """By what identifies it anywhere."""
    if media.source != Source.UPLOAD:
        return {"address": _address(media), "title": media.title}
    if not media.content_hash:
        words = _("The file of “%(title)s” has not been checked yet. Wait for it, or take it out of the course.")
        raise Refused("unchecked_media", words % {"title": media}, status=409)
    return {"sha256": media.content_hash, "title": media.title, "filename": media.original_filename}


def _address(media: Media) -> str:
    """By which any site finds it at its host; what came through a platform of its own has that of where it plays."""
    host = SOURCES[media.source]
    own = host.address(Reference(host.name, getattr(media, host.key_field)))
    for address in (media.source_url, own):
        if _is_found_by(address):
            return address
    words = _("“%(title)s” has no address by which another site finds it. Take it out of the course.")
    raise Refused("unknown_address", words % {"title": media}, status=409)


def _is_found_by(address: str) -> bool:
    try:
        return isinstance(named_by(address), Reference)
    except BadRow:
        return False


def _told_quiz(quiz: Any) -> dict[str, Any]:
    questions = sorted(quiz.questions.all(), key=lambda question: question.position)
    return {**plain_row(quiz), "questions": [plain_row(one) for one in questions]}


def _told_resource(resource: Any) -> dict[str, Any]:
    named = {"link": resource.link} if resource.link else {"file": clean_name(resource.filename)}
    return {"title": resource.title, **named}


TOLD = {"media": _told_media, "quiz": _told_quiz, "assignment": plain_row, "resource": _told_resource}


def _entries_of(course: Course, items: Mapping[str, ContentItem], *, with_media: bool) -> Iterator[Entry]:
    if course.thumbnail_path:
        yield _stored(COVER, course.thumbnail_path)
    for key, item in items.items():
        if item.resource is not None and item.resource.path:
            yield _stored(resource_entry(key, clean_name(item.resource.filename)), item.resource.path)
    if with_media:
        held = {item.media.pk: item.media for item in items.values() if item.media is not None}
        yield from (_media_entry(media) for media in held.values() if media.source == Source.UPLOAD)


def _media_entry(media: Media) -> Entry:
    ending = PurePosixPath(media.source_path).suffix
    return _stored(
        media_entry(media.content_hash, ending if EXTENSION.fullmatch(ending) else ".bin"), media.source_path
    )


def _image_entry(image: LibraryImage) -> Entry:
    return _stored(image_entry(image.digest), image.path)


def _stored(name: str, path: str) -> Entry:
    """Raises Refused: file_missing (409)."""
    try:
        return Entry(name, default_storage.size(path), partial(_opened, path))
    except FileNotFoundError as missing:
        words = _("The file “%(name)s” is no longer in the storage: replace it first.") % {"name": name}
        raise Refused("file_missing", words, status=409) from missing


def _opened(path: str) -> BinaryIO:
    return cast(BinaryIO, default_storage.open(path))
