"""Where words are looked for, in which order, and what is said of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Organization
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from media_library.captions import TimedText
from media_library.models import Media, Rung, Source, Transcript
from media_library.services.caption_language import language_of
from media_library.services.rung_record import rungs_tried
from media_library.services.sidecars import read_captions
from media_library.services.site import change_site_configuration
from media_library.services.steps import TO_COME, steps_of
from media_library.services.transcribing import find_words_for, look_for_words
from media_library.services.transcripts import publish_transcript
from media_library.services.uploads import upload_media
from media_library.sources import SOURCES, Access, HostCaptions, Reference, SourceError
from media_library.sources.choosing import preferred
from media_library.storage import sidecar_name
from tests.media_library.small_host import SmallHost, hosted, small_host

__all__ = ["small_host"]
HEARD = [TimedText(0.5, 1.5, "Good evening")]
SIDECAR = b"WEBVTT\nLanguage: fr\n\n00:00.500 --> 00:01.500\nBonsoir\n"


@pytest.fixture
def media(scope, alice, small_host):
    return hosted(creator=alice, described_at=timezone.now())


@pytest.fixture
def climb(work_off: Callable[[], int]) -> Callable[[Media], Job]:
    """One run of the ladder to its end; answers its job."""

    def run(media: Media) -> Job:
        job = enqueue("transcribe_media", media.pk, key=f"transcribe_media:{media.pk}:{Job.objects.count()}")
        work_off()
        media.refresh_from_db()
        job.refresh_from_db()
        return job

    return run


def outcomes(media: Media) -> dict[str, tuple[str, str]]:
    return {rung.method: (rung.outcome, rung.code) for rung in rungs_tried(media)}


def step_of(media: Media) -> str:
    return next(step.reason for step in steps_of(media) if step.kind == "transcribe_media")


def give_sidecar(media: Media, organization: Organization, content: bytes = SIDECAR) -> None:
    default_storage.save(sidecar_name(organization.pk, media.pk), ContentFile(content))


def test_captions_of_the_host_become_the_words(media, small_host, climb):
    small_host.words = HostCaptions(HEARD, "de", is_generated=True)

    job = climb(media)

    found = media.transcript
    assert (found.method, found.language, found.is_generated, found.words) == ("host", "de", True, 2)
    assert outcomes(media) == {
        "sidecar": ("none", ""), "host": ("found", ""), "speech": ("skipped", "found_before"),
    }  # fmt: skip
    assert (job.state, step_of(media)) == (JobState.SUCCEEDED, "Found: Captions of its host.")


def test_what_a_person_gave_comes_before_the_host(media, small_host, scope, climb):
    small_host.words = HostCaptions(HEARD, "de")
    give_sidecar(media, scope)

    climb(media)

    assert (media.transcript.method, media.transcript.language) == ("sidecar", "fr")
    assert outcomes(media)["host"] == ("skipped", "found_before")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("captions_absent", "none"), ("captions_language_missing", "none"), ("private", "refused"),
        ("auth_invalid", "refused"), ("blocked_by_provider", "refused"), ("provider_changed", "failed"),
    ],
)  # fmt: skip
def test_what_the_host_has_not_leaves_the_next_rung(media, small_host, climb, code, outcome):
    small_host.words = SourceError(code, detail="about it")

    job = climb(media)

    assert outcomes(media) == {
        "sidecar": ("none", ""), "host": (outcome, code), "speech": ("refused", "nobody_listens"),
    }  # fmt: skip
    words = SourceError(code).message("Small Host")
    assert step_of(media) == f"{words} No machine listens to it. Please add a caption file."
    assert (job.state, media.transcript, Rung.objects.get(method="host").detail) == ("succeeded", None, "about it")


def test_a_host_that_is_away_is_asked_again(media, small_host, climb, settings):
    settings.JOB_BACKOFF_SECONDS = 3600
    small_host.words = SourceError("network")

    job = climb(media)

    assert (job.state, job.error_code, job.attempt) == (JobState.QUEUED, "network", 1)
    assert outcomes(media) == {"sidecar": ("none", ""), "host": ("failed", "network")}


def test_a_host_that_stays_away_does_not_stop_the_ladder(media, small_host, climb, settings):
    settings.JOB_BACKOFF_SECONDS = 0
    small_host.words = SourceError("network")

    job = climb(media)

    assert (job.state, job.attempt) == (JobState.SUCCEEDED, 3)
    assert outcomes(media) == {
        "sidecar": ("none", ""), "host": ("failed", "network"), "speech": ("refused", "nobody_listens"),
    }  # fmt: skip


def test_a_pause_that_the_host_asks_for_costs_no_attempt(media, small_host, climb):
    small_host.words = SourceError("rate_limited", delay=3600)

    job = climb(media)

    assert (job.state, job.error_code, job.attempt, job.is_postponed) == ("queued", "rate_limited", 0, True)


def test_captions_without_a_line_are_none(media, small_host, climb):
    small_host.words = HostCaptions([], "en")

    climb(media)

    assert outcomes(media)["host"] == ("none", "captions_absent")


def test_a_site_that_wants_no_transcripts_reads_only_what_was_given(media, small_host, scope, alice, climb):
    change_site_configuration(by=alice, transcribes=False)
    small_host.words = HostCaptions(HEARD, "en")

    climb(media)
    off = outcomes(media)
    give_sidecar(media, scope)
    climb(media)

    assert off == {"sidecar": ("none", ""), "host": ("skipped", "switched_off"), "speech": ("skipped", "switched_off")}
    assert (small_host.asked, media.transcript.method) == (0, "sidecar")


def test_a_broken_sidecar_leaves_the_host_its_turn(media, small_host, scope, climb):
    small_host.words = HostCaptions(HEARD, "en")
    give_sidecar(media, scope, b"just words")

    climb(media)

    assert outcomes(media)["sidecar"] == ("failed", "captions_unreadable")
    assert media.transcript.method == "host"


def test_the_ladder_climbed_again_changes_nothing(media, small_host, climb):
    small_host.words = HostCaptions(HEARD, "de")

    climb(media)
    climb(media)

    assert (Transcript.objects.count(), Job.objects.filter(kind="index_media").count()) == (1, 1)


def test_new_captions_of_the_host_take_over_from_its_old_ones(media, small_host, climb):
    small_host.words = HostCaptions(HEARD, "de")
    climb(media)
    small_host.words = HostCaptions([TimedText(0.5, 1.5, "Good night")], "de")

    climb(media)

    assert [cue.text for cue in media.transcript.cues.all()] == ["Good night"]
    assert Transcript.objects.count() == 2


def test_hosted_media_shows_its_own_steps_only(scope, alice, small_host):
    media = hosted(creator=alice)
    enqueue("describe_media", media.pk, key="d")

    steps = [(step.kind, step.state) for step in steps_of(media)]

    assert steps == [("describe_media", "queued"), ("transcribe_media", TO_COME)]


def test_a_track_that_nobody_named_is_looked_for(samples, scope, alice, work_off, climb):
    media = upload_media(SimpleUploadedFile("a.mkv", samples["captioned.mkv"].read_bytes()), by=alice)
    work_off()
    Transcript.objects.all().delete()
    media.refresh_from_db()

    climb(media)

    assert [cue.text for cue in media.transcript.cues.all()] == ["Good morning"]


def test_no_file_is_opened_that_holds_no_words(scope, alice, climb):
    media = Media.objects.create(source=Source.UPLOAD, source_path="nowhere.mp4", title="A", creator=alice)

    job = climb(media)

    assert (job.state, outcomes(media)["embedded"]) == (JobState.SUCCEEDED, ("none", ""))


def test_words_in_another_language_are_words(media, small_host, climb, monkeypatch, settings):
    """Nobody pays for words that exist."""
    settings.SPEECH_BASE_URL = "http://127.0.0.1:9/v1"
    monkeypatch.setitem(SOURCES, "vimeo", OnlyGerman())

    climb(media)

    assert (media.transcript.method, media.transcript.language) == ("host", "de")
    assert (outcomes(media)["speech"], Job.objects.filter(kind="hear_media").count()) == (
        ("skipped", "found_before"),
        0,
    )


def test_a_host_that_gives_its_sound_is_heard_where_it_has_no_words(media, climb, monkeypatch, settings):
    settings.SPEECH_BASE_URL = "http://127.0.0.1:9/v1"
    monkeypatch.setitem(SOURCES, "vimeo", OnlyGerman(tracks=()))

    climb(media)

    assert Job.objects.filter(kind="hear_media").count() == 1


@dataclass
class OnlyGerman(SmallHost):
    """It gives its sound, and chooses captions as real ones do."""

    tracks: Sequence[str] = ("de",)

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        return HostCaptions(HEARD, preferred(self.tracks, access.languages, language=str))

    def audio(
        self, reference: Reference, access: Access, folder: Path, *, facts: Mapping[str, Any],
        should_stop: Callable[[], bool],
    ) -> Path | None:  # fmt: skip
        return None


def test_of_the_machines_the_last_one_counts(media, climb):
    climb(media)
    before = outcomes(media)["speech"]
    later = timezone.now() + timedelta(seconds=1)
    Rung.objects.create(media=media, job_id=uuid7(), method="local", outcome="found", happened_at=later)

    assert before == ("refused", "nobody_listens")
    assert outcomes(media) == {"sidecar": ("none", ""), "host": ("none", "captions_absent"), "local": ("found", "")}


def test_what_an_earlier_search_found_does_not_count(media, climb):
    earlier = timezone.now() - timedelta(days=1)
    Rung.objects.create(media=media, job_id=uuid7(), method="embedded", outcome="failed", happened_at=earlier)

    climb(media)

    assert list(outcomes(media)) == ["sidecar", "host", "speech"]


# In line again


def test_words_are_looked_for_again_once(media):
    assert (look_for_words(media, by=None), look_for_words(media, by=None)) == (True, False)
    with pytest.raises(Refused) as refused:
        find_words_for(media, by=None)

    assert (refused.value.code, refused.value.status) == ("under_way", 409)
    assert Job.objects.filter(kind="transcribe_media").count() == 1


def called(*arguments: str) -> str:
    out = StringIO()
    call_command("transcribe_media", *arguments, "--organization", "harbor", stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def put_in_line() -> set[object]:
    return set(Job.objects.filter(kind="transcribe_media").values_list("subject_id", flat=True))


def test_command_looks_for_what_is_missing(media, scope):
    told = hosted("2", described_at=timezone.now())
    publish_transcript(told, HEARD, language="en", method="speech")
    hosted("3")

    first, again = called(), called("--json")

    assert first == "1 put in line, 0 in line already, 0 refused."
    assert again == '{"queued": 0, "under_way": 1, "refused": 0}'
    assert put_in_line() == {media.pk}


def test_command_asks_hosts_for_better_words(media, scope):
    theirs, spoken = hosted("2", described_at=timezone.now()), hosted("3", described_at=timezone.now())
    publish_transcript(theirs, HEARD, language="en", method="host")
    publish_transcript(spoken, HEARD, language="en", method="speech")

    called("--from-host")

    assert put_in_line() == {media.pk, theirs.pk}


def test_command_takes_names(media, scope):
    other = hosted("2", described_at=timezone.now())
    publish_transcript(other, HEARD, language="en", method="host")

    called(str(other.pk))
    with pytest.raises(CommandError):
        called("01890000-0000-7000-8000-000000000000")

    assert put_in_line() == {other.pk}


# In which language


@pytest.mark.parametrize(
    ("filename", "given", "header", "language"),
    [
        ("talk.vtt", "", "", "it"),
        ("talk.de.vtt", "", "", "de"),
        ("talk.pt-BR.srt", "", "", "pt-BR"),
        ("talk.ger.vtt", "", "", "de"),
        ("talk.final.vtt", "", "", "it"),
        ("talk.v2.vtt", "", "", "it"),
        ("de.vtt", "", "", "it"),
        ("talk.de.vtt", "", "Language: fr", "de"),
        ("talk.vtt", "", "Language: fr", "fr"),
        ("talk.vtt", "", "Language: <b>", "it"),
        ("talk.de.vtt", "pl", "Language: fr", "pl"),
    ],
)
def test_language_of_a_caption_file(scope, filename, given, header, language):
    Organization.objects.update(caption_languages=["it", "en"])
    text = f"WEBVTT\n{header}\n\n00:01.000 --> 00:02.000\nHello\n"

    assert language_of(text, filename=filename, given=given) == language


def test_no_language_is_refused(scope):
    with pytest.raises(Refused) as refused:
        read_captions(SimpleUploadedFile("a.vtt", SIDECAR), language="German!")

    assert (refused.value.code, list(refused.value.fields)) == ("invalid_language", ["language"])


def test_language_of_a_sidecar_is_that_of_its_name(samples, scope, alice, work_off):
    captions = SimpleUploadedFile("talk.de.vtt", SIDECAR.replace(b"Language: fr\n", b""))
    media = upload_media(SimpleUploadedFile("a.mp4", samples["silent.mp4"].read_bytes()), captions=captions, by=alice)

    work_off()

    media.refresh_from_db()
    assert (media.transcript.method, media.transcript.language) == ("sidecar", "de")
