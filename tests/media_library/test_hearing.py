"""Speech recognition from the file to the transcript, against a server on loopback."""

import subprocess
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.functions import Now
from django.utils import timezone
from pytest_httpserver import HTTPServer

from accounts.models import Organization
from core.jobs import enqueue
from core.models import AiCall, CallState, Job
from core.models.job import JobState
from media_library.models import Media, Method, Outcome, Rung, Source, Timing, Transcript
from media_library.services import listening
from media_library.services.site import change_site_configuration
from media_library.services.uploads import upload_media
from media_library.storage import heard_folder
from tests.core.embeddings_provider import refusal
from tests.core.speech_provider import (
    NO_QUOTA,
    NO_TIMES,
    SPEAKERS,
    TEXT,
    TOO_LARGE,
    TOO_LONG,
    segment,
    serve,
    timed,
)
from tests.media_library.conftest import FFMPEG

pytestmark = pytest.mark.usefixtures("scope")

#: Four seconds of noise in the band of speech, then one of silence, again and again.
SPOKEN = "highpass=200,lowpass=5000,volume='if(lt(mod(t,5),4),1,0)':eval=frame"


@pytest.fixture(scope="session")
def recordings(tmp_path_factory) -> Callable[[float, str], Path]:
    folder = tmp_path_factory.mktemp("speech")

    def make(seconds: float, sound: str = SPOKEN) -> Path:
        path = folder / f"{seconds}-{abs(hash(sound))}.m4a"
        if not path.exists():
            source = f"anoisesrc=c=pink:a=0.6:seed=1:r=16000:d={seconds}"
            command = [FFMPEG, "-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-af", sound, "-c:a", "aac"]
            subprocess.run([*command, str(path)], check=True)
        return path

    return make


@pytest.fixture
def provider(httpserver: HTTPServer, settings, monkeypatch) -> HTTPServer:
    settings.SPEECH_BASE_URL = httpserver.url_for("/v1")
    settings.SPEECH_MODEL = "whisper-1"
    settings.SPEECH_AT_ONCE = 1
    settings.AI_PRICES = {"whisper-1": {"minute": 0.006}, "gpt-transcribe": {"minute": 0.0045}}
    monkeypatch.setattr(listening, "PAUSES", (0.01, 0.02))
    return httpserver


@pytest.fixture
def recorded(recordings, alice) -> Callable[[float], Media]:
    """An upload of which nothing but the file is there yet."""

    def add(seconds: float, sound: str = SPOKEN) -> Media:
        content = recordings(seconds, sound).read_bytes()
        media = Media.objects.create(source=Source.UPLOAD, source_path="x", title="Talk", creator=alice)
        media.source_path = default_storage.save(f"{media.organization_id}/{media.pk}/talk.m4a", ContentFile(content))
        media.save()
        return media

    return add


@pytest.fixture
def hear(work_off) -> Callable[[Media], Job]:
    """Have it heard, all attempts."""

    def run(media: Media) -> Job:
        job = enqueue("hear_media", media.pk, key=f"hear:{media.pk}")
        waiting = Job.objects.filter(state=JobState.QUEUED)
        while waiting.update(available_at=Now()):
            work_off()
        job.refresh_from_db()
        media.refresh_from_db()
        return job

    return run


def one_attempt(media: Media, work_off: Callable[[], int]) -> Job:
    job = enqueue("hear_media", media.pk, key=f"hear:{media.pk}")
    Job.objects.filter(pk=job.pk).update(available_at=Now())
    work_off()
    job.refresh_from_db()
    return job


def cues_of(media: Media) -> list[tuple[float, float, str, str]]:
    return list(media.transcript.cues.values_list("start", "end", "text", "speaker"))


def rung_of(media: Media) -> tuple[str, str, str]:
    rung = Rung.objects.get(media=media)
    return rung.method, rung.outcome, rung.code


