"""Speech recognition from the file to the transcript, against a server on loopback."""

import subprocess
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Response

from accounts.models import Organization
from core.jobs import cancel_job, enqueue
from core.models import AiCall, CallState, Job
from core.models.job import JobState
from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.ffmpeg.pieces import Lengths
from media_library.models import Media, Method, Outcome, Rung, Source, Timing, Transcript
from media_library.services import listening
from media_library.services.rung_record import rungs_tried
from media_library.services.site import change_site_configuration
from media_library.services.transcribing import look_for_words
from media_library.services.transcripts import publish_transcript, replace_transcript
from media_library.services.uploads import upload_media
from media_library.storage import heard_folder
from tests.core.embeddings_provider import as_json, refusal
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

SHORT_PIECES = Lengths(aim=15, limit=20, gap=3)
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


def rung_of_machine(media: Media) -> tuple[str, str, str]:
    rung = next(rung for rung in rungs_tried(media) if rung.method in (Method.SPEECH, Method.LOCAL))
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


def test_words_are_shown_without_markup(provider, recorded, hear):
    serve(provider, timed(segment(0, 4, "<script>alert(1)</script> hi <v Bob>", speaker="<b>\u202eA</b>")))
    media = recorded(10)

    hear(media)

    assert cues_of(media) == [(0.0, 4.0, "alert(1) hi", "A")]


def test_a_flood_of_words_becomes_lines(provider, recorded, hear):
    serve(provider, timed(segment(0, 4, " ".join(f"word{n}" for n in range(1000)))))
    media = recorded(10)

    hear(media)

    assert [len(cue[2]) <= 2000 for cue in cues_of(media)] == [True] * 4
    assert media.transcript.words == 1000


def test_signs_that_nobody_sees_are_no_words(provider, recorded, hear):
    serve(provider, timed(segment(0, 4, "<i></i>\u200b\ud800\x00")))
    media = recorded(10)

    job = hear(media)

    assert (job.state, media.transcript, rung_of(media)) == ("succeeded", None, ("speech", "none", "no_speech"))


def test_speakers_of_different_pieces_are_not_said_to_be_the_same(provider, recorded, hear, settings, monkeypatch):
    monkeypatch.setattr(listening, "TIMED", SHORT_PIECES)
    settings.SPEECH_MODEL = "gpt-4o-transcribe-diarize"
    serve(provider, SPEAKERS)
    media = recorded(25)

    hear(media)

    assert [(cue[2], cue[3]) for cue in cues_of(media)] == [
        ("Hi.", "A (1)"), ("Hello.", "B (1)"), ("Hi.", "A (2)"), ("Hello.", "B (2)"),
    ]  # fmt: skip


def test_why_the_file_cannot_be_heard_stands_at_its_rung(provider, recorded, hear):
    media = recorded(10)
    default_storage.delete(media.source_path)

    job = hear(media)

    assert (job.error_code, rung_of(media)) == ("source_missing", ("speech", "failed", "source_missing"))


def test_who_gave_words_meanwhile_is_told_that_nothing_was_heard(provider, recorded, hear, alice):
    speech = serve(provider, TEXT)
    media = recorded(10)
    replace_transcript(media, [TimedText(0, 1, "By hand")], language="en", by=alice)

    hear(media)

    assert (speech.requests, rung_of(media)) == (0, ("speech", "skipped", "found_before"))


def test_who_tells_no_times_once_is_not_asked_for_them_again(provider, recorded, hear, settings, monkeypatch):
    monkeypatch.setattr(listening, "TIMED", SHORT_PIECES)
    monkeypatch.setattr(listening, "UNTIMED", Lengths(aim=5, limit=8, gap=3))
    settings.SPEECH_MODEL, settings.AI_PRICES = "mystery", {"mystery": {"minute": 60}}
    speech = serve(provider, TEXT)
    media = recorded(25)

    hear(media)

    asked = [form["response_format"][0] for form in speech.forms]
    assert asked == ["verbose_json", *["json"] * 5]
    assert (media.transcript.cost, AiCall.objects.filter(state=CallState.PAID).count()) == (6 * 4, 6)


