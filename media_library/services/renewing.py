"""A new file takes the place of that of an upload: looked at, made playable, and only then what plays."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.announcements import announce
from core.audit import record
from core.jobs import JobError, Run, cancel_job, enqueue
from core.models import Job
from core.models.job import JobState
from media_library import ffmpeg
from media_library.ffmpeg import MediaError
from media_library.models import Media, Rendition, RenditionKind, Storyboard, Upload, UploadState
from media_library.models.media import LengthSource
from media_library.services.attempts import errors_told, media_to_work_on, scratch_folder, stored_file
from media_library.services.heard_pieces import heard_pieces
from media_library.services.inspecting import look_at, refuse_format, refuse_other_content
from media_library.services.lengths import learn_length
from media_library.services.playable import (
    Made,
    draw_first_thumbnail,
    enqueue_what_follows,
    hold,
    publish_file,
    renditions_moved,
    stream_of,
    thumbnail_moved,
)
from media_library.services.processing import SPACE_NEEDED, File, make_renditions, put_together
from media_library.services.publishing import lock_work_on
from media_library.services.recordings import Recording, facts_of, recall_file, told
from media_library.services.replacing import REPLACE, end_replacement, seen_behind
from media_library.services.room import ensure_room
from media_library.services.settling import duplicate_of
from media_library.services.sidecars import adopt_captions
from media_library.services.status import FILE_KINDS
from media_library.storage import local_path
from media_library.wording import clock_time


class Renewed(NamedTuple):
    """All that was made of the new file, in folders of this attempt."""

    recording: Recording
    made: Made
    file: File | None
    thumbnail: Path | None


def check_replacement(media_id: UUID, *, run: Run) -> None:
    """Look at the new file, recognize one that is here already, and put in line what makes it playable.

    Raises JobError as `inspect_media` does, LeaseLost; then the former file stays what plays.
    """
    media, upload = media_to_work_on(media_id), _upload_of(run)
    needs = 0 if local_path(upload.storage_path) else upload.size_bytes
    with scratch_folder(run, needs=needs) as scratch, errors_told(run):
        path = stored_file(upload.storage_path, scratch)
        recording, digest = look_at(path, should_stop=run.should_stop)
        refuse_other_content(upload.pk, digest)
        refuse_format(recording)
        with run.publish():
            if not _is_here_already(media, upload, digest):
                payload = {"upload": str(upload.pk), "sha256": digest, **told(recording)}
                enqueue(REPLACE, media.pk, key=f"{REPLACE}:{upload.pk}", payload=payload)


def replace_file(media_id: UUID, *, run: Run) -> None:
    """Make all renditions of the new file; when they are there, they are what plays. Raises JobError, LeaseLost."""
    media, upload = media_to_work_on(media_id), _upload_of(run)
    ensure_room(upload.size_bytes)
    with scratch_folder(run, needs=int(upload.size_bytes * SPACE_NEEDED)) as scratch, errors_told(run):
        renewed = _make(media, upload, scratch, run=run)
        run.check()
        with _moved(media, renewed, run=run) as (folder, picture), run.publish():
            _publish(media, upload, renewed, folder=folder, picture=picture, run=run)


def _upload_of(run: Run) -> Upload:
    upload = Upload.objects.select_related("owner").filter(pk=run.payload["upload"]).first()
    if upload is None:
        raise JobError("gone", _("This was removed before the work on it began."), permanent=True)
    return upload


def _is_here_already(media: Media, upload: Upload, digest: str) -> bool:
    """The same content a second time takes no place: the upload says where it is, and its file goes."""
    if media.content_hash == digest and media.is_playable and default_storage.exists(media.source_path):
        existing, words = media, _("This is the file that plays already. Nothing has changed.")
    elif (other := duplicate_of(media, digest)) is not None:
        existing, words = other, _("The library has this content already, as “%(title)s”. Nothing has changed.")
        words %= {"title": other.title}
    else:
        return False
    end_replacement(upload, UploadState.DUPLICATE, media=existing, error_code="duplicate", error_message=words[:500])
    transaction.on_commit(lambda: default_storage.delete(upload.storage_path))
    return True


def _make(media: Media, upload: Upload, scratch: Path, *, run: Run) -> Renewed:
    recording = recall_file(upload.storage_path, scratch, run=run)
    recording, made = _rendered(recording, scratch, run=run)
    thumbnail = None if media.is_thumbnail_chosen else draw_first_thumbnail(recording, scratch / "pictures")
    return Renewed(recording, made, put_together(made, run=run), thumbnail)


def _rendered(recording: Recording, scratch: Path, *, run: Run) -> tuple[Recording, Made]:
    """What browsers play as it is, is copied; what resists is encoded."""
    try:
        return recording, make_renditions(recording, scratch / "rendition", copied=None, run=run)
    except MediaError as error:
        if error.code != "transcode_failed" or not recording.ladder.source_is_copied:
            raise
        refused = f"It could not be copied: {error.detail}"[:300]
    ladder = ffmpeg.plan_ladder(recording.probe, recording.container, refused=refused)
    encoded = Recording(recording.path, recording.container, recording.probe, ladder)
    return encoded, make_renditions(encoded, scratch / "encoded", copied=None, run=run)


@contextmanager
def _moved(media: Media, renewed: Renewed, *, run: Run) -> Iterator[tuple[str, str]]:
    """In the storage: the folder of the renditions, and where the first picture lies."""
    with ExitStack() as results:
        folder = results.enter_context(renditions_moved(media, renewed.made.folder, run=run))
        picture = results.enter_context(thumbnail_moved(media, renewed.thumbnail, run=run))
        yield folder, picture


def _publish(media: Media, upload: Upload, renewed: Renewed, *, folder: str, picture: str, run: Run) -> None:
    """From here on everybody sees the new file."""
    _stop_work_on_former(media, run=run)
    held = hold(media)
    _refuse_content_elsewhere(held, run.payload["sha256"])
    before = {"filename_before": held.original_filename, "seconds_before": held.whole_seconds}
    _forget_what_was_made(held)
    held.rendition = stream_of(held, renewed.made, folder=folder)
    if renewed.file is not None:
        file = renewed.file
        publish_file(held, renewed.made, rung=file.rung, folder=folder, size=file.size, command=file.command)
    _become(held, upload, renewed.recording, sha256=run.payload["sha256"], picture=picture)
    _tell(held, upload, before)
    given = {"given_at": timezone.now().isoformat()} if adopt_captions(upload) else {}
    enqueue_what_follows(held, renewed.recording, file=str(upload.pk), **given)


def _stop_work_on_former(media: Media, *, run: Run) -> None:
    """Nothing made of the former file is published any more, and what failed with it is not tried again."""
    for job in lock_work_on(media):
        if job.pk != run.job.pk and job.stage:
            cancel_job(job)
    ended = Job.objects.filter(subject_id=media.pk, kind__in=FILE_KINDS)
    ended.filter(state__in=[JobState.FAILED, JobState.CANCELLED]).delete()
    transaction.on_commit(heard_pieces(media.pk).forget)


def _refuse_content_elsewhere(media: Media, digest: str) -> None:
    """It may have come as media of its own while this was being made."""
    existing = duplicate_of(media, digest)
    if existing is not None:
        words = _("The library has this content already, as “%(title)s”.") % {"title": existing.title}
        raise JobError("duplicate", words, permanent=True)


def _forget_what_was_made(media: Media) -> None:
    """Rows of what is not replaced by something of its kind in this moment; who watches the former stream may finish.

    Their files go with the daily cleaning, as do the former stream and the former file.
    """
    Rendition.objects.filter(media=media).exclude(kind=RenditionKind.HLS).delete()
    Media.objects.filter(pk=media.pk).update(storyboard=None)
    Storyboard.objects.filter(media=media).delete()


def _become(media: Media, upload: Upload, recording: Recording, *, sha256: str, picture: str) -> None:
    """Words of the former file that nobody gave or corrected are read no longer: their versions stay."""
    probe = recording.probe
    media.source_path, media.original_filename, media.content_hash = upload.storage_path, upload.filename, sha256
    media.kind, media.size_bytes, media.source_metadata = probe.kind, probe.size, facts_of(recording)
    learn_length(media, probe.duration, source=LengthSource.FILE)
    media.storyboard = None
    if not media.is_thumbnail_chosen:
        media.thumbnail_path = picture
    if media.transcript_chosen_at is None:
        media.transcript = None
    media.save()


def _tell(media: Media, upload: Upload, before: dict[str, Any]) -> None:
    """Makers read it on the page of the media and in its history: who, from what to what, and what it cost learners."""
    seen = seen_behind(media, media.whole_seconds)
    changed = {**before, "seconds_after": media.whole_seconds, "watched": seen.watched, "clipped": seen.clipped}
    end_replacement(upload, UploadState.ACCEPTED, media=media, replacement=changed)
    upload.state = UploadState.ACCEPTED
    lengths = f"{_length(before['seconds_before'])} → {_length(media.whole_seconds)}"
    detail = f"{before['filename_before']} → {upload.filename}, {lengths}, clipped {seen.clipped} of {seen.watched}"
    record("file_replaced", by=upload.owner, row=media, detail=detail)
    announce("media_replaced", media, by=upload.owner)


def _length(seconds: int | None) -> str:
    return clock_time(seconds) or "?"