def kept_files(media: Media) -> int:
    folder = heard_folder(media.organization_id, media.pk)
    return len(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else 0


def test_hear_publishes_what_is_said_when_it_is_said(provider, recorded, hear):
    speech = serve(provider, timed(segment(0.0, 4.0, " Hello class"), segment(5.0, 8.5, " Good evening")))
    media = recorded(10)

    job = hear(media)

    transcript = media.transcript
    assert (job.state, speech.requests, speech.forms[0]["response_format"]) == (JobState.SUCCEEDED, 1, ["verbose_json"])
    assert (transcript.method, transcript.is_generated, transcript.timing) == (Method.SPEECH, True, Timing.CUE)
    assert (transcript.model, transcript.language, transcript.words) == ("whisper-1", "en", 4)
    assert cues_of(media) == [(0.0, 4.0, "Hello class", ""), (5.0, 8.5, "Good evening", "")]
    assert (rung_of(media), kept_files(media)) == ((Method.SPEECH, Outcome.FOUND, ""), 0)


def test_hear_without_times_makes_a_cue_of_each_stretch(provider, recorded, hear, settings):
    settings.SPEECH_MODEL = "gpt-transcribe"
    texts = [{**TEXT, "text": text} for text in ("one", "two", "three")]
    speech = serve(provider, *texts)
    media = recorded(70)

    hear(media)

    cues = cues_of(media)
    assert (speech.requests, media.transcript.timing, [cue[2] for cue in cues]) == (
        3,
        Timing.CHUNK,
        ["one", "two", "three"],
    )
    assert [(round(start), round(end)) for start, end, *_ in cues] == [(0, 29), (30, 59), (60, 69)]
    assert all(before[1] <= after[0] for before, after in zip(cues, cues[1:], strict=False))


def test_hear_tells_speakers_apart(provider, recorded, hear, settings):
    settings.SPEECH_MODEL = "gpt-4o-transcribe-diarize"
    speech = serve(provider, SPEAKERS)
    media = recorded(10)

    hear(media)

    assert cues_of(media) == [(0.0, 1.2, "Hi.", "A"), (1.2, 2.5, "Hello.", "B")]
    assert speech.forms[0]["chunking_strategy"] == ["auto"]


def test_hear_asks_for_text_where_a_server_knows_no_times(provider, recorded, hear):
    speech = serve(provider, NO_TIMES, {**TEXT, "text": "one"}, {**TEXT, "text": "two"})
    media = recorded(40)

    hear(media)

    assert [form["response_format"] for form in speech.forms] == [["verbose_json"], ["json"], ["json"]]
    assert (media.transcript.timing, [cue[2] for cue in cues_of(media)]) == (Timing.CHUNK, ["one", "two"])


@pytest.mark.parametrize("refused", [TOO_LARGE, TOO_LONG], ids=["413", "400 too long"])
def test_hear_sends_smaller_pieces_where_one_is_too_much(provider, recorded, hear, refused):
    speech = serve(provider, refused, timed(segment(0.5, 3.0, " one")), timed(segment(0.5, 3.0, " two")))
    media = recorded(40)

    hear(media)

    assert (speech.requests, [cue[2] for cue in cues_of(media)]) == (3, ["one", "two"])
    assert [round(cue[0]) for cue in cues_of(media)] == [0, 20]
    assert [call.state for call in AiCall.objects.order_by("id")] == [CallState.FAILED, CallState.PAID, CallState.PAID]


def test_hear_gives_up_where_every_piece_is_too_much(provider, recorded, hear):
    serve(provider, TOO_LARGE)
    media = recorded(10)

    job = hear(media)

    assert (job.state, job.error_code, media.transcript) == (JobState.FAILED, "sound_too_large", None)
    assert (rung_of(media), AiCall.objects.exclude(state=CallState.FAILED).count()) == (
        (Method.SPEECH, Outcome.FAILED, "sound_too_large"), 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "code", "requests"),
    [
        (refusal(401, "invalid_api_key"), "auth_invalid", 1),
        (NO_QUOTA, "quota_exhausted", 1),
        (refusal(404, "model_not_found"), "not_found", 1),
        (refusal(500, None), "provider_5xx", 9),
    ],
    ids=["401", "insufficient_quota", "404", "500"],
)
def test_hear_says_why_it_failed_and_pays_nothing(provider, recorded, hear, answer, code, requests):
    speech = serve(provider, answer)
    media = recorded(10)

    job = hear(media)

    assert (job.state, job.error_code, speech.requests) == (JobState.FAILED, code, requests)
    assert (rung_of(media), Transcript.objects.count()) == ((Method.SPEECH, Outcome.FAILED, code), 0)
    assert {(call.state, call.cost) for call in AiCall.objects.all()} == {(CallState.FAILED, Decimal(0))}


