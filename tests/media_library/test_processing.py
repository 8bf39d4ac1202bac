"""From an upload to something that plays, with real FFmpeg; and what happens to what cannot be used."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from core.announcements import _receivers
from core.errors import Refused
from core.jobs.worker import run_next
from core.models import Job
from core.models.job import JobState
from media_library.models import Kind, Media, Rendition, Status
from media_library.services.site import change_site_configuration
from media_library.services.status import status_of
from media_library.services.uploads import upload_media

pytestmark = pytest.mark.usefixtures("scope")

VTT = b"WEBVTT\n\n00:00.500 --> 00:01.500\nGood evening\n"


@pytest.fixture
def uploaded():
    """Uploads as Django hands over large files: on disk, and closed when the request ends."""
    handed_over: list[TemporaryUploadedFile] = []

    def upload(path: Path, name: str | None = None) -> TemporaryUploadedFile:
        content = path.read_bytes()
        file = TemporaryUploadedFile(name or path.name, "video/mp4", len(content), None)
        file.write(content)
        file.seek(0)
        handed_over.append(file)
        return file

    yield upload
    for file in handed_over:
        file.close()


def files_in(folder: Path) -> list[str]:
    return (
        sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    )


@pytest.fixture
def heard():
    told: list[str] = []
    names = ("media_uploaded", "media_completed", "media_failed", "transcript_published")
    listeners = {name: (lambda media, name=name, **facts: told.append(name)) for name in names}
    for name, listener in listeners.items():
        _receivers[name].append(listener)
    yield told
    for name, listener in listeners.items():
        _receivers[name].remove(listener)


def test_upload_becomes_playable(samples, uploaded, alice, work_off, heard):
    media = upload_media(uploaded(samples["talk.mp4"], "My talk.mp4"), by=alice)
    source = samples["talk.mp4"].stat().st_size
    assert (media.title, media.status, media.size_bytes) == ("My talk", Status.PENDING, source)

    work_off()

    media.refresh_from_db()
    folder = settings.MEDIA_ROOT / media.rendition.folder
    assert (media.status, media.kind, round(media.duration, 1), media.duration_source) == (
        Status.COMPLETED, Kind.VIDEO, 6.0, "file",
    )  # fmt: skip
    assert [rung["name"] for rung in media.rendition.rungs] == ["360p", "240p"]
    file = media.renditions.get(kind="mp4")
    assert (file.folder, file.main_file) == (media.rendition.folder, "video.mp4")
    assert file.size_bytes == (settings.MEDIA_ROOT / file.path).stat().st_size
    assert media.rendition.size_bytes + file.size_bytes == sum(path.stat().st_size for path in folder.iterdir())
    assert (settings.MEDIA_ROOT / media.thumbnail_path).read_bytes()[:3] == b"\xff\xd8\xff"
    assert {name: media.source_metadata["video"][name] for name in ("codec", "width", "height", "fps")} == {
        "codec": "h264", "width": 640, "height": 360, "fps": 10.0,
    }  # fmt: skip
    assert heard == ["media_uploaded", "media_completed"]
    assert files_in(settings.SCRATCH_DIR) == []


def test_sound_alone_becomes_playable(samples, uploaded, alice, work_off):
    media = upload_media(uploaded(samples["tone.mp3"]), by=alice)

    work_off()

    media.refresh_from_db()
    assert (media.status, media.kind, media.thumbnail_path, media.rendition.rungs) == ("completed", "audio", "", [])


def test_captions_given_with_an_upload_become_its_transcript(samples, uploaded, alice, work_off, heard):
    captions = SimpleUploadedFile("talk.vtt", VTT)
    media = upload_media(uploaded(samples["captioned.mkv"]), captions=captions, by=alice)

    work_off()

    media.refresh_from_db()
    cue = media.transcript.cues.get()
    assert (cue.start, cue.end, cue.text) == (0.5, 1.5, "Good evening")
    assert (media.transcript.method, media.transcript.language, media.transcript.words) == ("sidecar", "en", 2)
    assert heard == ["media_uploaded", "transcript_published", "media_completed"]


def test_subtitle_track_becomes_the_transcript(samples, uploaded, alice, work_off):
    media = upload_media(uploaded(samples["captioned.mkv"]), by=alice)

    work_off()

    media.refresh_from_db()
    assert [cue.text for cue in media.transcript.cues.all()] == ["Good morning"]
    assert (media.transcript.method, media.transcript.language, media.status) == ("embedded", "en", "completed")
    assert files_in(settings.SCRATCH_DIR) == []


def test_subtitle_track_is_left_where_the_site_wants_no_transcripts(samples, uploaded, alice, work_off):
    change_site_configuration(by=alice, transcribes=False)
    media = upload_media(uploaded(samples["captioned.mkv"]), by=alice)

    work_off()

    media.refresh_from_db()
    assert (media.transcript, media.status) == (None, "completed")


def write_bad(folder: Path, samples) -> dict[str, Path]:
    talk = samples["table_last.mp4"].read_bytes()
    contents = {
        "text.mp4": b"This is a letter, not a film.\n" * 50,
        "truncated.mp4": talk[: len(talk) // 2],
        "playlist.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {**{name: folder / name for name in contents}, "no_frames.mp4": samples["captions_only.mp4"]}


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("text.mp4", "not_media", "This file is not a video or an audio recording, whatever its name says."),
        ("playlist.mp4", "not_media", "This file is not a video or an audio recording, whatever its name says."),
        ("no_frames.mp4", "no_streams", "The file holds neither pictures nor sound."),
        (
            "truncated.mp4",
            "truncated",
            "The recording ends too early or is damaged: a part is missing. Please upload it again.",
        ),
    ],
)
def test_unusable_upload_fails_once_with_a_sentence(
    tmp_path, samples, uploaded, alice, work_off, heard, name, code, words
):
    media = upload_media(uploaded(write_bad(tmp_path, samples)[name]), by=alice)

    work_off()

    media.refresh_from_db()
    job = Job.objects.get(subject_id=media.pk, stage="processing")
    assert (media.status, job.state, job.attempt, job.error_code) == ("failed", JobState.FAILED, 1, code)
    assert status_of(media).message == words
    assert heard == ["media_uploaded", "media_failed"]
    assert (files_in(settings.SCRATCH_DIR), files_in(settings.MEDIA_ROOT)) == ([], [media.source_path])


def refusal_of(*arguments, **options) -> Refused:
    with pytest.raises(Refused) as refusal:
        upload_media(*arguments, **options)
    return refusal.value


def test_empty_upload_is_refused_at_once(alice):
    refusal = refusal_of(SimpleUploadedFile("talk.mp4", b""), by=alice)

    assert (refusal.code, list(refusal.fields), Media.objects.count()) == ("empty_file", ["file"], 0)


def test_upload_over_the_limit_is_refused_at_once(alice):
    change_site_configuration(by=alice, largest_file=2_000_000)

    refusal = refusal_of(SimpleUploadedFile("talk.mp4", b"x" * 2_000_001), by=alice)

    assert (refusal.code, refusal.status, files_in(settings.MEDIA_ROOT)) == ("file_too_large", 413, [])
    assert refusal.message == "The file is larger than 2.0 MB, the most that one file may have here."


def test_unreadable_captions_are_refused_at_once(samples, uploaded, alice):
    captions = SimpleUploadedFile("talk.vtt", b"just words")

    refusal = refusal_of(uploaded(samples["talk.mp4"]), captions=captions, by=alice)

    assert (refusal.code, list(refusal.fields)) == ("captions_unreadable", ["captions"])
    assert (files_in(settings.MEDIA_ROOT), Media.objects.count(), Job.objects.count()) == ([], 0, 0)


def test_upload_that_cannot_be_registered_leaves_no_file(samples, uploaded, alice):
    def broken(media, **facts):
        raise RuntimeError("a receiver failed")

    _receivers["media_uploaded"].append(broken)
    try:
        with pytest.raises(RuntimeError):
            upload_media(uploaded(samples["talk.mp4"]), by=alice)
    finally:
        _receivers["media_uploaded"].remove(broken)

    assert files_in(settings.MEDIA_ROOT) == []


def test_attempt_that_cannot_publish_leaves_no_file(samples, uploaded, alice, work_off):
    def broken(job):
        if job.kind == "transcribe_media":
            raise RuntimeError("a receiver failed")

    media = upload_media(uploaded(samples["talk.mp4"]), by=alice)
    _receivers["job_changed"].append(broken)
    try:
        work_off()
    finally:
        _receivers["job_changed"].remove(broken)

    job = Job.objects.get(subject_id=media.pk, kind="process_media")
    assert (job.state, job.attempt, job.error_code, Rendition.objects.count()) == ("queued", 1, "internal_error", 0)
    assert (files_in(settings.SCRATCH_DIR), files_in(settings.MEDIA_ROOT)) == ([], [media.source_path])


def test_what_a_killed_attempt_left_is_removed_by_the_next(samples, uploaded, alice, work_off):
    media = upload_media(uploaded(samples["talk.mp4"]), by=alice)
    run_next("short")
    job = Job.objects.get(subject_id=media.pk, kind="process_media")
    left = [
        settings.SCRATCH_DIR / f"{job.pk}-0" / "rendition" / "240p_00000.m4s",
        settings.MEDIA_ROOT / Path(media.source_path).parent.parent / "renditions" / f"{job.pk}-0" / "master.m3u8",
    ]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_text("half")

    work_off()

    media.refresh_from_db()
    assert (media.status, [path.exists() for path in left]) == ("completed", [False, False])


def test_unusable_file_is_told_while_the_long_lane_is_busy(tmp_path, uploaded, alice):
    """Nothing but the short lane works here: a bad file does not wait behind somebody's film."""
    text = tmp_path / "talk.mp4"
    text.write_text("Dear diary, this is not a film.\n" * 100)
    media = upload_media(uploaded(text), by=alice)

    run_next("short")

    media.refresh_from_db()
    assert (media.status, status_of(media).code) == ("failed", "not_media")


def test_missing_source_fails_with_a_sentence(samples, uploaded, alice, work_off):
    media = upload_media(uploaded(samples["silent.mp4"]), by=alice)
    (settings.MEDIA_ROOT / media.source_path).unlink()

    work_off()

    media.refresh_from_db()
    assert (media.status, Job.objects.get(subject_id=media.pk, stage="processing").error_code) == (
        "failed",
        "source_missing",
    )
