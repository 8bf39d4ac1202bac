"""A transcript as a file to be saved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.http import content_disposition_header

from media_library.captions import TimedText, to_srt, to_text, to_webvtt


@dataclass(frozen=True)
class Kind:
    """`type` is the media type, `label` for people."""

    type: str
    label: str
    write: Callable[[Sequence[TimedText]], str]


@dataclass(frozen=True)
class File:
    content: str
    type: str
    disposition: str


FILES = {
    "vtt": Kind("text/vtt", "WebVTT", lambda cues: to_webvtt(cues, wraps=True)),
    "srt": Kind("application/x-subrip", "SubRip", to_srt),
    "txt": Kind("text/plain", "Text", to_text),
}


def file_of(cues: Sequence[TimedText], kind: str, *, title: str, language: str) -> File:
    """Named like the media item, with the language, so that it is recognized when it is given back."""
    chosen = FILES[kind]
    disposition = content_disposition_header(True, f"{title}.{language}.{kind}")
    return File(chosen.write(cues), chosen.type, disposition or "attachment")
