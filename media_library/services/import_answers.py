"""What becomes of each row of an import, as far as that can be said without asking a host. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from media_library.importing import Row
from media_library.importing.rows import BadRow
from media_library.models import Media, Publication, RowState, Source
from media_library.services.describing import is_opened_by
from media_library.sources import SOURCES, Collection, NotOneVideo, Reference, labels, recognize

FILE_ENDINGS = frozenset({
    ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mp3", ".m4a", ".wav", ".flac", ".ogg", ".oga", ".opus", ".m3u8",
    ".mpd", ".vtt", ".srt",
})  # fmt: skip

Place = tuple[str, str, str]  # source, field and key under which Media is found


@dataclass(frozen=True)
class Answer:
    """`state` is what a row ends in, as far as nobody needs to be asked; `media` what is here already.

    `waits`: there is work to do before it ends.
    """

    row: Row
    state: RowState
    code: str = ""
    message: str = ""
    media: Media | None = None
    waits: bool = False


def answers_to(rows: Sequence[Row]) -> list[Answer]:
    """One for each row, in a number of statements that does not grow with them."""
    named = [_named(row) for row in rows]
    here = media_at(one for one in named if isinstance(one, Reference))
    seen: set[Reference | Collection] = set()
    return [_answer(row, one, here, seen) for row, one in zip(rows, named, strict=True)]


def named_by(address: str) -> Reference | Collection:
    """The video or list that an address names. Raises BadRow."""
    if not address:
        raise BadRow("no_address")
    try:
        found = recognize(address)
    except NotOneVideo as error:
        raise BadRow("not_one_video", str(error.hint)) from error
    if found is None:
        raise _unknown(address)
    return found


def media_at(references: Iterable[Reference]) -> dict[Place, Media]:
    """What the library has of these, archived or not, also where its file was brought here. One statement each host."""
    keys: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, field, key in map(place_of, references):
        keys[source, field].add(key)
    return {
        (source, field, getattr(media, field)): media
        for (source, field), wanted in keys.items()
        for media in Media.objects.filter(source__in=(source, Source.UPLOAD), **{f"{field}__in": wanted}).for_list()
    }


def place_of(reference: Reference) -> Place:
    host = SOURCES[reference.source]
    return host.stored_as or host.name, host.key_field, reference.key


def words_for_here(media: Media, named: Reference | Collection) -> tuple[str, str]:
    """Code and sentences of what the library has already."""
    if media.publication == Publication.ARCHIVED:
        code, words = "archived", _("“%(title)s” is here and archived. Restore it to use it again.")
    else:
        code, words = "already_here", _("The library has it already, as “%(title)s”.")
    return code, _sentences(words % {"title": media}, _words_for_list(named))


def _named(row: Row) -> Reference | Collection | BadRow:
    if row.code:
        return BadRow(row.code, row.message)
    try:
        return named_by(row.address)
    except BadRow as problem:
        return problem


def _answer(
    row: Row, named: Reference | Collection | BadRow, here: dict[Place, Media], seen: set[Reference | Collection]
) -> Answer:
    if isinstance(named, BadRow):
        return Answer(row, RowState.REFUSED, named.code, named.message)
    same = Collection(named.source, named.key) if isinstance(named, Collection) else Reference(named.source, named.key)
    is_first = same not in seen
    seen.add(same)
    if isinstance(named, Reference) and (media := here.get(place_of(named))):
        return Answer(row, RowState.HERE, *words_for_here(media, named), media, waits=is_opened_by(media, named))
    if not is_first:
        words = _("It stands in this import more than once.")
        return Answer(row, RowState.HERE, "twice", words, waits=isinstance(named, Reference))
    return _new(row, named)


def _new(row: Row, named: Reference | Collection) -> Answer:
    if isinstance(named, Collection):
        words = _("A list at %(host)s. It is asked for its videos when it is imported.")
        return Answer(row, RowState.LISTED, "", words % {"host": SOURCES[named.source].label}, waits=True)
    return Answer(row, RowState.ADDED, "", note_on(named, row.facts), waits=True)


def note_on(named: Reference | Collection, facts: Any) -> str:
    """What of a row is not used, though the row is."""
    return _sentences(_words_for_picture(facts), _words_for_list(named))


def picture_address(facts: Any) -> str:
    told = facts.get("thumbnail", "")
    return told if told.lower().startswith(("https://", "http://")) else ""


def _words_for_picture(facts: Any) -> str:
    if picture_address(facts) == facts.get("thumbnail", ""):
        return ""
    return _("Its picture is no address on the web: that of its host is taken.")


def _words_for_list(named: Reference | Collection) -> str:
    if isinstance(named, Reference) and named.collection:
        return _("It also names a playlist: paste the playlist's own address to bring in all of it.")
    return ""


def _sentences(*words: str) -> str:
    return " ".join(filter(None, words))


def _unknown(address: str) -> BadRow:
    try:
        path = urlsplit(address).path
    except ValueError:
        path = ""
    if PurePosixPath(path).suffix.lower() in FILE_ENDINGS:
        return BadRow("a_file")
    return BadRow("unknown_address", hosts=", ".join(labels()))