def test_after_a_failure_nothing_new_is_asked(provider, recorded, work_off, settings, monkeypatch):
    monkeypatch.setattr(listening, "TIMED", SHORT_PIECES)
    monkeypatch.setattr(listening, "UNTIMED", Lengths(aim=5, limit=8, gap=3))
    settings.SPEECH_MODEL, settings.SPEECH_AT_ONCE = "mystery", 2
    both = threading.Barrier(2, timeout=30)
    media = recorded(25)

    def later(_request: object) -> object:
        time.sleep(0.8)
        return as_json(TEXT)

    with HTTPServer(threaded=True) as crowded:
        settings.SPEECH_BASE_URL = crowded.url_for("/v1")
        speech = serve(crowded, refusal(401, None), later)
        speech.hold = both.wait
        job = one_attempt(media, work_off)

    assert (job.error_code, speech.requests, kept_files(media)) == ("auth_invalid", 2, 1)
    assert sorted(AiCall.objects.values_list("state", flat=True)) == ["failed", "paid"]


def test_an_answer_that_nobody_can_read_is_paid(provider, recorded, hear):
    serve(provider, Response("{bad", content_type="application/json"))
    media = recorded(10)

    job = hear(media)

    call = AiCall.objects.get()
    assert (job.error_code, call.state, call.quantity) == ("provider_changed", CallState.PAID, 10)


def test_a_media_item_is_heard_once_at_a_time(provider, recorded, work_off):
    media = recorded(10)
    first = enqueue("hear_media", media.pk, key="first", delay=timedelta(hours=1))

    enqueue("transcribe_media", media.pk, key="search")
    work_off()

    assert Job.objects.get(kind="hear_media") == first


def test_nothing_said_is_not_heard_again_unless_a_person_asks(provider, recorded, work_off, alice):
    speech = serve(provider, timed())
    media = recorded(10)
    requests = []

    for n in range(2):
        enqueue("transcribe_media", media.pk, key=f"search {n}")
        work_off()
        requests.append((speech.requests, rung_of_machine(media)))
    look_for_words(media, by=alice)
    work_off()

    assert requests == [(1, ("speech", "none", "no_speech"))] * 2
    assert speech.requests == 2


def test_other_sound_is_heard_though_there_was_nothing_in_the_first(provider, recorded, work_off):
    speech = serve(provider, timed())
    media = recorded(10)
    enqueue("transcribe_media", media.pk, key="first")
    work_off()
    with default_storage.open(media.source_path) as file:
        media.source_path = default_storage.save(f"{media.source_path}.other.m4a", file)
    media.save()

    enqueue("transcribe_media", media.pk, key="second")
    work_off()

    assert speech.requests == 2


@pytest.mark.parametrize(
    ("ceiling", "model", "code", "words"),
    [
        ("0", "whisper-1", "over_ceiling", "The ceiling for paid services is $0 a month"),
        ("5", "mystery", "price_unknown", "There is a ceiling for paid services, and nobody knows what mystery of"),
    ],
)
def test_search_says_why_nothing_may_be_paid(provider, recorded, work_off, settings, ceiling, model, code, words):
    settings.SPEECH_MODEL, settings.SPEECH_BASE_URL = model, "https://api.example.invalid/v1"
    Organization.objects.update(monthly_ai_ceiling=Decimal(ceiling))
    media = recorded(10)

    enqueue("transcribe_media", media.pk, key="search")
    work_off()

    assert rung_of_machine(media) == ("speech", "refused", code)
    assert Rung.objects.get(method="speech").message.startswith(words)
    assert Job.objects.filter(kind="hear_media").count() == 0


def test_a_price_that_is_not_known_any_more_puts_it_off(provider, recorded, work_off, settings):
    settings.SPEECH_MODEL, settings.SPEECH_BASE_URL = "mystery", "https://api.example.invalid/v1"
    Organization.objects.update(monthly_ai_ceiling=Decimal(5))
    media = recorded(10)

    job = one_attempt(media, work_off)

    assert (job.state, job.error_code, AiCall.objects.count()) == ("queued", "price_unknown", 0)
    assert rung_of(media) == ("speech", "refused", "price_unknown")


