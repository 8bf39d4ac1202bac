"""Words that somebody gives for a media item that is here already: a file, a text, or timed lines."""

from collections.abc import Sequence
from typing import Any

from core.errors import Refused
from media_library.captions import MAX_FILE_BYTES, TimedText
from media_library.models import Media, Transcript
from media_library.parts import Line
from media_library.services.caption_language import checked_language, language_of, usual_language
from media_library.services.corrections import usable_cues
from media_library.services.sidecars import read_captions, read_cues
from media_library.services.transcripts import replace_transcript


def give_file(media: Media, file: Line, *, filename: str = "", language: str = "", by: Any) -> Transcript:
    """A WebVTT or SubRip file. Raises Refused with the code of a CaptionError, or invalid_language."""
    given = read_captions(file, filename=filename, language=language)
    return replace_transcript(media, given.cues, language=given.language, by=by)


def give_text(media: Media, text: str, *, language: str = "", by: Any) -> Transcript:
    """The text of such a file. Raises Refused like `give_file`."""
    if len(text) > MAX_FILE_BYTES:
        raise Refused("captions_too_large", "This text is too long.", fields={"text": ["This text is too long."]})
    cues = read_cues(text, field="text")
    return replace_transcript(media, cues, language=language_of(text, given=language), by=by)


def give_cues(media: Media, cues: Sequence[TimedText], *, language: str = "", by: Any) -> Transcript:
    """Raises Refused: invalid, invalid_language, captions_empty."""
    chosen = checked_language(language) or (media.transcript.language if media.transcript else usual_language())
    return replace_transcript(media, usable_cues(cues) if cues else [], language=chosen, by=by)
