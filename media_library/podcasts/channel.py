"""What a feed tells, as plain data. Addresses are absolute and in ASCII, times are aware, lengths are true."""

from dataclasses import dataclass
from datetime import datetime

MP3_TYPE, M4A_TYPE = "audio/mpeg", "audio/x-m4a"


@dataclass(frozen=True)
class Enclosure:
    """A file to hear: `length` in bytes, `bitrate` in bits a second, 0 where nobody knows."""

    address: str
    length: int
    type: str = MP3_TYPE
    bitrate: int = 0


@dataclass(frozen=True)
class Words:
    """A transcript as WebVTT."""

    address: str
    language: str


@dataclass(frozen=True)
class Voice:
    """Who is heard; role and group are those of the Podcasting 2.0 taxonomy, in any case of letters."""

    name: str
    role: str = "host"
    group: str = "cast"
    link: str = ""


@dataclass(frozen=True)
class Sound:
    """What a media item gives to be heard: `others` are the same in other formats, `chapters` is an address."""

    enclosure: Enclosure
    others: tuple[Enclosure, ...] = ()
    seconds: float | None = None
    words: Words | None = None
    chapters: str = ""


@dataclass(frozen=True)
class InSeason:
    number: int
    name: str = ""


@dataclass(frozen=True)
class Item:
    """One episode. `guid` never changes; voices, if there are any, stand instead of those of the channel."""

    guid: str
    title: str
    sound: Sound
    published_at: datetime | None = None
    description: str = ""
    link: str = ""
    artwork: str = ""
    is_explicit: bool | None = None
    season: InSeason | None = None
    number: int | None = None
    type: str = "full"
    voices: tuple[Voice, ...] = ()


@dataclass(frozen=True)
class Pages:
    """Addresses of the other parts of a long archive (RFC 5005); empty where there is none."""

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


@dataclass(frozen=True)
class Channel:
    """A show. `address` is that of this very feed; `category` as Apple lists it, `Education/Courses`.

    A private one asks every directory not to list it.
    """

    address: str
    title: str
    description: str
    link: str
    language: str
    guid: str
    author: str = ""
    owner_name: str = ""
    owner_email: str = ""
    artwork: str = ""
    category: str = "Education"
    copyright: str = ""
    type: str = "episodic"
    medium: str = "podcast"
    is_explicit: bool = False
    is_locked: bool = True
    is_complete: bool = False
    is_private: bool = False
    new_address: str = ""
    pages: Pages = Pages()
    voices: tuple[Voice, ...] = ()
    items: tuple[Item, ...] = ()
