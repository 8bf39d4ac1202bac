"""What a host of videos is to Lectern. One file for each host; plain data in and out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from django.utils.functional import Promise

from core.fetch import Fetcher
from media_library.captions import TimedText
from media_library.sources.errors import SourceError

Words = str | Promise
ANY = ("*",)


@dataclass(frozen=True, slots=True)
class Reference:
    """One video at its host. `key` is unlike that of any other one there; `secret` opens an unlisted one.

    `collection` is the list that the address names besides.
    """

    source: str
    key: str
    secret: str = ""
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of videos at a host, such as a playlist or a channel."""

    source: str
    key: str


@dataclass(frozen=True, slots=True)
class Option:
    """Something that the operator may set: an environment variable and its default. `kind` is str, int or bool."""

    name: str
    variable: str
    default: Any
    about: str
    kind: type = str


@dataclass(frozen=True, slots=True)
class Credential:
    """Something that an organization may give, so that more works. `is_secret`: shown to nobody again."""

    name: str
    label: Words
    help: Words
    is_secret: bool = True
    is_long: bool = False


@dataclass(frozen=True)
class Access:
    """What an adapter works with: the way out, what the operator set, and what the organization gave.

    `languages` are tags such as `de`, the preferred one first; `site` is the origin of our own pages.
    """

    http: Fetcher
    options: Mapping[str, Any]
    credentials: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ("en",)
    site: str = ""

    def base(self, option: Option) -> str:
        """What the operator set as one of its addresses, for a path to follow."""
        return str(self.options[option.name]).rstrip("/")


@dataclass(frozen=True)
class Description:
    """What a host tells about a video. `duration` in seconds, None where it does not tell.

    `author_key` is the host's name for who made it. `facts` are kept with the media, as JSON, and hold no secret.
    `asset_key` is a second key of the same video, by which the host's messages name it.
    """

    title: str
    description: str = ""
    duration: float | None = None
    thumbnail_url: str = ""
    author: str = ""
    author_key: str = ""
    asset_key: str = ""
    is_audio: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HostCaptions:
    """Captions as a host has them. `is_generated`: by a machine of the host's."""

    cues: Sequence[TimedText]
    language: str
    is_generated: bool = False


@dataclass(frozen=True)
class Playback:
    """How a page plays it. `player` names `static/js/players/<player>.js`; empty: our own, which plays `hls_url`.

    `attributes` become `data-…` of the player's element. `policy` is what the page may load: content security policy
    directive → origins. `opens_for` seconds the address plays, None for ever. Where `is_asked_for`, the address has to
    be fetched from the host by a job each time (`playback_url`).
    """

    player: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    policy: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hls_url: str = ""
    opens_for: float | None = None
    is_asked_for: bool = False


class Tells(StrEnum):
    """What a host's player says about watching."""

    SECONDS = "seconds"  # which second plays: watching is measured like that of our own files
    NOTHING = "nothing"  # progress is by hand, and the page says so


@dataclass(frozen=True)
class Check:
    """One thing that was tried with the credentials. `works` None: it could not be told."""

    what: Words
    works: bool | None
    words: Words = ""


@dataclass(frozen=True)
class HostFile:
    """A file that may be downloaded from a host. `size` in bytes, None where it does not tell."""

    url: str
    filename: str
    size: int | None = None


@dataclass(frozen=True)
class Message:
    """What a host told by a webhook, verified. `subject_key` is a Reference's or an `asset_key`."""

    key: str
    type: str
    subject_keys: Sequence[str]


@dataclass(frozen=True)
class Lesson:
    """A lesson of a course at a host, as the courses of an organization are read from there. It holds no token.

    `playback_key` and `asset_key` name its video where it is stored (`stored_as`); `embedded` is a video at another
    host instead. `order` counts within the course. `duration` in seconds.
    """

    key: str
    title: str
    description: str = ""
    course: str = ""
    chapter: str = ""
    order: int = 0
    playback_key: str = ""
    asset_key: str = ""
    embedded: Reference | None = None
    duration: float | None = None
    is_visible: bool = True
    is_ready: bool = True


class Source(ABC):
    """A host. Whatever it does wrong is raised as SourceError; nothing here knows models, requests or settings."""

    name: ClassVar[str]
    label: ClassVar[str]
    #: The field of Media that holds the key (requirement M1).
    key_field: ClassVar[str]
    #: Where it is not a source of Media of its own: the source that its videos are stored as, known by `key_field`.
    stored_as: ClassVar[str] = ""
    options: ClassVar[Sequence[Option]] = ()
    credentials: ClassVar[Sequence[Credential]] = ()
    tells: ClassVar[Tells] = Tells.SECONDS
    #: Requests in how many seconds, for the whole installation; None: what the host answers decides.
    pace: ClassVar[tuple[int, float] | None] = None
    has_webhooks: ClassVar[bool] = False
    has_lessons: ClassVar[bool] = False

    def pace_with(self, options: Mapping[str, Any]) -> tuple[int, float] | None:
        """`pace`, as the operator has set it."""
        return self.pace

    @abstractmethod
    def recognize(self, address: str) -> Reference | Collection | None:
        """What an address names here; None for another host's. Pure. Raises NotOneVideo."""

    @abstractmethod
    def address(self, reference: Reference) -> str:
        """The one address under which the host shows it to people; `recognize` gives the reference back."""

    @abstractmethod
    def describe(self, reference: Reference, access: Access) -> Description: ...

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        raise SourceError("captions_absent")

    @abstractmethod
    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        """Pure: without the network. `facts` are those of the description."""

    def playback_url(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> tuple[str, float]:
        """Of a playback that `is_asked_for`: an address and for how many seconds it opens. It is never stored."""
        raise SourceError("not_found")

    def items(self, collection: Collection, access: Access) -> Iterator[Reference]:
        """The videos of a list, in its order."""
        raise SourceError("not_found")

    def lessons(self, access: Access, *, known: Container[str] = ()) -> Iterator[Lesson]:
        """The lessons of all courses, each asked for when it is wanted; not those whose key is `known`."""
        raise SourceError("not_found")

    def check(self, access: Access) -> Sequence[Check]:
        """What works with these credentials."""
        return ()

    def offers_file(self, access: Access) -> bool:
        """Whether files can be had at all, as the operator and the organization have set it. Pure."""
        return False

    def file(self, reference: Reference, access: Access) -> HostFile:
        """Where the file itself can be had, where its owner allows that."""
        raise SourceError("not_found")

    def audio(
        self, reference: Reference, access: Access, folder: Path, *, facts: Mapping[str, Any],
        should_stop: Callable[[], bool],
    ) -> Path | None:  # fmt: skip
        """A file of its sound, for speech recognition, where we are entitled to it; None where we are not."""
        return None

    def read_message(self, body: bytes, headers: Mapping[str, str], access: Access, *, now: float) -> Message:
        """A webhook's raw body, verified with the organization's secret. Raises Forged."""
        raise Forged


class Forged(Exception):
    """A message that its host did not send, or not now. ``code``: message_forged, message_stale, message_unreadable."""

    def __init__(self, code: str = "message_forged") -> None:
        super().__init__(code)
        self.code = code