@pytest.mark.parametrize(
    "answers",
    [[refusal(429, "rate_limit_exceeded", Retry_After="1")], [refusal(500, None), refusal(500, None)]],
    ids=["429 with Retry-After: 1", "500 twice"],
)
def test_hear_is_patient(provider, recorded, hear, answers):
    speech = serve(provider, *answers, timed(segment(0, 3, "one")))
    media = recorded(10)

    job = hear(media)

    assert (job.state, job.attempt, speech.requests) == (JobState.SUCCEEDED, 1, len(answers) + 1)
    assert AiCall.objects.get().state == CallState.PAID


def test_hear_waits_as_long_as_it_is_told_without_using_an_attempt(provider, recorded, work_off):
    serve(provider, refusal(429, "rate_limit_exceeded", Retry_After="600"))
    media = recorded(10)

    job = one_attempt(media, work_off)

    waits = (job.available_at - timezone.now()).total_seconds()
    assert (job.state, job.attempt, job.error_code) == (JobState.QUEUED, 0, "rate_limited")
    assert 590 < waits <= 600


def test_an_attempt_that_broke_off_pays_nothing_twice(provider, recorded, hear, work_off, settings):
    settings.SPEECH_MODEL = "gpt-transcribe"
    broken = refusal(500, None)
    speech = serve(
        provider, {**TEXT, "text": "one"}, {**TEXT, "text": "two"}, broken, broken, broken, {**TEXT, "text": "three"}
    )
    media = recorded(70)
    first = one_attempt(media, work_off)
    before = (first.state, speech.requests, kept_files(media))

    hear(media)

    assert before == (JobState.QUEUED, 5, 2)
    assert (speech.requests, [cue[2] for cue in cues_of(media)]) == (6, ["one", "two", "three"])
    assert sorted(AiCall.objects.values_list("state", flat=True)) == ["failed", "paid", "paid", "paid"]
    assert (media.transcript.cost, kept_files(media)) == (Decimal("0.0009"), 0)  # three times 4 s


def test_a_piece_that_was_kept_in_half_is_heard_again(provider, recorded, hear, work_off, settings):
    settings.SPEECH_MODEL = "gpt-transcribe"
    speech = serve(provider, {**TEXT, "text": "one"}, NO_QUOTA, {**TEXT, "text": "one"}, {**TEXT, "text": "two"})
    media = recorded(40)
    job = one_attempt(media, work_off)
    folder = heard_folder(media.organization_id, media.pk)
    [name] = default_storage.listdir(folder)[1]
    Path(default_storage.path(f"{folder}/{name}")).write_text('{"cues": [')
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, attempt=0)

    hear(media)

    assert (speech.requests, [cue[2] for cue in cues_of(media)]) == (4, ["one", "two"])


def test_pieces_are_heard_at_the_same_time_and_joined_in_order(provider, recorded, hear, settings):
    settings.SPEECH_MODEL, settings.SPEECH_AT_ONCE = "gpt-transcribe", 2
    both = threading.Barrier(2, timeout=30)
    media = recorded(120)

    with HTTPServer(threaded=True) as crowded:
        settings.SPEECH_BASE_URL = crowded.url_for("/v1")
        speech = serve(crowded, *[{**TEXT, "text": f"said {n}"} for n in range(1, 5)])
        speech.hold = both.wait
        hear(media)

    cues = cues_of(media)
    assert (speech.requests, speech.busiest) == (4, 2)
    assert [round(cue[0]) for cue in cues] == [0, 30, 60, 90]
    assert sorted(cue[2] for cue in cues) == ["said 1", "said 2", "said 3", "said 4"]


