"""Captions: WebVTT and SubRip become timed text, and timed text becomes files again."""

from media_library.captions.reading import decode, parse, piece_clock, tidy
from media_library.captions.text import (
    MAX_CUE_CHARACTERS,
    MAX_CUES,
    MAX_FILE_BYTES,
    MAX_SECONDS,
    CaptionError,
    TimedText,
    plain_text,
)
from media_library.captions.writing import language_told, to_srt, to_text, to_webvtt

__all__ = [
    "MAX_CUES",
    "MAX_CUE_CHARACTERS",
    "MAX_FILE_BYTES",
    "MAX_SECONDS",
    "CaptionError",
    "TimedText",
    "decode",
    "language_told",
    "parse",
    "piece_clock",
    "plain_text",
    "tidy",
    "to_srt",
    "to_text",
    "to_webvtt",
]
