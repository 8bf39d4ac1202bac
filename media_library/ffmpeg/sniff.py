"""What a file is by its leading bytes: its name and the browser's word for it count for nothing.

The demuxer named here is forced on every later reading, so that a playlist or a script that calls itself
a film never reaches the parts of FFmpeg that open other files or addresses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import MediaError

HEAD_BYTES = 4096
MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ")


@dataclass(frozen=True)
class Container:
    """A file format: our name, FFmpeg's demuxer, the MIME type; `kind` is a hint, the probe decides."""

    name: str
    demuxer: str
    mime_type: str
    kind: str = "video"


MP4 = Container("mp4", "mov", "video/mp4")
QUICKTIME = Container("mov", "mov", "video/quicktime")
M4A = Container("m4a", "mov", "audio/mp4", "audio")
MATROSKA = Container("mkv", "matroska", "video/x-matroska")
WEBM = Container("webm", "matroska", "video/webm")
AVI = Container("avi", "avi", "video/x-msvideo")
MP3 = Container("mp3", "mp3", "audio/mpeg", "audio")
WAV = Container("wav", "wav", "audio/wav", "audio")
FLAC = Container("flac", "flac", "audio/flac", "audio")
OGG = Container("ogg", "ogg", "audio/ogg", "audio")

# Recordings that this product does not take: the creator is told to export, not that it is no recording.
REFUSED_MEDIA = (
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # Windows Media
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\xff\xf0",  # raw AAC, four spellings
    b"\xff\xf1",
    b"\xff\xf8",
    b"\xff\xf9",
    b"#!AMR",
    b".RMF",
    b"caff",
)


def sniff(path: Path) -> Container:
    """The container of a file, by content.

    Raises MediaError: empty_file, not_media (text, playlists, archives, pictures), unsupported_format.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise MediaError("empty_file")
    for recognize in RECOGNIZERS:
        if container := recognize(head):
            return container
    is_refused = head.startswith(REFUSED_MEDIA) or head[8:12] in (b"AIFF", b"AIFC") or is_transport_stream(head)
    raise MediaError("unsupported_format" if is_refused else "not_media", detail=f"begins with {head[:16]!r}")


def is_transport_stream(head: bytes) -> bool:
    """MPEG-TS is refused: the embedded FFmpeg (7.0.2, static) crashes on every one."""
    return head[: 188 * 5 : 188] == b"\x47" * 5


def mp4(head: bytes) -> Container | None:
    if head[4:8] not in MP4_BOXES:
        return None
    brand = head[8:12] if head[4:8] == b"ftyp" else b"qt  "
    if brand in PICTURE_BRANDS:
        raise MediaError("not_media", detail=f"a still picture of brand {brand!r}")
    if brand in AUDIO_BRANDS:
        return M4A
    return QUICKTIME if brand == b"qt  " else MP4


def matroska(head: bytes) -> Container | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    return WEBM if b"webm" in head[:64] else MATROSKA


def riff(head: bytes) -> Container | None:
    if head[:4] not in (b"RIFF", b"RF64"):
        return None
    return {b"AVI ": AVI, b"WAVE": WAV}.get(head[8:12])


def signature(head: bytes) -> Container | None:
    return {b"fLaC": FLAC, b"OggS": OGG}.get(head[:4])


def mp3(head: bytes) -> Container | None:
    """An ID3 tag, or the eleven sync bits of a frame header whose layer, bit rate and sample rate exist."""
    if head.startswith(b"ID3"):
        return MP3
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    is_layer_three = head[1] & 0x06 == 0x02
    has_rates = head[2] & 0xF0 not in (0x00, 0xF0) and head[2] & 0x0C != 0x0C
    return MP3 if is_layer_three and has_rates else None


RECOGNIZERS: tuple[Callable[[bytes], Container | None], ...] = (mp4, matroska, riff, signature, mp3)
