"""Reads plain values as the columns of models take them: type first, then what the column itself demands."""

import json
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from courses.course_files.format import COLUMNS
from courses.course_files.refusing import unreadable

DEEPEST = 30
YEARS = range(1970, 2201)
TYPES: tuple[tuple[Any, type], ...] = (
    (models.BooleanField, bool), (models.IntegerField, int), (models.CharField, str), (models.TextField, str),
    (models.DecimalField, str), (models.DateTimeField, str), (models.JSONField, object),
)  # fmt: skip


def read_json(content: bytes) -> Any:
    """Raises Refused for what is no JSON, too deep, has a name twice, or text that no database keeps."""
    try:
        read = json.loads(content.decode(), object_pairs_hook=_object, parse_constant=_no_number, parse_float=_number)
    except (ValueError, RecursionError) as fault:
        why = _("It is no JSON that can be read: %(fault)s") % {"fault": str(fault)[:200]}
        raise unreadable("course.json", why) from fault
    _refuse_hostile(read)
    return read


def read_columns(data: Any, place: str, model: Any, *, others: Iterable[str] = ()) -> dict[str, Any]:
    """The columns of a row, checked; what is left out is as in a new row. `others` may stand there too."""
    written = read_object(data, place, {*COLUMNS[model], *others})
    return {name: _read(model._meta.get_field(name), written, name, f"{place}.{name}") for name in COLUMNS[model]}


def read_column(model: Any, name: str, written: dict[str, Any], place: str) -> Any:
    return _read(model._meta.get_field(name), written, name, f"{place}.{name}")


def read_object(data: Any, place: str, names: Iterable[str]) -> dict[str, Any]:
    """An object with no other names than these."""
    if not isinstance(data, dict):
        raise unreadable(place, _("Write an object."))
    if unknown := sorted(set(data) - set(names)):
        raise unreadable(f"{place}.{unknown[0]}", _("There is nothing of that name."))
    return data


def read_list(data: Any, place: str, *, most: int) -> list[tuple[str, Any]]:
    """Its parts with their places."""
    if not isinstance(data, list):
        raise unreadable(place, _("Write a list."))
    if len(data) > most:
        raise unreadable(place, _("At most %(most)d, please.") % {"most": most})
    return [(f"{place}.{number}", one) for number, one in enumerate(data)]


def _read(column: Any, written: dict[str, Any], name: str, place: str) -> Any:
    value = written.get(name, column.get_default())
    if name in written and value is not None:
        value = _typed(column, value, place)
    try:
        return column.clean(value, None)
    except ValidationError as fault:
        raise unreadable(place, " ".join(fault.messages)) from fault


def _typed(column: Any, value: Any, place: str) -> Any:
    wanted = next(type_ for kind, type_ in TYPES if isinstance(column, kind))
    if wanted is not object and type(value) is not wanted:
        raise unreadable(place, _("Write a %(type)s.") % {"type": _words_for(wanted)})
    return _moment(value, place) if isinstance(column, models.DateTimeField) else value


def _words_for(wanted: type) -> str:
    return {bool: _("yes or no (true, false)"), int: _("whole number"), str: _("text")}[wanted]


def _moment(value: str, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        told = moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        told = None
    if told is None or told.year not in YEARS:
        raise unreadable(place, _("Write a date and time with its zone, such as 2027-05-03T00:00:00+02:00."))
    return told


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name twice in one object")
    return read


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large")
    return number


def _refuse_hostile(read: Any) -> None:
    """Level by level, so that depth costs nothing."""
    level = [read]
    for _depth in range(DEEPEST):
        texts = [text for one in level for text in _texts_of(one)]
        if any("\0" in text or not _is_writable(text) for text in texts):
            raise unreadable("course.json", _("A text has a character that cannot be kept."))
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return
    raise unreadable("course.json", _("It is nested too deeply."))


def _texts_of(one: Any) -> Iterable[str]:
    if isinstance(one, dict):
        return one.keys()
    return (one,) if isinstance(one, str) else ()


def _inside(one: Any) -> Iterable[Any]:
    if isinstance(one, dict):
        return one.values()
    return one if isinstance(one, list) else ()


def _is_writable(text: str) -> bool:
    """Half a character pair is text to JSON, and to nobody else."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
