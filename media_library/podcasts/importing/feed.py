"""What a page of a podcast's feed says: RSS 2.0 with Apple's and Podcasting 2.0's tags. Pure."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit
from uuid import UUID
from xml.etree.ElementTree import Element

from core.lines import one_line
from media_library.models import EpisodeType, Medium, ShowType
from media_library.models.podcasts import LARGEST_NUMBER, TITLE_CHARACTERS
from media_library.podcasts.categories import is_category
from media_library.podcasts.importing.encodings import text_of
from media_library.podcasts.importing.text import MOST_READ, first_words, plain
from media_library.podcasts.importing.trees import UnreadableFeed, read_tree

ADDRESS_CHARACTERS = 1000
YES = frozenset({"yes", "true", "explicit"})
ODD_CHARACTERS = 40  # of what is told
TITLE_WORDS = 60  # characters, of a title that is made
_PAGE = re.compile(r"(?is)(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?(?:<!doctype\s+html\b|<html\b)")
_LINK = re.compile(r"(?i)<link\b([^>]{0,1000})>")
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True)
class Person:
    name: str
    role: str
    group: str
    link: str


@dataclass(frozen=True)
class Words:
    """A transcript: its address, type and language."""

    url: str
    type: str
    language: str


@dataclass(frozen=True)
class Show:
    """`guid` None where it has none; `locked_by` is who may have it imported, empty where nobody is named; `moved_to`
    is the address of its feed from now on, empty where it stays.
    """

    title: str
    description: str
    author: str
    owner_name: str
    owner_email: str
    link: str
    language: str
    category: str
    copyright: str
    type: str
    medium: str
    is_explicit: bool
    is_complete: bool
    guid: UUID | None
    artwork: str
    is_locked: bool
    locked_by: str
    moved_to: str
    people: Sequence[Person]


@dataclass(frozen=True)
class Item:
    """An episode. `number` and `season` None for none; `published_at` None where its date cannot be read. One without
    a title has one that was made: `is_titled` is false. `odd_numbers` are those that cannot be kept, as written.
    """

    guid: str
    title: str
    is_titled: bool
    description: str
    link: str
    number: int | None
    type: str
    season: int | None
    season_name: str
    odd_numbers: Sequence[str]
    is_explicit: bool | None
    published_at: datetime | None
    sound: str
    artwork: str
    words: Sequence[Words]
    chapters: str
    people: Sequence[Person]


@dataclass(frozen=True)
class Page:
    """`older` is the address of the page before it in time, empty for none; `silent` items have nothing to hear; `url`
    is where it was found in the end.
    """

    show: Show
    items: Sequence[Item]
    silent: int
    older: str
    url: str


def read_feed(content: bytes, *, url: str, charset: str = "") -> Page:
    """`charset` is what its server says. Raises UnreadableFeed: unreadable_feed, hostile_feed, not_a_podcast."""
    text = text_of(content, charset=charset)
    if _PAGE.match(text):
        raise UnreadableFeed("not_a_podcast", "It is a web page.", is_page=True, feed=_feed_of(text, url))
    channel = read_tree(text).find("channel")
    if channel is None:
        raise UnreadableFeed("not_a_podcast", "There is no channel in it.")
    found = [_item(one, url) for one in channel.iter("item")]
    items = [item for item in found if item.sound]
    return Page(_show(channel, url), items, len(found) - len(items), _older(channel, url), url)


def _feed_of(page: str, url: str) -> str:
    """The first that a web page names; empty for none."""
    for link in _LINK.findall(page[:MOST_READ]):
        told = dict(_ATTRIBUTE.findall(link))
        if told.get("type", "").lower() == "application/rss+xml":
            return _address(unescape(told.get("href", "")), url)
    return ""


def _show(channel: Element, url: str) -> Show:
    owner = channel.find("itunes:owner")
    locked = channel.find("podcast:locked")
    owner_email = _line(owner, "itunes:email", 254)
    return Show(
        title=_line(channel, "title", TITLE_CHARACTERS) or _line(channel, "itunes:title", TITLE_CHARACTERS),
        description=_description(channel),
        author=_line(channel, "itunes:author", 120),
        owner_name=_line(owner, "itunes:name", 120),
        owner_email=owner_email if "@" in owner_email else "",
        link=_address(_text(channel, "link"), url),
        language=_line(channel, "language", 20),
        category=_category(channel),
        copyright=_line(channel, "copyright", 200),
        type=_choice(_text(channel, "itunes:type"), ShowType.values, ShowType.EPISODIC),
        medium=_choice(_text(channel, "podcast:medium"), Medium.values, Medium.PODCAST),
        is_explicit=_says_yes(_text(channel, "itunes:explicit")),
        is_complete=_says_yes(_text(channel, "itunes:complete")),
        guid=_uuid(_text(channel, "podcast:guid")),
        artwork=_artwork(channel, url),
        is_locked=locked is not None and _says_yes(locked.text or ""),
        locked_by=(one_line(locked.get("owner", ""))[:254] if locked is not None else "") or owner_email,
        moved_to=_address(_text(channel, "itunes:new-feed-url"), url),
        people=_people(channel, url),
    )


def _item(item: Element, url: str) -> Item:
    sound = item.find("enclosure")
    address = _address(sound.get("url", "") if sound is not None else "", url)
    season = item.find("podcast:season")
    chapters = item.find("podcast:chapters")
    title = _line(item, "title", TITLE_CHARACTERS) or _line(item, "itunes:title", TITLE_CHARACTERS)
    description, published_at = _description(item), _moment(_text(item, "pubDate"))
    return Item(
        guid=(_text(item, "guid") or address)[:500],
        title=title or first_words(description, TITLE_WORDS) or _named(published_at, address),
        is_titled=bool(title),
        description=description,
        link=_address(_text(item, "link"), url),
        number=_number(_text(item, "itunes:episode")) or _number(_text(item, "podcast:episode")),
        type=_choice(_text(item, "itunes:episodeType"), EpisodeType.values, EpisodeType.FULL),
        season=_number(_text(item, "itunes:season")) or _number(_text(item, "podcast:season")),
        season_name=one_line(season.get("name", ""))[:TITLE_CHARACTERS] if season is not None else "",
        odd_numbers=_odd_numbers(item),
        is_explicit=_maybe(_text(item, "itunes:explicit")),
        published_at=published_at,
        sound=address,
        artwork=_artwork(item, url),
        words=[
            Words(found, one.get("type", "").lower(), one.get("language", "")[:20])
            for one in item.findall("podcast:transcript")
            if (found := _address(one.get("url", ""), url))
        ],
        chapters=_address(chapters.get("url", ""), url) if chapters is not None else "",
        people=_people(item, url),
    )


def _named(moment: datetime | None, address: str) -> str:
    """By its day, else as its file is called."""
    name = one_line(unquote(PurePosixPath(urlsplit(address).path).stem))
    return moment.date().isoformat() if moment else name[:TITLE_CHARACTERS] or urlsplit(address).netloc


def _older(channel: Element, url: str) -> str:
    """Of an archived or a paged feed (RFC 5005)."""
    links = {one.get("rel", ""): one.get("href", "") for one in channel.findall("atom:link")}
    return _address(links.get("prev-archive") or links.get("next") or "", url)


def _text(parent: Element | None, tag: str) -> str:
    return (parent.findtext(tag) or "").strip() if parent is not None else ""


def _line(parent: Element | None, tag: str, most: int) -> str:
    return one_line(_text(parent, tag))[:most].rstrip()


def _description(parent: Element) -> str:
    told = (_text(parent, tag) for tag in ("description", "content:encoded", "itunes:summary"))
    return plain(next(filter(None, told), ""))


def _address(text: str, base: str) -> str:
    """Whole, and one that leads out; empty for any other."""
    try:
        found = urljoin(base, text.strip()) if text.strip() else ""
    except ValueError:
        return ""
    fits = found.startswith(("http://", "https://")) and found.isprintable() and len(found) <= ADDRESS_CHARACTERS
    return found if fits else ""


def _artwork(parent: Element, url: str) -> str:
    picture = parent.find("itunes:image")
    return _address(picture.get("href", "") if picture is not None else _text(parent, "image/url"), url)


def _category(channel: Element) -> str:
    """The first one that Apple knows."""
    return next((name for one in channel.findall("itunes:category") for name in _names(one) if is_category(name)), "")


def _names(category: Element) -> Iterator[str]:
    outer, inner = category.get("text", ""), category.find("itunes:category")
    if inner is not None:
        yield f"{outer}/{inner.get('text', '')}"
    yield outer


def _people(parent: Element, url: str) -> list[Person]:
    told = [
        Person(
            one_line(one.text or "")[:120], one.get("role", "host").strip().lower(),
            one.get("group", "").strip().lower(), _address(one.get("href", ""), url),
        )
        for one in parent.findall("podcast:person")
    ]  # fmt: skip
    return [person for person in told if person.name]


def _choice(text: str, values: Sequence[str], otherwise: str) -> str:
    return text.lower() if text.lower() in values else otherwise


def _says_yes(text: str) -> bool:
    return text.strip().lower() in YES


def _maybe(text: str) -> bool | None:
    return _says_yes(text) if text else None


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER))
    return int(text) if is_number and 0 < int(text) <= LARGEST_NUMBER else None


def _odd_numbers(item: Element) -> list[str]:
    """What is written where a number belongs, and is none that can be kept. A zero is how some say that it has none."""
    told = (_text(item, tag) for tag in ("itunes:season", "podcast:season", "itunes:episode", "podcast:episode"))
    return [one[:ODD_CHARACTERS] for one in dict.fromkeys(told) if one.strip("0") and _number(one) is None]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """As RSS wants it, or ISO 8601; without a zone it is UTC."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        with suppress(ValueError, TypeError, OverflowError, IndexError):
            found = read(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    return None
