"""Reads `course.json`: everything that can be said without the database is said here, with its place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.identifiers import uuid7
from courses.availability import Contents, UnusableAvailability, dump, parse_availability
from courses.course_files.format import DIGEST, FORMAT, VERSION, chapter_key, item_key
from courses.course_files.questions import read_question
from courses.course_files.refusing import no_course_file, unreadable
from courses.course_files.values import read_column, read_columns, read_json, read_list, read_object
from courses.files.names import clean_name
from courses.models import Assignment, Chapter, ContentItem, Course, Quiz, Resource
from courses.models.item import HELD_IN, ItemType
from media_library.models import Category, Media

MOST_CHAPTERS, MOST_ITEMS, MOST_QUESTIONS = 500, 2_000, 1_000
NAMED_IN_RULES = ("item", "chapter")


@dataclass(frozen=True)
class Keys:
    """Keys of the file, each with that of the row it will be."""

    rows: dict[str, UUID]
    contents: Contents


def read_document(content: bytes) -> dict[str, Any]:
    """`{"course", "category", "chapters"}`: columns of rows as their models take them, rules with keys of rows.

    A chapter has `pk`, `columns`, `items`; an item `pk`, `key`, `columns`, and under its type what it holds: media as
    told, `quiz` and `assignment` with columns, `resource` with title, link, file. Raises Refused.
    """
    document = read_json(content)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise no_course_file(_("Its course.json says nothing of %(format)s.") % {"format": FORMAT})
    if (version := document.get("version")) != VERSION or isinstance(version, bool):
        words = _("This site reads version %(version)d of course files.")
        raise unreadable("version", words % {"version": VERSION})
    read_object(document, "course.json", ("format", "version", "course", "chapters"))
    course, category = _read_course(document.get("course"))
    chapters = read_list(document.get("chapters"), "chapters", most=MOST_CHAPTERS)
    keys = _read_keys(chapters)
    return {"course": course, "category": category, "chapters": [_read_chapter(*one, keys) for one in chapters]}


def _read_course(data: Any) -> tuple[dict[str, Any], str]:
    columns = read_columns(data, "course", Course, others=("category",))
    opens, closes = columns["opens_at"], columns["closes_at"]
    if opens and closes and closes <= opens:
        raise unreadable("course.closes_at", _("The course would close before it opens."))
    if data.get("category") is None:
        return columns, ""
    return columns, read_column(Category, "name", {"name": data["category"]}, "course.category")


def _read_keys(chapters: list[tuple[str, Any]]) -> Keys:
    """Keys are counted, so that files have their places; a rule may name what comes after it."""
    items: dict[str, Any] = {}
    for number, (place, chapter) in enumerate(chapters, start=1):
        _refuse_key(chapter, place, chapter_key(number))
        held = read_list(chapter.get("items"), f"{place}.items", most=MOST_ITEMS)
        for position, (inner, item) in enumerate(held, start=1):
            _refuse_key(item, inner, item_key(number, position))
            items[item["key"]] = item.get("type")
    if len(items) > MOST_ITEMS:
        raise unreadable("chapters", _("At most %(most)d items, please.") % {"most": MOST_ITEMS})
    names = [chapter_key(number) for number in range(1, len(chapters) + 1)]
    rows = {name: uuid7() for name in (*names, *items)}
    contents = Contents({rows[key]: kind for key, kind in items.items()}, frozenset(rows[name] for name in names))
    return Keys(rows, contents)


def _refuse_key(data: Any, place: str, wanted: str) -> None:
    if not isinstance(data, dict):
        raise unreadable(place, _("Write an object."))
    if data.get("key") != wanted:
        raise unreadable(f"{place}.key", _("Its key is %(key)s: they are counted.") % {"key": wanted})


def _read_chapter(place: str, data: Any, keys: Keys) -> dict[str, Any]:
    columns = read_columns(data, place, Chapter, others=("key", "availability", "items"))
    columns["availability"] = _read_availability(data.get("availability"), f"{place}.availability", keys)
    items = [_read_item(f"{place}.items.{number}", one, keys) for number, one in enumerate(data["items"])]
    return {"pk": keys.rows[data["key"]], "columns": columns, "items": items}


def _read_item(place: str, data: Any, keys: Keys) -> dict[str, Any]:
    kind = data.get("type")
    if kind not in ItemType.values:
        raise unreadable(f"{place}.type", _("There is no such type of item."))
    held = "text" if kind == ItemType.TEXT else HELD_IN[ItemType(kind)]
    columns = read_columns(data, place, ContentItem, others=("key", "availability", held))
    if not isinstance(columns["metadata"], dict):
        raise unreadable(f"{place}.metadata", _("Write an object."))
    columns["availability"] = _read_availability(data.get("availability"), f"{place}.availability", keys)
    inner = READERS[held](data.get(held), f"{place}.{held}")
    return {"pk": keys.rows[data["key"]], "key": data["key"], "columns": columns, held: inner}


def _read_availability(data: Any, place: str, keys: Keys) -> dict[str, Any]:
    """Rules may name what they wait for as they could when they were written: publishing says what cannot open."""
    try:
        return dump(parse_availability(_with_rows(data, keys), contents=keys.contents))
    except UnusableAvailability as fault:
        raise unreadable(".".join(filter(None, (place, fault.place))), fault.message) from fault


def _with_rows(data: Any, keys: Keys) -> Any:
    if not isinstance(data, dict) or not isinstance(data.get("rules"), list):
        return data
    return {**data, "rules": [_rule_with_rows(rule, keys) for rule in data["rules"]]}


def _rule_with_rows(rule: Any, keys: Keys) -> Any:
    if not isinstance(rule, dict):
        return rule
    named = {name: keys.rows.get(str(rule[name])) for name in NAMED_IN_RULES if name in rule}
    return {**rule, **{name: row and str(row) for name, row in named.items()}}


def _read_text(data: Any, place: str) -> str:
    if data is None or isinstance(data, str):
        return data or ""
    raise unreadable(place, _("Write a text."))


def _read_media(data: Any, place: str) -> dict[str, str]:
    """`address` of what is hosted elsewhere, else `sha256` and `filename`; `title`."""
    is_hosted = isinstance(data, dict) and "address" in data
    written = read_object(data, place, ("address", "title") if is_hosted else ("sha256", "title", "filename"))
    title = read_column(Media, "title", written, place)
    if is_hosted:
        return {"address": _line(written["address"], f"{place}.address"), "title": title}
    sha256 = written.get("sha256")
    if not isinstance(sha256, str) or not DIGEST.fullmatch(sha256):
        raise unreadable(f"{place}.sha256", _("SHA-256 has 64 hexadecimal digits."))
    filename = read_column(Media, "original_filename", {"original_filename": written.get("filename", "")}, place)
    return {"sha256": sha256, "title": title, "filename": filename}


def _line(value: Any, place: str) -> str:
    if isinstance(value, str) and 0 < len(value) <= 1000:
        return value
    raise unreadable(place, _("Write an address."))


def _read_quiz(data: Any, place: str) -> dict[str, Any]:
    columns = read_columns(data, place, Quiz, others=("questions",))
    questions = read_list(data.get("questions"), f"{place}.questions", most=MOST_QUESTIONS)
    return {"columns": columns, "questions": [read_question(one, inner) for inner, one in questions]}


def _read_assignment(data: Any, place: str) -> dict[str, Any]:
    columns = read_columns(data, place, Assignment)
    if not columns["takes_text"] and not columns["max_files"]:
        raise unreadable(f"{place}.takes_text", _("Take text, files, or both."))
    return {"columns": columns}


def _read_resource(data: Any, place: str) -> dict[str, str]:
    """`file` is the name of one that came along; `link` else."""
    written = read_object(data, place, ("title", "link", "file"))
    title = read_column(Resource, "title", written, place)
    link, file = (_read_text(written.get(name), f"{place}.{name}") for name in ("link", "file"))
    if bool(link) == bool(file):
        raise unreadable(place, _("A resource is a file or a link."))
    if file and clean_name(file) != file:
        raise unreadable(f"{place}.file", _("A file cannot be called that."))
    try:
        Resource._meta.get_field("link").run_validators(link or "https://example.org/")
    except ValidationError as fault:
        raise unreadable(f"{place}.link", " ".join(fault.messages)) from fault
    return {"title": title, "link": link, "file": file}


READERS: dict[str, Callable[[Any, str], Any]] = {
    "text": _read_text,
    "media": _read_media,
    "quiz": _read_quiz,
    "assignment": _read_assignment,
    "resource": _read_resource,
}
