"""JSON: a list of addresses or of objects with facts, by itself or as `items` of an object; or one such object."""

import json
from typing import Any

from django.utils.translation import gettext as _

from media_library.importing.facts import names_address, read_facts, shown, told_address
from media_library.importing.rows import PROBLEMS, BadRow, Row, bad, refuse_too_many, unreadable
from media_library.importing.texts import text_of


def read_document(content: bytes) -> list[Row]:
    """Raises Refused: not_text, not_json, too_many_rows."""
    try:
        document = json.loads(text_of(content))
    except (ValueError, RecursionError) as error:
        raise unreadable("not_json", str(PROBLEMS["not_json"]) % {"told": shown(error)}) from error
    if isinstance(document, dict) and "items" in document:
        return read_items(document["items"])
    is_one = isinstance(document, dict) and any(map(names_address, document))
    return read_items([document] if is_one else document)


def read_items(items: Any) -> list[Row]:
    """Raises Refused: not_json where this is no list, too_many_rows."""
    if not isinstance(items, list):
        raise unreadable(
            "not_json", _("This is no list, no object with a list called “items”, and no video with a “url”.")
        )
    refuse_too_many(len(items))
    return [_row(position, item) for position, item in enumerate(items, 1)]


def _row(position: int, item: Any) -> Row:
    told = {"url": item} if isinstance(item, str) else item
    if not isinstance(told, dict):
        return bad(position, BadRow("no_object"))
    try:
        return Row(position, *read_facts(told))
    except BadRow as problem:
        return bad(position, problem, address=told_address(told))
