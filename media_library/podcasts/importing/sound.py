"""The sound of an episode from an address: fetched by a job of its own, then an upload like any other.

It weighs like one: room is reserved before the first byte comes. Cut off, it goes on where it was as soon as the job is
tried again, if its server lets it; media it becomes once, in the transaction that ends the job.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.fetch import Fetcher, FetchError, forget_part
from core.identifiers import uuid7
from core.jobs import JobError, JobPostponed, Run, enqueue
from core.jobs.errors import LeaseLost
from core.models import Job
from core.models.job import LIVE_STATES, JobState
from media_library.chapter_marks import kept_marks
from media_library.models import Episode, Upload, UploadState
from media_library.parts import part_file
from media_library.podcasts.episodes import save_episode
from media_library.podcasts.holding import hold_part
from media_library.podcasts.importing.addresses import SOUND, checked_address
from media_library.podcasts.importing.beside import chapters_of, take_artwork, words_of
from media_library.podcasts.importing.pages import FOUND, failed, the_way_out
from media_library.podcasts.sound import Sound, sound_of
from media_library.services.allowance import allowance_of
from media_library.services.arriving import Arriving
from media_library.services.attempts import errors_told
from media_library.services.bringing import in_storage
from media_library.services.inspecting import refuse_format
from media_library.services.recordings import examine
from media_library.services.sidecars import Given, store_captions
from media_library.services.space import NO_SPACE, waits_for_space
from media_library.services.uploads import Announced, end_open_upload, finish_upload, start_upload
from media_library.wording import words_for_size

KIND = "fetch_episode_sound"
UNTOLD_BYTES = 500 * 1000**2  # reserved where a server does not say how large its file is
LEAST_BYTES, MORE = 20 * 1000**2, 4  # reserved, and so many times as much, where it is larger than was said
TOO_LARGE = "too_large"
LATER_SECONDS = 3600.0  # until there may be room
WAITED_FOR = {"storage_full", "allowance_used_up"}


class Overtaken(Exception):
    """Its episode is gone, or has its sound by now."""


@dataclass(frozen=True)
class SoundTold:
    """Of an episode. `code` and `message` say why it did not come from its address, or why not yet; else empty."""

    state: Sound
    code: str = ""
    message: str = ""


@transaction.atomic
def sound_from_url(episode: Episode, url: str, *, by: Any) -> Episode:
    """Have the sound of an episode without any fetched from there. Raises Refused: invalid_address, blocked_address,
    has_sound (409), under_way (409).
    """
    hold_part(episode)
    if episode.media_id is not None:
        raise Refused("has_sound", _("“%(episode)s” has its sound already.") % {"episode": episode}, status=409)
    if _is_under_way(episode):
        raise Refused("under_way", _("Its sound is on its way already."), status=409)
    episode.enclosure_url = checked_address(url, example=SOUND)
    episode.save(update_fields=["enclosure_url"])
    ask_for_sound_of(episode, by=by)
    return episode


def ask_for_sound_of(episode: Episode, *, by: Any) -> None:
    """Where it is not on its way already. Two statements."""
    if by is not None and episode.enclosure_url and not _is_under_way(episode):
        enqueue(KIND, episode.pk, key=f"{KIND}:{episode.pk}:{uuid7()}", payload={"by": str(by.pk)})


def words_of_fetching(episode: Episode) -> str:
    """How it goes, or why it did not come; empty where nothing is to be fetched. One statement."""
    if not _is_fetched_from_elsewhere(episode):
        return ""
    told = sound_told(episode)
    if told.state == Sound.UNDER_WAY:
        return _("Its sound is fetched.")
    return _("Its sound did not come: %(why)s") % {"why": told.message}


def sound_told(episode: Episode) -> SoundTold:
    """Two statements at most."""
    if not _is_fetched_from_elsewhere(episode):
        return SoundTold(sound_of(episode.media))
    last = Job.objects.filter(subject_id=episode.pk, kind=KIND).order_by("-pk").first()
    if last is None:
        return SoundTold(Sound.UNDER_WAY)
    state = Sound.UNDER_WAY if last.state in LIVE_STATES else Sound.MISSING
    return SoundTold(state, last.error_code, last.error_message)


def _is_fetched_from_elsewhere(episode: Episode) -> bool:
    return episode.media_id is None and bool(episode.enclosure_url)


def fetch_sound(episode_id: UUID, *, run: Run) -> None:
    """Fetch it, and what its feed names beside it. Raises JobError, JobPostponed, LeaseLost."""
    episode = Episode.objects.select_related("podcast").filter(pk=episode_id).first()
    if episode is None:
        raise JobError("gone", "This was removed before the work on it began.", permanent=True)
    if episode.media_id is not None or not episode.enclosure_url:
        with run.publish():
            return
    by = get_user_model().objects.filter(pk=str(run.payload["by"])).first()
    if by is None:
        raise JobError("gone", _("Who asked for this is not here any more."), permanent=True)
    way = the_way_out()
    size, most = _size(episode.enclosure_url, way), allowance_of(by).largest_file
    size = size or min(UNTOLD_BYTES, most)
    try:
        while not _is_fetched(episode, size, most=most, way=way, run=run, by=by):
            size = min(MORE * max(size, LEAST_BYTES), most)
    except Overtaken:
        with run.publish():
            return


def follow_fetching(job: Job) -> None:
    """What a worker reserved that died on the way is free again. Called in the transaction that ends the job."""
    if job.kind == KIND and job.subject_id and job.state in (JobState.FAILED, JobState.CANCELLED):
        _give_back(job.subject_id)


def _is_fetched(episode: Episode, size: int, *, most: int, way: Fetcher, run: Run, by: Any) -> bool:
    """Not where it has more than `size` bytes, and may have as many as `most`."""
    try:
        _fetch(episode, size, way=way, run=run, by=by)
    except JobError as error:
        if error.code != TOO_LARGE or size >= most:
            raise
        return False
    except Refused as refusal:
        raise JobError(refusal.code, refusal.message, permanent=True) from refusal
    return True


def _fetch(episode: Episode, size: int, *, way: Fetcher, run: Run, by: Any) -> None:
    with _reserved(episode, size, by=by) as (upload, path):
        _download(episode.enclosure_url, upload, path, way=way, run=run)
        _refuse_what_is_not_heard(path, run=run)
        words, chapters = words_of(episode, way), chapters_of(episode, way)
        take_artwork(episode, way, by=by)
        size = path.stat().st_size
        with in_storage(path, upload.storage_path), run.publish():
            _become_media(episode, upload, words, chapters, size=size, by=by)
        forget_part(path)


def _is_under_way(episode: Episode) -> bool:
    return Job.objects.filter(subject_id=episode.pk, kind=KIND, state__in=LIVE_STATES).exists()


@contextmanager
def _reserved(episode: Episode, size: int, *, by: Any) -> Iterator[tuple[Upload, Path]]:
    """Room for the file, as for any upload of whoever asked, and where it arrives. What came so far keeps its room for
    the next attempt, also of a worker that was killed; nothing else does.
    """
    upload = _begun(episode, size, by=by) or _reserve(episode, size, by=by)
    path = part_file(Path(settings.UPLOADS_DIR), upload.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield upload, path
    except LeaseLost:
        raise  # whoever has the job by now goes on
    except BaseException as error:
        if isinstance(error, Overtaken | Refused) or getattr(error, "permanent", False) or not path.exists():
            _give_back(episode.pk)
        raise


def _begun(episode: Episode, size: int, *, by: Any) -> Upload | None:
    """By an attempt before this one, with room enough; any other is given back."""
    begun = _uploads_of(episode.pk).filter(owner=by, size_bytes__gte=size).order_by("-pk").first()
    _give_back(episode.pk, but=begun)
    return begun


def _reserve(episode: Episode, size: int, *, by: Any) -> Upload:
    name = unquote(PurePosixPath(urlsplit(episode.enclosure_url).path).name) or "episode.mp3"
    try:
        return start_upload(Announced(name, size, episode.title, fingerprint=_mark(episode.pk)), by=by)
    except Refused as refusal:
        raise _waiting(refusal, size) from refusal


def _size(url: str, way: Fetcher) -> int:
    """As its server says of the file itself, in bytes; 0 where it does not, or tells of what it sends instead."""
    try:
        answer = way.request("HEAD", url)
    except FetchError as error:
        if error.code != "network":
            raise failed(error) from error
        return 0
    told = answer.headers.get("content-length", "")
    if answer.status != FOUND or answer.headers.get("content-encoding", "identity") != "identity":
        return 0
    return int(told[:20]) if told.isascii() and told.isdigit() else 0


def _waiting(refusal: Refused, size: int) -> Exception:
    if refusal.code == NO_SPACE:
        return waits_for_space(detail=words_for_size(size))
    if refusal.code in WAITED_FOR:
        return JobPostponed(refusal.code, refusal.message, delay=LATER_SECONDS)
    return JobError(refusal.code, refusal.message, permanent=True)


def _give_back(episode_id: UUID, *, but: Upload | None = None) -> None:
    for upload in _uploads_of(episode_id).exclude(pk=but and but.pk):
        end_open_upload(upload, UploadState.CANCELLED)


def _uploads_of(episode_id: UUID) -> Any:
    return Upload.objects.filter(fingerprint=_mark(episode_id), state=UploadState.RECEIVING)


def _mark(episode_id: UUID) -> str:
    """By which an attempt knows what another one began."""
    return f"episode:{episode_id}"


def _download(url: str, upload: Upload, path: Path, *, way: Fetcher, run: Run) -> None:
    arriving = Arriving(upload, path, run=run)
    try:
        got = way.download(url, path, most_bytes=upload.size_bytes, should_stop=arriving.should_stop, goes_on=True)
    except FetchError as error:
        run.check()
        arriving.check()
        raise failed(error) from error
    if not got:
        raise JobError("empty_file", _("There is nothing at its address."), permanent=True)


def _refuse_what_is_not_heard(path: Path, *, run: Run) -> None:
    """Before it becomes media: a web page, a list of pieces (HLS), a film without sound. Raises JobError."""
    with errors_told(run):
        recording = examine(path, should_stop=run.should_stop)
        refuse_format(recording)
    if not recording.probe.audio:
        raise JobError("silent", _("There is no sound in what lies at its address."), permanent=True)


def _become_media(episode: Episode, upload: Upload, words: Given | None, chapters: Any, *, size: int, by: Any) -> None:
    """From here on it is processed like any upload; the words of its feed are read instead of heard.

    Raises Overtaken, Refused.
    """
    try:
        hold_part(episode)
    except Refused as gone:
        raise Overtaken from gone
    if episode.media_id is not None:
        raise Overtaken
    Upload.objects.filter(pk=upload.pk).update(size_bytes=size, received_bytes=size)
    upload.refresh_from_db()
    if words is not None:
        store_captions(upload, words)
    media = finish_upload(upload)
    media.description = episode.description
    media.chapters = kept_marks(chapters)
    media.save(update_fields=["description", "chapters", "updated_at"])
    episode.media = media
    save_episode(episode, by=by, written=["media"])