def test_what_is_silent_is_not_sent(provider, recorded, hear):
    speech = serve(provider, timed(segment(0, 1, " Thank you.")))
    media = recorded(10, "volume=0")

    job = hear(media)

    assert (job.state, speech.requests, media.transcript) == (JobState.SUCCEEDED, 0, None)
    assert rung_of(media) == (Method.SPEECH, Outcome.NONE, "no_speech")


def test_quiet_speech_is_no_silence(provider, recorded, hear):
    serve(provider, timed(segment(0.5, 3, " Hello")))
    media = recorded(10, f"{SPOKEN},volume=-30dB")

    hear(media)

    assert [cue[2] for cue in cues_of(media)] == ["Hello"]


def test_words_in_silence_are_not_believed(provider, recorded, hear):
    serve(
        provider, timed(segment(0.5, 3, " Hello"), segment(4.1, 4.9, " Thanks for watching!"), segment(5.2, 8, " Yes"))
    )
    media = recorded(10)

    hear(media)

    assert [cue[2] for cue in cues_of(media)] == ["Hello", "Yes"]


def test_times_stay_within_the_recording_and_never_overlap(provider, recorded, hear):
    said = [segment(0, 6, "a"), segment(0, 3, "b"), segment(2.5, 2.5, "c"), segment(-3, 0, "d"), segment(8, 99, "e")]
    serve(provider, timed(*said))
    media = recorded(9)

    hear(media)

    cues = cues_of(media)
    assert all(start < end for start, end, *_ in cues)
    assert all(before[1] <= after[0] for before, after in zip(cues, cues[1:], strict=False))
    assert (cues[0][0], sorted(cue[2] for cue in cues), cues[-1][1] <= 9.0) == (0.0, ["a", "b", "c", "d", "e"], True)


def test_ceiling_stops_it_and_lifting_it_goes_on(provider, recorded, hear, settings):
    settings.SPEECH_MODEL = "gpt-transcribe"
    speech = serve(provider, *[{**TEXT, "text": text} for text in ("one", "two", "three")])
    settings.AI_PRICES = {"gpt-transcribe": {"minute": 4.5}}
    Organization.objects.update(monthly_ai_ceiling=Decimal("2.50"))  # half a minute may cost 2.25, and costs 0.30
    media = recorded(70)

    stopped = hear(media)
    heard_before = speech.requests
    told = (stopped.error_code, stopped.error_message.splitlines()[0][:50], rung_of(media))
    Organization.objects.update(monthly_ai_ceiling=None)
    Job.objects.filter(pk=stopped.pk).update(state=JobState.QUEUED, attempt=0, available_at=Now())
    hear(media)

    assert told == (
        "over_ceiling",
        "This month's ceiling for paid services is reached:",
        ("speech", "refused", "over_ceiling"),
    )
    assert (heard_before, speech.requests, [cue[2] for cue in cues_of(media)]) == (1, 3, ["one", "two", "three"])


def test_no_paid_service_is_asked_where_the_site_wants_none(provider, recorded, hear, alice):
    speech = serve(provider, TEXT)
    change_site_configuration(by=alice, uses_ai=False)
    media = recorded(10)

    job = hear(media)

    assert (job.state, speech.requests, Rung.objects.count()) == (JobState.SUCCEEDED, 0, 0)


def test_upload_without_words_is_heard_by_itself(provider, recordings, alice, work_off):
    speech = serve(provider, timed(segment(0.5, 3, " Hello")))
    file = ContentFile(recordings(10, SPOKEN).read_bytes(), name="talk.m4a")

    media = upload_media(file, by=alice)
    work_off()

    media.refresh_from_db()
    assert (speech.requests, media.status, media.transcript.method) == (1, "completed", Method.SPEECH)
    assert AiCall.objects.get(purpose="transcription").subject_id == media.pk
