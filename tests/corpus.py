"""Files that nobody should be able to hurt us with, made on the spot: cut, flipped, disguised, bombs.

`build(folder, port=…)` makes them all. Those that try to read a file or to reach an address try it with the canary in
`folder` and with that port of this machine.
"""

import struct
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
PICTURE = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=12"]
SOUND = ["-f", "lavfi", "-i", "sine=d=12"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-c:a", "aac"]
PLAYS = ""  # the code of a file that is damaged and yet plays


@dataclass(frozen=True)
class Bad:
    """A file, and the code that its inspection ends with."""

    path: Path
    code: str

    @property
    def name(self) -> str:
        return self.path.name


def build(folder: Path, *, port: int) -> list[Bad]:
    """All of them, in `folder`; takes about ten seconds."""
    canary = folder / "canary.txt"
    canary.write_text("canary-of-the-corpus")
    good = Good(folder / "good")
    makers = (cut(good), flipped(good), disguised(folder), reaching(canary, port), bombs(good), odd(good))
    files = folder / "bad"
    files.mkdir()
    made = [(files / name, content, code) for maker in makers for name, content, code in maker]
    for path, content, _ in made:
        path.write_bytes(content)
    return [Bad(path, code) for path, _, code in made]


Made = Iterator[tuple[str, bytes, str]]


class Good:
    """Sound recordings of twelve seconds, made when first asked for."""

    OPTIONS = {
        "mp4": [*PICTURE, *SOUND, *H264],
        "fast.mp4": [*PICTURE, *SOUND, *H264, "-movflags", "faststart"],
        "mov": [*PICTURE, *SOUND, *H264],
        "mkv": [*PICTURE, *SOUND, *H264],
        "webm": [*PICTURE, *SOUND, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"],
        "avi": [*PICTURE, *SOUND, "-c:v", "mpeg4", "-c:a", "libmp3lame"],
        "mp3": [*SOUND],
        "m4a": [*SOUND],
        "wav": [*SOUND],
        "flac": [*SOUND],
        "ogg": [*SOUND, "-c:a", "libvorbis"],
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def __getitem__(self, name: str) -> bytes:
        path = self.folder / f"good.{name}"
        return path.read_bytes() if path.exists() else self.make(path.name, *self.OPTIONS[name])

    def make(self, name: str, *options: str) -> bytes:
        path = self.folder / name
        subprocess.run([FFMPEG, "-v", "error", "-y", *options, str(path)], check=True, stdin=subprocess.DEVNULL)
        return path.read_bytes()


#: What a recording cut after so many percent of its bytes comes to.
CUTS = {
    "mp4": {10: "truncated", 50: "truncated", 90: "truncated"},
    "fast.mp4": {10: "truncated", 50: "truncated", 90: "truncated"},
    "mov": {10: "truncated", 50: "truncated", 90: "truncated"},
    "mkv": {10: "truncated", 50: "truncated", 90: "truncated"},
    "webm": {10: "truncated", 50: "truncated", 90: "truncated"},
    "avi": {10: "truncated", 50: "truncated", 90: "truncated"},
    "mp3": {10: "truncated", 50: "truncated"},
    "m4a": {10: "truncated", 50: "truncated", 90: "truncated"},
    "wav": {10: "truncated", 50: "truncated", 90: "truncated"},
    "flac": {10: "truncated", 50: "truncated"},
    "ogg": {50: PLAYS},  # an Ogg file promises no length
}


def cut(good: Good) -> Made:
    for name, codes in CUTS.items():
        for percent, code in codes.items():
            whole = good[name]
            yield f"cut-{percent}-{name}", whole[: len(whole) * percent // 100], code


def flipped(good: Good) -> Made:
    """Bits turned over: every 40th byte of the first kilobyte, and every 997th of all of it."""
    for name, head, all_over in (
        ("mp4", "not_media", "truncated"), ("fast.mp4", "not_media", "truncated"), ("mkv", "unsupported_format", PLAYS),
        ("webm", "unsupported_format", "no_frames"), ("avi", PLAYS, PLAYS), ("mp3", PLAYS, PLAYS),
        ("flac", "unsupported_format", PLAYS), ("ogg", "unsupported_format", "unsupported_format"),
    ):  # fmt: skip
        whole = bytearray(good[name])
        for place in range(4, 1024, 40):
            whole[place] ^= 0xFF
        yield f"flipped-head-{name}", bytes(whole), head
        whole = bytearray(good[name])
        for place in range(1500, len(whole), 997):
            whole[place] ^= 0x10
        yield f"flipped-{name}", bytes(whole), all_over


def disguised(folder: Path) -> Made:
    """Something else, by the name of a recording."""
    yield "empty.mp4", b"", "empty_file"
    yield "one-byte.mp4", b"\0", "not_media"
    yield "zeros.mp4", bytes(10_000), "not_media"
    yield "text.mp4", b"This is a letter to my aunt.\n" * 50, "not_media"
    yield "page.webm", b"<!doctype html><script>alert(1)</script>", "not_media"
    yield "drawing.mov", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_media"
    yield "paper.mkv", b"%PDF-1.7\n1 0 obj\n", "not_media"
    yield "program.avi", b"\x7fELF\x02\x01\x01" + bytes(200), "not_media"
    yield "picture.mp4", b"\x89PNG\r\n\x1a\n" + bytes(200), "not_media"
    yield "photo.mp4", struct.pack(">I4s4sI4s", 20, b"ftyp", b"heic", 0, b"mif1") + bytes(200), "not_media"
    yield "archive.mp4", _zip_bomb(folder), "not_media"
    yield "script.mp3", b"#!/bin/sh\nrm -rf /\n", "not_media"
    yield "captions.mp4", b"WEBVTT\n\n00:00.000 --> 00:01.000\nwords\n", "not_media"
    yield "flash.mp4", b"FLV\x01\x05" + bytes(300), "unsupported_format"
    yield "stream.mp4", (b"\x47\x40\x00\x10" + bytes(184)) * 20, "unsupported_format"


def _zip_bomb(folder: Path) -> bytes:
    """A hundred megabytes of nothing in a hundred kilobytes."""
    path = folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(100_000_000))
    return path.read_bytes()


def reaching(canary: Path, port: int) -> Made:
    """Playlists, lists and references that name a file of ours and an address."""
    address = f"http://127.0.0.1:{port}/"
    entries = f"#EXTINF:10.0,\n{address}\n#EXTINF:10.0,\nfile://{canary}\n"
    playlist = f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n{entries}#EXT-X-ENDLIST\n"
    concat = f"ffconcat version 1.0\nfile file:{canary}\nfile {address}\n"
    dash = f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{address}</BaseURL></MPD>'
    sdp = f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n"
    for name, text in (("playlist", playlist), ("concat", concat), ("dash", dash), ("sdp", sdp)):
        yield f"{name}.mp4", text.encode(), "not_media"
    for name in ("playlist.avi", "playlist.mkv", "playlist.mp3", "playlist.wav"):
        yield name, playlist.encode(), "not_media"
    yield "after-a-mark.mp3", b"\xef\xbb\xbf" + playlist.encode(), "not_media"
    yield "behind-a-tag.mp3", _id3(playlist.encode()) + playlist.encode(), "unsupported_format"
    yield "behind-ftyp.mp4", struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + playlist.encode(), "truncated"
    yield "in-riff.avi", _gab2(playlist.encode()), "no_streams"
    yield "reference.mov", _movie_that_points_to(str(canary)), "no_streams"


def _id3(text: bytes) -> bytes:
    size = len(text)
    return b"ID3\x04\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127]) + text


def _gab2(playlist: bytes) -> bytes:
    """An AVI whose subtitle track holds a playlist: how FFmpeg was made to read files in 2017."""
    subtitles = b"GAB2\0\2\0" + struct.pack("<I", 0) + struct.pack("<HI", 4, len(playlist)) + playlist
    header = b"strh" + struct.pack("<I4s52x", 56, b"txts")
    stream = b"LIST" + struct.pack("<I4s", 4 + len(header) + 8, b"strl") + header + b"strf" + struct.pack("<I", 0)
    movie = b"LIST" + struct.pack("<I4s", 4 + 8 + len(subtitles), b"movi")
    movie += b"00tx" + struct.pack("<I", len(subtitles)) + subtitles
    main = b"avih" + struct.pack("<I56x", 56)
    headers = b"LIST" + struct.pack("<I4s", 4 + len(main) + len(stream), b"hdrl") + main + stream
    body = b"AVI " + headers + movie
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _movie_that_points_to(path: str) -> bytes:
    """A QuickTime movie whose data lies "in another file"."""
    url = b"\0\0\0\0file://" + path.encode() + b"\0"
    reference = _box(b"dref", struct.pack(">II", 0, 1) + _box(b"url ", url))
    track = _box(b"trak", _box(b"mdia", _box(b"minf", _box(b"dinf", reference))))
    return _box(b"ftyp", b"qt  \0\0\0\0qt  ") + _box(b"moov", track)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def bombs(good: Good) -> Made:
    """Small files that promise a lot of work."""
    for name, size in (("wide.mkv", "8400x64"), ("tall.mkv", "64x8400")):
        picture = good.make(name, "-f", "lavfi", "-i", f"color=s={size}:d=0.2", "-c:v", "mjpeg")
        yield name, picture, "too_large_picture"
    yield "promised-huge.mkv", _promising(good["mkv"], width=60_000, height=60_000), PLAYS
    fast = good.make("fast.mkv", "-f", "lavfi", "-i", "color=s=64x64:r=1000:d=1", *H264)
    yield "thousand-frames.mkv", fast, "too_many_frames"
    slow = good.make("slow.mp4", "-f", "lavfi", "-i", "color=s=64x64:r=1/600:d=50000", *H264)
    yield "fourteen-hours.mp4", slow, "too_long"
    many = [part for _ in range(70) for part in ("-map", "0:a")]
    yield "seventy-streams.mkv", good.make("many.mkv", *SOUND, *many, "-c:a", "flac", "-t", "0.2"), "too_many_streams"
    yield (
        "one-pixel.mkv",
        good.make("pixel.mkv", "-f", "lavfi", "-i", "color=s=2x2:d=0.5,scale=1:1", "-c:v", "ffv1"),
        PLAYS,
    )


def _promising(film: bytes, *, width: int, height: int) -> bytes:
    """A Matroska file whose header names another size of picture."""
    size = {b"\xb0": (320, width), b"\xba": (180, height)}
    for element, (was, now) in size.items():
        written = element + b"\x82" + struct.pack(">H", was) if was > 255 else element + b"\x81" + bytes([was])
        wanted = element + b"\x82" + struct.pack(">H", now)
        film = film.replace(written, wanted if len(wanted) == len(written) else element + b"\x81\xff", 1)
    return film


def odd(good: Good) -> Made:
    """Correct in form, and nothing to play."""
    key = ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "0" * 31 + "1", "-encryption_kid", "0" * 31 + "2"]
    yield "encrypted.mp4", good.make("encrypted.mp4", *PICTURE, *H264, *key), "encrypted"
    subtitles = good.folder / "words.srt"
    subtitles.write_text("1\n00:00:00,000 --> 00:00:01,000\nwords\n")
    yield "only-words.mkv", good.make("words.mkv", "-i", str(subtitles), "-c:s", "srt"), "no_streams"
    yield "no-index.mp4", _box(b"ftyp", b"isom\0\0\0\0isom") + _box(b"mdat", bytes(5000)), "truncated"
    yield "only-index.mp4", good["fast.mp4"][: good["fast.mp4"].index(b"mdat") - 4], "no_frames"
    yield "no-frames-per-second.mkv", good.make("still.mkv", *PICTURE, *H264, "-frames:v", "1"), PLAYS
    yield "ends-in-rubbish.mp4", good["mp4"] + bytes(range(256)) * 40, PLAYS
    yield "twice.mp3", good["mp3"] + good["mp3"], PLAYS
    yield "tag-only.mp3", _id3(bytes(4000)), "unsupported_format"
