"""A channel as RSS 2.0 with the tags of Apple and of Podcasting 2.0. Pure.

Written as text, because no writer at hand keeps CDATA; whatever comes from people is escaped in one of three functions.
"""

import re
from collections.abc import Iterator
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr  # noqa: S406 (nothing is read with it)

from media_library.podcasts.channel import Channel, Enclosure, Item, Pages, Voice

NAMESPACES = {
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
}
FEED_TYPE, WORDS_TYPE, CHAPTERS_TYPE = "application/rss+xml", "text/vtt", "application/json+chapters"
DESCRIPTION_BYTES = 4000  # Apple's limit
NAME_CHARACTERS = 128  # of a season (Podcasting 2.0)
#: What a cut leaves of a tag or an entity.
UNFINISHED = re.compile("<[^<>]*$|&[#a-zA-Z0-9]*$")
#: What XML 1.0 has no way to write.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_feed(channel: Channel) -> bytes:
    """The whole document, UTF-8, a tag a line."""
    lines = [*_told(channel), *(line for item in channel.items for line in _item(item))]
    spaces = "".join(f" {name}={quoteattr(address)}" for name, address in NAMESPACES.items())
    opening = ['<?xml version="1.0" encoding="UTF-8"?>', f'<rss version="2.0"{spaces}>', "<channel>"]
    return "\n".join([*opening, *lines, "</channel>", "</rss>", ""]).encode()


def _told(channel: Channel) -> Iterator[str]:
    yield _tag("title", channel.title)
    yield _tag("link", channel.link)
    yield _described(channel.description)
    yield _tag("language", channel.language)
    yield _tag("atom:link", rel="self", type=FEED_TYPE, href=channel.address)
    yield from _pages(channel.pages)
    yield from _asked_for_by_apple(channel)
    yield _tag("podcast:guid", channel.guid)
    yield _tag("podcast:locked", _yes(channel.is_locked), owner=channel.owner_email)
    yield _tag("podcast:medium", channel.medium)
    yield from map(_voice, channel.voices)
    if channel.is_private:
        yield _tag("itunes:block", "Yes")
        yield _tag("podcast:block", "yes")


def _asked_for_by_apple(channel: Channel) -> Iterator[str]:
    yield _category(channel.category)
    yield _tag("itunes:explicit", _true(channel.is_explicit))
    yield _tag("itunes:type", channel.type)
    yield from _if_any("itunes:author", channel.author)
    yield from _owner(channel.owner_name, channel.owner_email)
    yield from _image(channel.artwork)
    yield from _if_any("copyright", channel.copyright)
    yield from _if_any("itunes:new-feed-url", channel.new_address)
    if channel.is_complete:
        yield _tag("itunes:complete", "Yes")


def _item(item: Item) -> Iterator[str]:
    yield "<item>"
    yield _tag("title", item.title)
    yield _tag("guid", item.guid, isPermaLink="false")
    yield _enclosure(item.sound.enclosure)
    if item.published_at is not None:
        yield _tag("pubDate", format_datetime(item.published_at))
    if item.description:
        yield _described(item.description)
    yield from _if_any("link", item.link)
    yield from _image(item.artwork)
    yield from _place(item)
    yield from _beside(item)
    yield from map(_voice, item.voices)
    yield "</item>"


def _place(item: Item) -> Iterator[str]:
    yield _tag("itunes:episodeType", item.type)
    if item.season is not None:
        yield _tag("itunes:season", str(item.season.number))
        yield _tag("podcast:season", str(item.season.number), name=item.season.name[:NAME_CHARACTERS])
    if item.number is not None:
        yield _tag("itunes:episode", str(item.number))
        yield _tag("podcast:episode", str(item.number))
    if item.is_explicit is not None:
        yield _tag("itunes:explicit", _true(item.is_explicit))


def _beside(item: Item) -> Iterator[str]:
    """What belongs to the sound."""
    sound = item.sound
    if sound.seconds is not None:
        yield _tag("itunes:duration", str(max(1, round(sound.seconds))))
    if sound.words is not None:
        address, language = sound.words.address, sound.words.language
        yield _tag("podcast:transcript", url=address, type=WORDS_TYPE, language=language, rel="captions")
    if sound.chapters:
        yield _tag("podcast:chapters", url=sound.chapters, type=CHAPTERS_TYPE)
    for other in sound.others:
        yield from _other(other)


def _other(enclosure: Enclosure) -> Iterator[str]:
    facts = {"type": enclosure.type, "length": str(enclosure.length), "bitrate": str(enclosure.bitrate or "")}
    yield f"<podcast:alternateEnclosure{_attributes(facts)}>"
    yield _tag("podcast:source", uri=enclosure.address)
    yield "</podcast:alternateEnclosure>"


def _enclosure(enclosure: Enclosure) -> str:
    return _tag("enclosure", url=enclosure.address, length=str(enclosure.length), type=enclosure.type)


def _pages(pages: Pages) -> Iterator[str]:
    named = {"first": pages.first, "previous": pages.previous, "next": pages.next, "last": pages.last}
    for relation, address in named.items():
        if address:
            yield _tag("atom:link", rel=relation, type=FEED_TYPE, href=address)


def _category(category: str) -> str:
    outer, _, inner = category.partition("/")
    if not inner:
        return _tag("itunes:category", text=outer)
    return f"<itunes:category{_attributes({'text': outer})}>{_tag('itunes:category', text=inner)}</itunes:category>"


def _owner(name: str, email: str) -> Iterator[str]:
    if email:
        inside = [*_if_any("itunes:name", name), _tag("itunes:email", email)]
        yield f"<itunes:owner>{''.join(inside)}</itunes:owner>"


def _image(address: str) -> Iterator[str]:
    if address:
        yield _tag("itunes:image", href=address)


def _voice(voice: Voice) -> str:
    return _tag("podcast:person", voice.name, role=voice.role.lower(), group=voice.group.lower(), href=voice.link)


def _if_any(name: str, text: str) -> Iterator[str]:
    if text:
        yield _tag(name, text)


def _true(fact: bool) -> str:
    return "true" if fact else "false"


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _tag(name: str, text: str = "", /, **attributes: str) -> str:
    """Attributes without a value are left out."""
    opening = f"{name}{_attributes(attributes)}"
    return f"<{opening}>{escape(_writable(text))}</{name}>" if text else f"<{opening}/>"


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_writable(value))}" for name, value in values.items() if value)


def _described(text: str) -> str:
    """Markup as it stands, as far as Apple reads; an end of CDATA in it becomes two pieces."""
    whole = _writable(text)
    read = whole.encode()[:DESCRIPTION_BYTES].decode(errors="ignore")
    if read != whole:
        read = UNFINISHED.sub("", read)
    return f"<description><![CDATA[{read.replace(']]>', ']]]]><![CDATA[>')}]]></description>"


def _writable(text: str) -> str:
    return UNWRITABLE.sub("", text)
