"""Speech recognition by a server, its shapes and its failures; and the seam to a model on this machine."""

import sys
import time
from types import SimpleNamespace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from core.ai import local_speech
from core.ai.errors import AiError
from core.ai.heard import Heard, HeardCue
from core.ai.local_speech import LocalTranscriber, local_transcriber_from
from core.ai.shutdowns import shutdown_dates
from core.ai.transcriber import Format, OpenAITranscriber, abilities_of, transcriber_from
from tests.core.embeddings_provider import as_json, refusal
from tests.core.speech_provider import (
    NO_QUOTA,
    NO_TIMES,
    PATH,
    SPEAKERS,
    TEXT,
    TIMED,
    TOO_LARGE,
    TOO_LONG,
    models,
    segment,
    serve,
    timed,
)

SECRET = "sk-loopback-secret"
SOUND = b"ID3 sound"


@pytest.fixture
def speech(httpserver: HTTPServer):
    """A transcriber of this model."""

    def make(model: str = "whisper-1", **options) -> OpenAITranscriber:
        return OpenAITranscriber(SECRET, httpserver.url_for("/v1"), model, **options)

    return make


def failure(transcriber, *, seconds: float = 4.0) -> AiError:
    with pytest.raises(AiError) as caught:
        transcriber.hear(SOUND, seconds=seconds)
    return caught.value


def test_hear_reads_text_alone(httpserver, speech):
    serve(httpserver, TEXT)

    heard = speech("gpt-transcribe").hear(SOUND, seconds=3.9)

    assert heard == Heard((HeardCue(0.0, 3.9, "Hello class"),), "en", 4.0, is_timed=False)


def test_hear_reads_segments(httpserver, speech):
    serve(httpserver, TIMED)

    heard = speech().hear(SOUND, seconds=3.1)

    assert heard == Heard((HeardCue(0.0, 1.4, "Hello class"),), "en", 4.0, is_timed=True)


def test_hear_reads_speakers(httpserver, speech):
    serve(httpserver, SPEAKERS)

    heard = speech("gpt-4o-transcribe-diarize").hear(SOUND, seconds=8.0)

    cues = (HeardCue(0.0, 1.2, "Hi.", "A"), HeardCue(1.2, 2.5, "Hello.", "B"))
    assert heard == Heard(cues, "", 8.0, is_timed=True)


def test_hear_of_nothing_said_is_empty(httpserver, speech):
    serve(httpserver, {**TIMED, "text": "", "segments": []})

    assert speech().hear(SOUND, seconds=4.0) == Heard((), "en", 4.0, is_timed=True)


def test_hear_drops_what_the_model_doubts(httpserver, speech):
    doubted = segment(2, 3, " Thanks for watching!", no_speech_prob=0.95, avg_logprob=-1.4)
    serve(httpserver, timed(segment(0, 2, " Hello"), doubted))

    assert speech().hear(SOUND, seconds=4.0).cues == (HeardCue(0, 2, "Hello"),)


@pytest.mark.parametrize(
    ("model", "form"),
    [
        ("whisper-1", {"response_format": ["verbose_json"], "timestamp_granularities[]": ["segment"]}),
        ("gpt-transcribe", {"response_format": ["json"]}),
        ("gpt-4o-mini-transcribe", {"response_format": ["json"]}),
        ("gpt-4o-transcribe-diarize", {"response_format": ["diarized_json"], "chunking_strategy": ["auto"]}),
    ],
)
def test_hear_asks_for_what_the_model_can(httpserver, speech, model, form):
    server = serve(httpserver, TEXT)

    speech(model).hear(SOUND, seconds=4.0)

    assert server.forms == [{"model": [model], **form}]


@pytest.mark.parametrize(
    ("told", "used"), [(4, 4.0), (400, 4.0), (0, 0.0), (-1, 3.1), (float("nan"), 3.1), ("4", 3.1), (None, 3.1)]
)
def test_no_more_is_used_than_was_sent(httpserver, speech, told, used):
    serve(httpserver, {**TEXT, "usage": {"type": "duration", "seconds": told}})

    assert speech().hear(SOUND, seconds=3.1).seconds == used


