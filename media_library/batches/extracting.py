"""Frames are asked for: how many there will be is told before, and held free until they are made."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.jobs import cancel_job, enqueue
from core.models import Job
from core.models.job import LIVE_STATES, JobState
from core.tenancy import current_organization_id
from media_library.batches.batches import fill_batch
from media_library.models import ExtractionMode, Frame, FrameExtraction, Media, UploadBatch
from media_library.services.ceiling import refuse_over_ceiling
from media_library.services.steps import refuse_archived
from media_library.wording import words_for_exact_seconds

MOST_FRAMES = 100  # in a batch
SHORTEST_INTERVAL = 0.1  # seconds
LONGEST_INTERVAL = 24 * 3600  # seconds
FRAME_BYTES = 150_000  # about, at 1280x720
EXACT = 6  # decimals that a quotient is looked at with: beyond them is but the error of floating point
STOPPED_STATES = (*LIVE_STATES, JobState.CANCELLED)  # one that runs ends within moments
KIND, MOMENT_KIND = "extract_frames", "take_frame"


@dataclass(frozen=True)
class Asked:
    """Which frames of a media item: `interval` seconds from one to the next, or `at` one second."""

    mode: ExtractionMode
    interval: float | None = None
    at: float | None = None


@dataclass(frozen=True)
class Estimate:
    """At most `most` frames come of it, `there` have their second in the batch already, and `left` it takes still."""

    most: int
    there: int
    left: int

    @property
    def words(self) -> str:
        if not self.most:
            told = ngettext("The batch has this frame already.", "The batch has all %(there)d already.", self.there)
            return told % {"there": self.there}
        most = ngettext("At most %(most)d frame;", "At most %(most)d frames;", self.most) % {"most": self.most}
        told = _("%(most)s the batch takes %(left)d more.") % {"most": most, "left": self.left}
        already = ngettext("%(there)d is there already.", "%(there)d are there already.", self.there)
        return f"{told} {already % {'there': self.there}}" if self.there else told


@dataclass(frozen=True)
class Room:
    """Of a batch: frames that are there, and those that may come still of what is under way."""

    there: int
    coming: int

    @property
    def left(self) -> int:
        return max(0, MOST_FRAMES - self.there - self.coming)

    @property
    def words(self) -> str:
        """A sentence that says how many places are held free; empty where none is."""
        words = ngettext(
            "%(count)d is held free for a frame being taken now.",
            "%(count)d are held free for frames being taken now.",
            self.coming,
        )
        return words % {"count": self.coming} if self.coming else ""


def estimate(media: Media, batch: UploadBatch, asked: Asked) -> Estimate:
    """Told before anything begins.

    Raises Refused: no_frames, not_ready, archived, too_many_frames (409), invalid_interval, outside, invalid_mode.
    """
    refuse_archived(media)
    _refuse_without_film(media)
    room = room_of(batch)
    if asked.mode == ExtractionMode.SCENES:
        wanted, there = room.left, 0
    else:
        wanted, there = _count(media, asked), len(_there(media, batch, asked))
    most = max(0, wanted - there)
    if most > room.left or not wanted:
        raise _too_many(media, asked, most=most, room=room)
    return Estimate(most, there, room.left)


@transaction.atomic
def extract_frames(media: Media, batch: UploadBatch, asked: Asked, *, by: Any) -> FrameExtraction:
    """Put the work in line; of two that together are too many one is refused, however close.

    Where the batch has all of it already there is nothing to do: that is told as skipped.

    Raises Refused like `estimate`, batch_gone and media_gone (404), storage_full (413).
    """
    lock_organization(current_organization_id())  # one reservation after the other, as of uploads
    fill_batch(batch)
    media = _lock_media(media)  # whoever archives it sees the work, or is seen
    foreseen = estimate(media, batch, asked)
    refuse_over_ceiling((foreseen.most + _coming(FrameExtraction.objects.all())) * FRAME_BYTES)
    extraction: FrameExtraction = FrameExtraction.objects.create(
        media=media, batch=batch, mode=asked.mode, interval=asked.interval, at=asked.at, most=foreseen.most,
        skipped=0 if foreseen.most else foreseen.there, created_by=by,
    )  # fmt: skip
    extraction.refresh_from_db()
    if foreseen.most:
        kind = MOMENT_KIND if asked.mode == ExtractionMode.MOMENT else KIND
        enqueue(kind, extraction.pk, key=f"{kind}:{extraction.pk}")
    return extraction


def _lock_media(media: Media) -> Media:
    rows = Media.objects.select_for_update(no_key=True, of=("self",)).select_related("rendition")
    held: Media | None = rows.filter(pk=media.pk).first()
    if held is None:
        raise Refused("media_gone", _("This media is gone."), status=404)
    return held


def stop_extraction(extraction: FrameExtraction, *, by: Any) -> None:
    """Nothing comes of it. Raises Refused: nothing_to_cancel (409)."""
    live = Job.objects.filter(subject_id=extraction.pk, state__in=LIVE_STATES).first()
    if live is None:
        raise _nothing_to_cancel()
    cancel_job(live)  # waits where they are being stored in this very moment
    if live.state not in STOPPED_STATES:
        raise _nothing_to_cancel()


def _nothing_to_cancel() -> Refused:
    return Refused("nothing_to_cancel", _("These frames are not being taken any more."), status=409)


def frames_left(batch: UploadBatch) -> int:
    """How many the batch takes still, those that are being made counted as made."""
    return room_of(batch).left


def room_of(batch: UploadBatch) -> Room:
    there: int = Frame.objects.filter(batch=batch).count()
    return Room(there, _coming(FrameExtraction.objects.filter(batch=batch)))


def _coming(extractions: QuerySet[FrameExtraction]) -> int:
    """So many frames may still come of those that are under way."""
    return extractions.filter(under_way()).aggregate(total=Sum("most"))["total"] or 0


def under_way() -> Exists:
    """For filtering extractions: work on them waits or runs."""
    return Exists(Job.objects.filter(subject_id=OuterRef("pk"), state__in=LIVE_STATES))


@dataclass(frozen=True)
class Progress:
    """How work on an extraction goes, derived from its job; `percent` 0–100, `code` and `message` say what failed."""

    state: str
    percent: int = 0
    code: str = ""
    message: str = ""

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def label(self) -> str:
        return str(JobState(self.state).label)


def progress_of(extractions: list[FrameExtraction]) -> dict[Any, Progress]:
    """By key. Two queries."""
    jobs = Job.objects.filter(subject_id__in=[one.pk for one in extractions])
    newest = {job.subject_id: job for job in jobs.order_by("subject_id", "-id").distinct("subject_id")}
    archived = Media.objects.filter(pk__in={one.media_id for one in extractions}, archived_at__isnull=False)
    times = dict(archived.values_list("pk", "archived_at"))
    return {one.pk: _progress(newest.get(one.pk), archived_at=times.get(one.media_id)) for one in extractions}


def _progress(job: Job | None, *, archived_at: datetime | None) -> Progress:
    """Jobs that ended long ago are forgotten; what is left are those that made something."""
    if job is None:
        return Progress(JobState.SUCCEEDED, 100)
    if job.state == JobState.CANCELLED and archived_at and job.finished_at and job.finished_at >= archived_at:
        words = _("This was stopped, as the film was archived. Ask for its frames again when it is back.")
        return Progress(job.state, int(job.progress), "archived", words)
    percent = 100 if job.state == JobState.SUCCEEDED else int(job.progress)
    return Progress(job.state, percent, job.error_code, job.error_message)


def _refuse_without_film(media: Media) -> None:
    if media.rendition is not None and media.rendition.rungs:
        return
    if media.source_path and media.rendition is None:
        words = _("“%(title)s” is not ready yet: frames are taken of what plays.")
        raise Refused("not_ready", words % {"title": media}, status=409)
    words = _("“%(title)s” has no moving pictures here: frames are taken of uploaded videos.")
    raise Refused("no_frames", words % {"title": media}, status=409)


def _count(media: Media, asked: Asked) -> int:
    if asked.mode == ExtractionMode.EVERY:
        return pictures_every(_valid_interval(asked.interval), duration=_length(media))
    at, length = asked.at, _length(media)
    if at is None or not math.isfinite(at) or not 0 <= at < length:
        words = _("Please give a second of the film: from 0 to less than %(length)s.")
        raise _refusal("outside", words % {"length": words_for_exact_seconds(length)}, field="at")
    return 1


def pictures_every(interval: float, *, duration: float) -> int:
    """So many seconds 0, interval, 2 x interval … lie before the end; what is but rounded above a whole is that."""
    return max(1, math.ceil(round(duration / interval, EXACT)))


def _there(media: Media, batch: UploadBatch, asked: Asked) -> set[int]:
    """Which of the moments that are asked for have a frame in the batch, counted from 0."""
    standing = Frame.objects.filter(batch=batch, media=media, second__lt=_length(media))
    seconds = standing.order_by().values_list("second", flat=True)
    if asked.interval is None:
        return {0 for second in seconds if same_second(second, asked.at or 0.0)}
    places = ((second, round(second / asked.interval)) for second in seconds)
    return {place for second, place in places if same_second(second, place * asked.interval)}


def same_second(one: float, other: float) -> bool:
    """To the millisecond, as exact as pictures are named."""
    return abs(round(one * 1000) - round(other * 1000)) <= 1


def _valid_interval(interval: float | None) -> float:
    if interval is None or not math.isfinite(interval) or not SHORTEST_INTERVAL <= interval <= LONGEST_INTERVAL:
        words = _("Please give the seconds from one frame to the next, at least %(least)s and at most %(most)s.")
        told = {"least": SHORTEST_INTERVAL, "most": LONGEST_INTERVAL}
        raise _refusal("invalid_interval", words % told, field="interval")
    return interval


def _length(media: Media) -> float:
    return media.duration or 0.0


def _too_many(media: Media, asked: Asked, *, most: int, room: Room) -> Refused:
    if room.left == 0:
        words = _("The batch has %(there)d of the %(limit)d frames it may have.")
        full = _("The batch has all the frames it may have (%(limit)d).")
        told = (words if room.words else full) % {"there": room.there, "limit": MOST_FRAMES}
        return _refusal("too_many_frames", f"{told} {room.words}".strip(), field="batch", status=409)
    words = _("That would be %(most)d frames; the batch takes %(left)d more.") % {"most": most, "left": room.left}
    fits = _("Every %(fits)s would fit.") % {"fits": words_for_exact_seconds(smallest_interval(media, room.left))}
    told = " ".join(filter(None, (words, room.words, fits)))
    return _refusal("too_many_frames", told, field="interval", status=409)


def smallest_interval(media: Media, left: int) -> float:
    """Seconds, in tenths, from one frame to the next with which no more than `left` come."""
    return max(SHORTEST_INTERVAL, math.ceil(round(_length(media) / left * 10, EXACT)) / 10)


def _refusal(code: str, words: str, *, field: str, status: int = 400) -> Refused:
    return Refused(code, words, fields={field: [words]}, status=status)
