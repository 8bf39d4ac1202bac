"""Why a recording cannot be used: one code for programs, one sentence for creators, one detail for operators."""

from dataclasses import dataclass

DETAIL_BYTES = 8_000


@dataclass(frozen=True)
class Cause:
    """What a code says to the creator, and whether trying again with the same file can help."""

    message: str
    permanent: bool = True


CAUSES: dict[str, Cause] = {
    "empty_file": Cause("The file is empty. Please upload it again."),
    "file_too_large": Cause("The file is larger than allowed."),
    "not_media": Cause("This file is not a video or an audio recording, whatever its name says."),
    "unsupported_format": Cause(
        "This kind of recording cannot be read. "
        "Please export it as MP4, MOV, MKV, WebM, AVI, MP3, M4A, WAV, FLAC or Ogg."
    ),
    "truncated": Cause("The recording ends too early or is damaged: a part is missing. Please upload it again."),
    "no_streams": Cause("The file holds neither pictures nor sound."),
    "no_frames": Cause("The file announces pictures or sound, but nothing in it can be played."),
    "encrypted": Cause("The recording is protected (encrypted). Please export it without protection."),
    "too_many_streams": Cause("The file holds more tracks than allowed. Please export it with those that are needed."),
    "too_long": Cause("The recording is longer than allowed."),
    "too_large_picture": Cause("The picture has more pixels than allowed."),
    "too_many_frames": Cause("The video has more pictures per second than allowed."),
    "not_a_picture": Cause("This file is not a picture that can be read. Please use JPEG, PNG or WebP."),
    "transcode_failed": Cause("The recording could not be converted.", permanent=False),
    "stalled": Cause("The conversion stopped moving and was ended.", permanent=False),
    "timed_out": Cause("The work on this recording took too long and was ended.", permanent=False),
    "no_space": Cause("There was no room left on the disk. It will be tried again.", permanent=False),
    "cancelled": Cause("The work on this recording was cancelled."),
}


class MediaError(Exception):
    """A recording that cannot be used, or work on it that did not succeed.

    `code` is a key of CAUSES, `message` a sentence for the creator, `detail` at most 8 kB for operators,
    `permanent` whether the same file would fail again, `exit_code` that of the program that failed, if one did.
    """

    def __init__(self, code: str, *, message: str = "", detail: str = "", exit_code: int | None = None) -> None:
        cause = CAUSES[code]
        self.code = code
        self.message = message or cause.message
        self.detail = bounded(detail)
        self.permanent = cause.permanent
        self.exit_code = exit_code
        super().__init__(f"{code}: {self.message}")


def bounded(text: str) -> str:
    """The last 8 kB of a text, where programs say why they gave up."""
    return text.encode(errors="replace")[-DETAIL_BYTES:].decode(errors="ignore")