@pytest.mark.parametrize(
    ("model", "format"),
    [
        ("whisper-1", Format.TIMED),
        ("Systran/faster-whisper-large-v3", Format.TIMED),
        ("gpt-transcribe", Format.TEXT),
        ("gpt-4o-transcribe", Format.TEXT),
        ("gpt-4o-transcribe-diarize", Format.SPEAKERS),
        ("something-new", Format.TIMED),
    ],
)
def test_abilities_stand_in_the_name(model, format):
    assert abilities_of(model).format == format


@pytest.mark.parametrize(
    ("answer", "code", "permanent", "retry_after"),
    [
        (TOO_LARGE, "sound_too_large", True, None),
        (TOO_LONG, "sound_too_long", True, None),
        (NO_TIMES, "format_refused", True, None),
        (refusal(400, "invalid_value", "Audio file is too short. Minimum audio length is 0.1 seconds."),
         "request_refused", True, None),
        (refusal(401, "invalid_api_key"), "auth_invalid", True, None),
        (refusal(404, "model_not_found"), "not_found", True, None),
        (refusal(429, "rate_limit_exceeded", Retry_After="1"), "rate_limited", False, 1.0),
        (NO_QUOTA, "quota_exhausted", True, None),
        (refusal(500, None), "provider_5xx", False, None),
        (refusal(503, None, Retry_After="9"), "provider_5xx", False, 9.0),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_hear_maps_every_failure_and_asks_once(httpserver, speech, answer, code, permanent, retry_after):
    server = serve(httpserver, answer)

    error = failure(speech())

    assert (error.code, error.permanent, error.retry_after, server.requests) == (code, permanent, retry_after, 1)
    assert (SECRET in str(error), error.was_answered) == (False, False)


@pytest.mark.parametrize(
    "body",
    [b"", b"{bad", b"<html>busy</html>", b"[]", b"null", b"{}", b'{"text": 5}', b'{"text": null}',
     b'{"text": "a", "segments": [5]}', b'{"text": "a", "segments": [{"start": "x", "end": 1, "text": "a"}]}',
     b'{"text": "a", "segments": [{"start": 0, "end": NaN, "text": "a"}]}', b"\xff\xfe"],
)  # fmt: skip
def test_hear_says_when_an_answer_makes_no_sense(httpserver, speech, body):
    httpserver.expect_request(PATH).respond_with_data(body, content_type="application/json")

    error = failure(speech())

    assert (error.code, error.was_answered) == ("provider_changed", True)


def test_hear_gives_up_on_a_server_that_is_silent(httpserver, speech):
    def slowly(request):
        time.sleep(0.6)
        return as_json(TEXT)

    httpserver.expect_request(PATH).respond_with_handler(slowly)

    assert failure(speech(timeout=0.2)).code == "network"


def test_hear_says_when_nobody_is_there():
    assert failure(OpenAITranscriber(SECRET, "http://127.0.0.1:9/v1")).code == "network"


def test_key_is_sent_and_never_shown(httpserver, speech):
    seen = []

    def answer(request):
        seen.append(request.headers["Authorization"])
        return as_json(TEXT)

    httpserver.expect_request(PATH).respond_with_handler(answer)
    transcriber = speech()

    transcriber.hear(SOUND, seconds=1.0)

    assert (seen, SECRET in repr(transcriber)) == ([f"Bearer {SECRET}"], False)


def test_plainer_asks_for_text_once():
    timed_one = OpenAITranscriber(SECRET, model="whisper-1")

    plainer = timed_one.plainer()

    assert (timed_one.is_timed, plainer.is_timed, plainer.plainer()) == (True, False, None)


@pytest.mark.parametrize(
    ("key", "address", "provider"),
    [("", "", None), (" ", None, None), ("k", "", "api.openai.com"), ("", "http://gpu.lan:8000/v1", "gpu.lan")],
)
def test_transcriber_is_what_the_settings_describe(key, address, provider):
    made = transcriber_from(key, address, "")

    assert (made and (made.provider, made.model)) == (provider and (provider, "gpt-transcribe"))


def test_shutdown_dates_are_those_that_are_told(httpserver):
    models(httpserver, whisper_1="2027-02-26", gpt_transcribe=None, odd="soon")

    assert {name: str(day) for name, day in shutdown_dates("k", httpserver.url_for("/v1")).items()} == {
        "whisper-1": "2027-02-26"
    }


@pytest.mark.parametrize(
    ("answer", "code"),
    [(Response("<html>"), "provider_changed"), (as_json([]), "provider_changed"),
     (as_json({"data": 1}), "provider_changed"), (refusal(401, None), "auth_invalid"),
     (refusal(404, None), "not_found"), (refusal(500, None), "provider_5xx")],
)  # fmt: skip
def test_shutdown_dates_say_what_is_wrong(httpserver, answer, code):
    httpserver.expect_request("/v1/models").respond_with_response(answer)

    with pytest.raises(AiError) as caught:
        shutdown_dates("k", httpserver.url_for("/v1"))

    assert caught.value.code == code


STAND_IN = """
from dataclasses import dataclass

made = []


@dataclass
class Segment:
    start: float
    end: float
    text: str
    no_speech_prob: float = 0.01
    avg_logprob: float = -0.2
    compression_ratio: float = 1.2


class WhisperModel:
    def __init__(self, name, device, compute_type):
        if name == "broken":
            raise RuntimeError("no such model")
        made.append((name, device, compute_type))

    def transcribe(self, sound, vad_filter, condition_on_previous_text):
        self.asked = (sound.read(), vad_filter, condition_on_previous_text)
        made.append(self.asked)
        about = type("About", (), {"language": "de"})
        return iter([Segment(0.0, 1.0, " Guten Morgen"), Segment(1.0, 2.0, " Hallo")]), about
"""


@pytest.fixture
def whisper(tmp_path, monkeypatch):
    """A module of that name: the real one brings models of gigabytes."""
    (tmp_path / "faster_whisper.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(str(tmp_path))
    local_speech.loaded.cache_clear()
    yield SimpleNamespace(made=lambda: sys.modules["faster_whisper"].made)
    sys.modules.pop("faster_whisper", None)
    local_speech.loaded.cache_clear()


def test_local_model_hears(whisper):
    transcriber = LocalTranscriber("base")

    heard = transcriber.hear(SOUND, seconds=2.0)

    cues = (HeardCue(0.0, 1.0, "Guten Morgen"), HeardCue(1.0, 2.0, "Hallo"))
    assert heard == Heard(cues, "de", 2.0, is_timed=True)
    assert whisper.made() == [("base", "auto", "default"), (SOUND, True, False)]


def test_local_model_is_loaded_once(whisper):
    for _ in range(2):
        LocalTranscriber("base").hear(SOUND, seconds=2.0)

    assert whisper.made().count(("base", "auto", "default")) == 1


def test_local_model_stops_when_nobody_wants_to_know(whisper):
    with pytest.raises(AiError) as caught:
        LocalTranscriber("base").hear(SOUND, seconds=2.0, should_stop=lambda: True)

    assert caught.value.code == "cancelled"


def test_local_model_that_cannot_be_loaded_is_told(whisper):
    with pytest.raises(AiError) as caught:
        LocalTranscriber("broken").hear(SOUND, seconds=2.0)

    assert (caught.value.code, caught.value.permanent) == ("not_installed", True)


def test_local_speech_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setattr(local_speech, "MODULE", "no_such_module_of_ours")
    local_speech.loaded.cache_clear()

    with pytest.raises(AiError) as caught:
        LocalTranscriber("base").hear(SOUND, seconds=2.0)

    assert (caught.value.code, local_speech.is_installed()) == ("not_installed", False)


@pytest.mark.parametrize(("model", "made"), [("", None), (" ", None), ("base", LocalTranscriber("base"))])
def test_local_transcriber_is_what_the_settings_describe(model, made):
    assert local_transcriber_from(model) == made
