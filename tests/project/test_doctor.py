"""What works and will not for ever is told, and fails nothing."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from config import doctor

UNKNOWN = "at a price that nobody knows: it counts as $0, and under a ceiling nothing is asked of it (AI_PRICES)"


@pytest.fixture
def only_embedder(db, monkeypatch, settings):
    """A paid model of which nobody knows the price."""
    monkeypatch.setattr("config.doctor.PARTS", {"embedder": doctor.PARTS["embedder"]})
    settings.EMBEDDING_API_KEY, settings.EMBEDDING_BASE_URL, settings.AI_PRICES = "k", "", {}
    settings.EMBEDDING_MODEL = "mystery"


def told(**options):
    """Raises SystemExit where a part does not work."""
    out = StringIO()
    call_command("doctor", stdout=out, **options)
    return out.getvalue()


def test_warning_is_marked_and_fails_nothing(only_embedder):
    words = f"search by meaning with mystery {UNKNOWN}"

    lines, found = told(), json.loads(told(json=True))

    assert lines == f"WARN embedder    {words}\n"
    assert found == [{"part": "embedder", "works": True, "words": words, "warns": True}]


def test_known_price_is_no_warning(only_embedder, settings):
    settings.AI_PRICES = {"mystery": {"million_tokens": 0.1}}

    assert told() == "ok   embedder    search by meaning with mystery\n"


def test_speech_of_unknown_price_is_a_warning(settings):
    settings.SPEECH_API_KEY, settings.SPEECH_BASE_URL, settings.LOCAL_SPEECH_MODEL = "k", "", ""
    settings.SPEECH_MODEL, settings.AI_PRICES = "mystery", {}

    with pytest.raises(doctor.Warned) as warning:
        doctor.PARTS["speech"]()

    assert str(warning.value) == f"mystery of api.openai.com hears words {UNKNOWN}"
