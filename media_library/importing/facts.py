"""What is told about a video besides its address, under the names that people and programs use for it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from core.lines import one_line
from media_library.importing.rows import ADDRESS_CHARACTERS, BadRow
from media_library.models.media import TITLE_CHARACTERS
from media_library.sources import SOURCES, NotOneVideo, Reference, Source
from media_library.sources.answers import storable

CATEGORY_CHARACTERS, TAG_CHARACTERS, DESCRIPTION_CHARACTERS = 80, 60, 50_000
MOST_NAMES = 50
LONGEST_TOLD = 60  # characters of a bad value that are shown again

#: What a column or key may be called, in small letters and without signs between them.
NAMES: dict[str, tuple[str, ...]] = {
    "address": ("url", "address", "link", "videourl", "videolink", "sourceurl", "href", "watchurl"),
    "title": ("title", "name", "videotitle"),
    "description": ("description", "summary", "videodescription"),
    "thumbnail": ("thumbnail", "thumbnailurl", "image", "picture", "cover"),
    "categories": ("categories", "category"),
    "tags": ("tags", "tag", "keywords"),
    "published_at": ("publishedat", "publishedon", "publishdate", "pubdate"),
    "published": ("published", "ispublished"),
    "draft": ("draft", "isdraft"),
}
CALLED = {name: fact for fact, names in NAMES.items() for name in names}
YES, NO = ("true", "yes", "1", "y"), ("false", "no", "0", "n")


def plain_name(name: str) -> str:
    """`Video URL`, `video_url` and `videoUrl` are the same."""
    return re.sub(r"[\W_]+", "", str(name)).lower()


def meaning_of(name: str) -> str | Source | None:
    """What a column or key holds: a fact, the key of a video at a host, or nothing that is known here."""
    plain = plain_name(name)
    return CALLED.get(plain) or next((host for host in SOURCES.values() if plain in _keys_of(host)), None)


def read_facts(told: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The address and the facts. Raises BadRow; what has a name that is not known here is left aside."""
    facts: dict[str, Any] = {}
    addresses: list[str] = []
    for name, value in told.items():
        meaning = meaning_of(name)
        if meaning is None or value is None or value in ("", []):
            continue
        if isinstance(meaning, Source):
            addresses.append(_address_at(meaning, line(name, value)))
        elif meaning == "address":
            addresses.insert(0, line(name, value))
        else:
            facts[meaning] = READERS[meaning](name, value)
    return _one_address(addresses), {name: fact for name, fact in facts.items() if fact not in ("", [], None)}


def names_address(name: str) -> bool:
    """Whether a column or key of that name holds an address, or the key of a video."""
    meaning = meaning_of(name)
    return meaning == "address" or isinstance(meaning, Source)


def told_address(told: Mapping[str, Any]) -> str:
    """What was given as one, also where it cannot be used."""
    given = (value for name, value in told.items() if names_address(name) and isinstance(value, str))
    return next(filter(None, (one_line(storable(value)) for value in given)), "")


def line(name: str, value: Any) -> str:
    """Raises BadRow for what is neither text nor a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRow("bad_value", name=shown(name))
    return one_line(storable(str(value)))


def shown(value: Any) -> str:
    return one_line(storable(str(value)))[:LONGEST_TOLD]


def _one_address(addresses: list[str]) -> str:
    address = next(filter(None, addresses), "")
    if not address:
        raise BadRow("no_address")
    if len(address) > ADDRESS_CHARACTERS:
        raise BadRow("address_too_long")
    return address


def _keys_of(host: Source) -> set[str]:
    """`<host>Id`, `<host>_video_id`, and the field of Media where that is the host's own."""
    field = plain_name(host.key_field)
    return {f"{host.name}id", f"{host.name}videoid", *([field] if field.startswith(host.name) else [])}


def _address_at(host: Source, key: str) -> str:
    """Only a key that the host itself would read in its address."""
    if host.stored_as:
        raise BadRow("synchronized", host=host.label)
    address = host.address(Reference(host.name, key))
    try:
        found = host.recognize(address)
    except NotOneVideo:
        found = None
    if not isinstance(found, Reference) or found.key != key:
        raise BadRow("bad_id", told=shown(key), host=host.label)
    return address


def _title(name: str, value: Any) -> str:
    title = line(name, value)
    if len(title) > TITLE_CHARACTERS:
        raise BadRow("title_too_long", most=TITLE_CHARACTERS)
    return title


def _description(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadRow("bad_value", name=shown(name))
    return storable(value).strip()[:DESCRIPTION_CHARACTERS]


def _moment(name: str, value: Any) -> str:
    """As ISO 8601; a day, or a time without a zone, is taken as UTC."""
    told = line(name, value)
    try:
        moment = parse_datetime(told)
        if moment is None and (day := parse_date(told)):
            moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001  (its zone comes next)
    except ValueError:
        moment = None
    if moment is None:
        raise BadRow("bad_date", told=told[:LONGEST_TOLD])
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _yes(name: str, value: Any) -> bool | None:
    told = str(value).lower() if isinstance(value, bool) else line(name, value).lower()
    return True if told in YES else False if told in NO else None


def _names(most: int) -> Callable[[str, Any], list[str]]:
    """A list of names, or text with commas or semicolons between them; `most` characters each."""

    def read(name: str, value: Any) -> list[str]:
        parts: Iterable[Any] = value if isinstance(value, list) else re.split(r"[,;\n|]", line(name, value))
        names = [found for part in parts if (found := line(name, part))]
        apart = list({found.lower(): found for found in reversed(names)}.values())[::-1]
        if len(apart) > MOST_NAMES:
            raise BadRow("too_many_tags", most=MOST_NAMES)
        if long := next((found for found in apart if len(found) > most), None):
            raise BadRow("name_too_long", told=long[:20])
        return apart

    return read


READERS: dict[str, Callable[[str, Any], Any]] = {
    "title": _title,
    "description": _description,
    "thumbnail": line,
    "published_at": _moment,
    "published": _yes,
    "draft": _yes,
    "categories": _names(CATEGORY_CHARACTERS),
    "tags": _names(TAG_CHARACTERS),
}
