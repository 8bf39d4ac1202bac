"""Frames as a zip with a manifest, written while it is sent: no picture is in memory longer than it is read."""

import io
import json
import zipfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.errors import Refused
from core.tenancy import scoped_stream
from media_library.frames.annotating import region_of
from media_library.models import Frame
from media_library.wording import clock_time

MOST_EXPORTED = 5000  # frames
MANIFEST = "manifest.json"
LONGEST_PART = 60  # characters of a name
READABLE = 0o100644 << 16
CHUNK = 1 << 16  # bytes


@dataclass(frozen=True)
class Picture:
    """A frame to go along: under which name, and what the manifest says of it."""

    name: str
    path: str
    told: dict[str, Any]


def export_frames(frames: QuerySet[Frame], *, name: str) -> StreamingHttpResponse:
    """A zip to download; `name` without an extension. Raises Refused: nothing_chosen, too_many_frames."""
    pictures = pictures_of(frames)
    headers = {"Content-Disposition": f'attachment; filename="{tame(name, otherwise="frames")}.zip"'}
    return StreamingHttpResponse(
        scoped_stream(zip_of(pictures)),
        content_type="application/zip",
        headers={**headers, "Cache-Control": "no-store"},
    )


def pictures_of(frames: QuerySet[Frame]) -> list[Picture]:
    """In the order given, under tame names of which each stands once. Raises Refused like `export_frames`."""
    found = list(frames.select_related("batch__project", "media").defer("media__description")[: MOST_EXPORTED + 1])
    if not found:
        raise Refused("nothing_chosen", _("There are no frames to export."), fields={"frames": [_("None is named.")]})
    if len(found) > MOST_EXPORTED:
        words = _("At most %(most)d frames go into one file. Please export batch by batch.") % {"most": MOST_EXPORTED}
        raise Refused("too_many_frames", words, fields={"frames": [words]})
    taken: set[str] = set()
    return [Picture(name := _name(frame, taken), frame.path, _told(frame, name)) for frame in found]


def zip_of(pictures: Iterable[Picture]) -> Iterator[bytes]:
    """What is gone from the storage by now is told in the manifest, which comes last."""
    outlet = _Outlet()
    told: list[dict[str, Any]] = []
    missing: list[dict[str, Any]] = []
    with zipfile.ZipFile(cast(IO[bytes], outlet), "w", zipfile.ZIP_STORED) as archive:
        for picture in pictures:
            is_there = yield from _sent(archive, outlet, picture)
            (told if is_there else missing).append(picture.told)
        manifest = {"exported_at": timezone.now().isoformat(), "frames": told, "missing": missing}
        archive.writestr(_entry(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        yield outlet.take()
    yield outlet.take()


def tame(text: str, *, otherwise: str) -> str:
    """Letters, digits and hyphens: a name that every system takes, and no header or path stumbles over."""
    return slugify(text)[:LONGEST_PART].strip("-") or otherwise


def _sent(archive: zipfile.ZipFile, outlet: "_Outlet", picture: Picture) -> Generator[bytes, None, bool]:
    """One file. Answers whether it was there."""
    try:
        source = default_storage.open(picture.path)
    except FileNotFoundError:
        return False
    with source, archive.open(_entry(picture.name), "w") as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)
            yield outlet.take()
    return True


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, timezone.now().timetuple()[:6])
    info.external_attr, info.create_system = READABLE, 3
    return info


def _name(frame: Frame, taken: set[str]) -> str:
    """`batch/media/00-12-40.jpg`, with a number where that is taken."""
    folder = f"{tame(frame.batch.name, otherwise='batch')}/{tame(frame.media.title, otherwise='media')}"
    stem = f"{folder}/{_clock(frame.second)}"
    name, number = f"{stem}.jpg", 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}.jpg"
    taken.add(name)
    return name


def _clock(second: float) -> str:
    minutes, rest = divmod(int(second), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}-{minutes:02}-{rest:02}"


def _told(frame: Frame, name: str) -> dict[str, Any]:
    """Seconds; the region in parts of the picture, 0–1, or null."""
    region = region_of(frame)
    return {
        "file": name,
        "id": str(frame.pk),
        "media": {"id": str(frame.media_id), "title": frame.media.title},
        "second": frame.second,
        "time": clock_time(frame.second),
        "batch": {"id": str(frame.batch_id), "name": frame.batch.name},
        "project": {"id": str(frame.batch.project_id), "title": frame.batch.project.title},
        "width": frame.width,
        "height": frame.height,
        "annotation": frame.annotation,
        "region": region and {key: getattr(region, key) for key in ("left", "top", "width", "height")},
    }


class _Outlet(io.RawIOBase):
    """What a ZipFile writes to: it gives back what was written since it was asked last."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any) -> int:
        self._chunks.append(bytes(chunk))
        return len(chunk)

    def take(self) -> bytes:
        written = b"".join(self._chunks)
        self._chunks.clear()
        return written
