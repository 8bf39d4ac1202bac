"""Noting what is to be seen on a frame, and where on it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from media_library.frames.outcome import Outcome, refuse_too_many
from media_library.models import Frame

ANNOTATION_CHARACTERS = 2000
SMALLEST_REGION = 0.005  # part of a side: less cannot be seen
PLACES = 4  # of the parts that are kept: a tenth of a pixel
ANNOTATION = ["annotation", "left", "top", "region_width", "region_height", "annotated_by", "annotated_at"]


class Kept(Enum):
    """Stands for whatever is there already."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT


@dataclass(frozen=True)
class Region:
    """A rectangle on a picture, in parts of its width and height, 0–1."""

    left: float
    top: float
    width: float
    height: float

    @property
    def percent(self) -> "Region":
        """The same in percent, for fields in which it is typed."""
        return Region(*(round(100 * part, 2) for part in (self.left, self.top, self.width, self.height)))


def region_of(frame: Frame) -> Region | None:
    left, top, width, height = frame.left, frame.top, frame.region_width, frame.region_height
    if left is None or top is None or width is None or height is None:
        return None
    return Region(left, top, width, height)


def version_of(frame: Frame) -> str:
    """What tells two states of the annotation apart; empty for none."""
    return frame.annotated_at.isoformat() if frame.annotated_at else ""


@transaction.atomic
def annotate_frame(
    frame: Frame, *, annotation: str | Kept = KEPT, region: Region | Kept | None = KEPT, by: Any,
    version: str | None = None,
) -> Frame:  # fmt: skip
    """Write the text and the region, in the place of those before; both empty takes the annotation away.

    What is not given stays as it is by then, whoever wrote it. With a `version`, what somebody else wrote since is not
    written over. Where nothing changes, nobody wrote. Raises Refused: too_long, region_outside, region_too_small,
    unknown_version, annotated_meanwhile (409), frame_gone (404).
    """
    words = annotation if annotation is KEPT else _tidy(annotation)
    placed = region if region is KEPT or region is None else _inside(region)
    held = _lock(frame)
    if version is not None and version != version_of(held):
        raise _annotated_meanwhile(held) if _was_before(version, held) else _unknown_version()
    words = held.annotation if words is KEPT else words
    _write(held, words, region_of(held) if placed is KEPT else placed, by=by)
    return held


@transaction.atomic
def annotate_frames(keys: Iterable[UUID], *, annotation: str, by: Any) -> Outcome:
    """The same text on each of many; the region of each stays. What reads so already is kept.

    Raises Refused: too_long, nothing_chosen, too_many_at_once.
    """
    named, words = refuse_too_many(keys), _tidy(annotation)
    held = Frame.objects.select_for_update(of=("self",)).filter(pk__in=named).order_by("pk").in_bulk()
    written = {key for key, frame in held.items() if _write(frame, words, region_of(frame), by=by)}
    return Outcome(
        done=[key for key in named if key in written],
        kept=[key for key in named if key in held.keys() - written],
        gone=[key for key in named if key not in held],
    )


def _write(frame: Frame, words: str, region: Region | None, *, by: Any) -> bool:
    """Answers whether anything changed."""
    if (words, region) == (frame.annotation, region_of(frame)):
        return False
    frame.annotation = words
    frame.left, frame.top = (region.left, region.top) if region else (None, None)
    frame.region_width, frame.region_height = (region.width, region.height) if region else (None, None)
    frame.annotated_by, frame.annotated_at = by, timezone.now()
    frame.save(update_fields=ANNOTATION)
    announce("frame_annotated", frame)
    return True


def _tidy(annotation: str) -> str:
    words = annotation.replace("\r\n", "\n").replace("\0", "").strip()
    if len(words) > ANNOTATION_CHARACTERS:
        told = _("At most %(most)d characters, please.") % {"most": ANNOTATION_CHARACTERS}
        raise Refused("too_long", told, fields={"annotation": [told]})
    return words


def _inside(region: Region) -> Region:
    """As it is kept. What reaches over an edge by less than can be seen ends there."""
    left, top, width, height = (round(part, PLACES) for part in _finite(region))
    reach = 1 + 10**-PLACES
    if min(left, top, width, height) < 0 or left + width > reach or top + height > reach:
        raise _outside()
    if min(width, height) < SMALLEST_REGION:
        words = _("The region is too small to be seen.")
        raise Refused("region_too_small", words, fields={"region": [words]})
    return Region(left, top, min(width, round(1 - left, PLACES)), min(height, round(1 - top, PLACES)))


def _finite(region: Region) -> tuple[float, float, float, float]:
    parts = (region.left, region.top, region.width, region.height)
    if not all(math.isfinite(part) for part in parts):
        raise _outside()
    return parts


def _outside() -> Refused:
    words = _("The region must lie inside the picture.")
    return Refused("region_outside", words, fields={"region": [words]})


def _lock(frame: Frame) -> Frame:
    held: Frame | None = Frame.objects.select_for_update(of=("self",)).filter(pk=frame.pk).first()
    if held is None:
        raise Refused("frame_gone", _("This frame is gone."), status=404)
    return held


def _was_before(version: str, held: Frame) -> bool:
    """Whether the annotation can have been at this version: every earlier state was written at an earlier time."""
    try:
        written_at = datetime.fromisoformat(version) if version else None
        return held.annotated_at is not None and (written_at is None or written_at < held.annotated_at)
    except (TypeError, ValueError):  # no time, or one of nowhere
        return False


def _unknown_version() -> Refused:
    words = _("This annotation has never had this version. Please read the frame once more.")
    return Refused("unknown_version", words, fields={"version": [words]})


def _annotated_meanwhile(held: Frame) -> Refused:
    words = _("%(person)s wrote something else here meanwhile: “%(annotation)s”. Save again to put yours in its place.")
    told = {"person": held.annotated_by or _("Somebody"), "annotation": held.annotation or _("nothing")}
    return Refused("annotated_meanwhile", words % told, status=409)
