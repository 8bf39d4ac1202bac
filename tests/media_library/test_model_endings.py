"""Models that end are told in time: by the doctor, and to superusers on the first page of the back office."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_httpserver import HTTPServer

from config.doctor import PARTS, Ailment, Warned
from core.jobs import enqueue
from core.models import Job
from media_library.services.model_endings import Ending, endings, known_endings
from tests.core.embeddings_provider import refusal
from tests.core.speech_provider import models

NOBODY_HEARS = (
    "no speech recognition: what has no captions stays without words"
    " (OPENAI_API_KEY, SPEECH_API_KEY or SPEECH_BASE_URL)"
)
SOON = (timezone.localdate() + timedelta(days=90)).isoformat()
LATER = (timezone.localdate() + timedelta(days=91)).isoformat()


@pytest.fixture
def provider(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.SPEECH_BASE_URL = settings.EMBEDDING_BASE_URL = httpserver.url_for("/v1")
    settings.SPEECH_API_KEY = settings.EMBEDDING_API_KEY = "k"
    settings.SPEECH_MODEL, settings.EMBEDDING_MODEL = "whisper-1", "text-embedding-3-large"
    return httpserver


def test_models_that_end_within_ninety_days_are_found(provider):
    models(provider, whisper_1=SOON, text_embedding_3_large=LATER, other="2026-01-01")

    assert [(one.model, one.day.isoformat()) for one in endings()] == [("whisper-1", SOON)]


def test_each_server_is_asked_once(provider):
    models(provider, whisper_1=SOON, text_embedding_3_large=SOON)

    assert ([one.model for one in endings()], len(provider.log)) == (["text-embedding-3-large", "whisper-1"], 1)


def test_doctor_warns(provider, db):
    models(provider, whisper_1=SOON)

    with pytest.raises(Warned, match=f"The model whisper-1 is shut down on {SOON}, in 90 days"):
        PARTS["models"]()


def test_doctor_is_content_where_nothing_ends(provider, db):
    models(provider, whisper_1=None)

    assert PARTS["models"]() == (True, "no end is known of text-embedding-3-large, whisper-1")


def test_a_server_without_a_list_has_no_ends(provider):
    provider.expect_request("/v1/models").respond_with_response(refusal(404, None))

    assert endings() == []


@pytest.mark.parametrize(
    ("setting", "value", "answer"),
    [
        ("SPEECH_BASE_URL", "", (None, NOBODY_HEARS)),
        ("SPEECH_API_KEY", "k", (True, "gpt-transcribe of api.openai.com hears words for $0.0045 a minute")),
        ("SPEECH_BASE_URL", "http://gpu.lan/v1", (True, "gpt-transcribe of gpu.lan hears words for $0.0000 a minute")),
        ("SPEECH_BASE_URL", "https://a.example.com/v1",
         (True, "gpt-transcribe of a.example.com hears words for $0.0045 a minute")),
    ],
)  # fmt: skip
def test_doctor_says_who_hears_words(settings, setting, value, answer):
    settings.SPEECH_API_KEY = settings.SPEECH_BASE_URL = settings.LOCAL_SPEECH_MODEL = ""
    settings.SPEECH_MODEL = "gpt-transcribe"
    setattr(settings, setting, value)

    assert PARTS["speech"]() == answer


def test_doctor_says_that_the_local_model_is_not_installed(settings, monkeypatch):
    settings.LOCAL_SPEECH_MODEL = "base"
    monkeypatch.setattr("core.ai.local_speech.MODULE", "no_such_module_of_ours")

    with pytest.raises(Ailment, match="local-ai"):
        PARTS["speech"]()


def test_doctor_refuses_prices_that_are_none(settings):
    settings.SPEECH_API_KEY, settings.LOCAL_SPEECH_MODEL, settings.AI_PRICES = "k", "", {"m": 1}

    with pytest.raises(ValueError, match="AI_PRICES"):
        PARTS["speech"]()


def test_daily_job_keeps_what_it_was_told_for_superusers(provider, alice, client_of, work_off):
    models(provider, whisper_1=SOON)
    enqueue("look_at_models", key="today")
    work_off()

    as_owner = client_of(alice).get(reverse("admin:index")).content.decode()
    alice.is_superuser = alice.is_staff = True
    alice.save()
    as_superuser = client_of(alice).get(reverse("admin:index")).content.decode()

    assert [one.model for one in known_endings()] == ["whisper-1"]
    assert ("whisper-1" in as_owner, "The model whisper-1 is shut down on" in as_superuser) == (False, True)


@pytest.mark.parametrize("status", [401, 403, 405, 500])
def test_a_server_that_tells_nothing_hides_no_other(provider, settings, status):
    settings.EMBEDDING_BASE_URL = provider.url_for("/other")
    provider.expect_request("/other/models").respond_with_response(refusal(status, None))
    models(provider, whisper_1=SOON)

    assert [(one.model, one.day.isoformat()) for one in endings()] == [("whisper-1", SOON)]


@pytest.mark.parametrize(
    ("address", "model", "found"),
    [
        ("https://api.example.invalid/v1", "whisper-1", ["whisper-1"]),
        ("https://api.example.invalid/v1", "gpt-4o-mini-transcribe-2025-12-15", ["gpt-4o-mini-transcribe-2025-12-15"]),
        ("https://api.example.invalid/v1", "gpt-transcribe", []),
        ("http://127.0.0.1:9/v1", "whisper-1", []),
    ],
)
def test_what_was_announced_counts_where_nobody_can_be_asked(settings, monkeypatch, address, model, found):
    monkeypatch.setattr("media_library.services.model_endings.WARNED_DAYS", 100_000)
    settings.SPEECH_BASE_URL, settings.SPEECH_MODEL = address, model
    settings.EMBEDDING_API_KEY = settings.EMBEDDING_BASE_URL = ""

    assert [one.model for one in endings()] == found


@pytest.mark.parametrize(
    ("model", "words"),
    [("whisper-1", "Configure gpt-transcribe before."), ("mystery", "Configure another one before.")],
)
def test_words_name_what_takes_its_place(model, words):
    ending = Ending(model, timezone.localdate() + timedelta(days=90))

    assert ending.words.endswith(f"in 90 days. {words}")


def test_job_that_releases_forgotten_calls_is_scheduled(db, work_off):
    job = enqueue("release_forgotten_calls", key="today")

    work_off()

    assert Job.objects.get(pk=job.pk).state == "succeeded"