@pytest.mark.django_db(transaction=True)
def test_words_that_came_while_it_was_heard_go_on_being_read(provider, recorded, work_off):
    media = recorded(10)

    def meanwhile(_request: object) -> object:
        with organization_scope(media.organization):
            publish_transcript(media, [TimedText(0, 1, "Free words")], language="en", method=Method.HOST)
        connection.close()
        return as_json(timed(segment(0, 3, "Paid words")))

    serve(provider, meanwhile)

    one_attempt(media, work_off)

    media.refresh_from_db()
    assert (media.transcript.method, rung_of(media)) == (Method.HOST, ("speech", "found", ""))
    assert sorted(Transcript.objects.values_list("method", flat=True)) == ["host", "speech"]


@pytest.mark.django_db(transaction=True)
def test_what_is_answered_after_a_stop_is_paid_and_kept(provider, recorded, settings, monkeypatch, work_off):
    media = recorded(10)
    monkeypatch.setattr("core.jobs.run.LONGEST_BEAT", 0.1)

    def stopped(_request: object) -> object:
        with organization_scope(media.organization):
            cancel_job(Job.objects.get(kind="hear_media"))
        connection.close()
        time.sleep(0.8)
        return as_json(timed(segment(0, 3, "one"), usage={"type": "duration", "seconds": 7}))

    serve(provider, stopped)

    job = one_attempt(media, work_off)

    call = AiCall.objects.get()
    assert (job.state, call.state, call.quantity, kept_files(media)) == ("cancelled", CallState.PAID, 7, 1)


def test_times_stay_within_the_recording_and_never_overlap(provider, recorded, hear):
    said = [segment(0, 6, "a"), segment(0, 3, "b"), segment(2.5, 2.5, "c"), segment(-3, 0, "d"), segment(8, 99, "e")]
    serve(provider, timed(*said))
    media = recorded(9)

    hear(media)

    cues = cues_of(media)
    assert all(start < end for start, end, *_ in cues)
    assert all(before[1] <= after[0] for before, after in zip(cues, cues[1:], strict=False))
    assert (cues[0][0], sorted(cue[2] for cue in cues), cues[-1][1] <= 9.0) == (0.0, ["a", "b", "c", "d", "e"], True)


def test_ceiling_puts_it_off_and_lifting_it_goes_on(provider, recorded, hear, work_off, settings):
    settings.SPEECH_MODEL = "gpt-transcribe"
    speech = serve(provider, *[{**TEXT, "text": text} for text in ("one", "two", "three")])
    settings.AI_PRICES = {"gpt-transcribe": {"minute": 4.5}}
    Organization.objects.update(monthly_ai_ceiling=Decimal("2.50"))  # half a minute may cost 2.25, and costs 0.30
    media = recorded(70)

    waiting = one_attempt(media, work_off)
    heard_before, told = speech.requests, rung_of(media)
    hours = (waiting.available_at - timezone.now()).total_seconds() / 3600
    Organization.objects.update(monthly_ai_ceiling=None)
    hear(media)

    assert (waiting.state, waiting.attempt, waiting.error_code, round(hours)) == ("queued", 0, "over_ceiling", 6)
    assert waiting.error_message.startswith("This month's ceiling for paid services is reached:")
    assert told == ("speech", "refused", "over_ceiling")
    assert (heard_before, speech.requests, [cue[2] for cue in cues_of(media)]) == (1, 3, ["one", "two", "three"])


def test_no_paid_service_is_asked_where_the_site_wants_none(provider, recorded, hear, alice):
    speech = serve(provider, TEXT)
    change_site_configuration(by=alice, uses_ai=False)
    media = recorded(10)

    job = hear(media)

    assert (job.state, speech.requests, rung_of(media)) == (
        JobState.SUCCEEDED, 0, ("speech", "refused", "nobody_listens"),
    )  # fmt: skip


def test_upload_without_words_is_heard_by_itself(provider, recordings, alice, work_off):
    speech = serve(provider, timed(segment(0.5, 3, " Hello")))
    file = ContentFile(recordings(10, SPOKEN).read_bytes(), name="talk.m4a")

    media = upload_media(file, by=alice)
    work_off()

    media.refresh_from_db()
    assert (speech.requests, media.status, media.transcript.method) == (1, "completed", Method.SPEECH)
    assert AiCall.objects.get(purpose="transcription").subject_id == media.pk
