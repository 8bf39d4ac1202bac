"""JSON: a list of addresses or of objects with facts, by itself or as `items` of an object."""

import json
from typing import Any

from django.utils.translation import gettext as _

from media_library.importing.facts import read_facts, shown
from media_library.importing.rows import BadRow, Row, bad, refuse_too_many, unreadable
from media_library.importing.texts import text_of


def read_document(content: bytes) -> list[Row]:
    """Raises Refused: not_text, not_json, too_many_rows."""
    try:
        document = json.loads(text_of(content))
    except (ValueError, RecursionError) as error:
        raise unreadable("not_json", _("This is no JSON: %(error)s") % {"error": shown(error)}) from error
    return read_items(document["items"] if isinstance(document, dict) and "items" in document else document)


def read_items(items: Any) -> list[Row]:
    """Raises Refused: not_json where this is no list, too_many_rows."""
    if not isinstance(items, list):
        raise unreadable("not_json", _("This is neither a list nor an object with a list called “items”."))
    refuse_too_many(len(items))
    return [_row(position, item) for position, item in enumerate(items, 1)]


def _row(position: int, item: Any) -> Row:
    told = {"url": item} if isinstance(item, str) else item
    if not isinstance(told, dict):
        return bad(position, BadRow("no_object"))
    try:
        return Row(position, *read_facts(told))
    except BadRow as problem:
        return bad(position, problem, address=shown(told.get("url", "")))
