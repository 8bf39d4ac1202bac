"""From cues to passages."""

from uuid import uuid4

import pytest
from django.db import connection

from knowledge.languages import ANY_LANGUAGE, CONFIGURATIONS, text_search_configuration
from knowledge.models import Passage
from knowledge.services.indexing import index_media
from media_library.captions import TimedText
from media_library.demo.talks import TIDES, WAVES
from media_library.models.transcript import Method
from media_library.services.transcripts import publish_transcript
from tests.knowledge.conftest import add_media, cues_of


def test_passages_keep_the_times_of_their_cues(scope):
    cues = [
        TimedText(n * 4.0, n * 4 + 3.5, f"This is sentence number {n} of ten words in it.", "Mara") for n in range(100)
    ]
    media = add_media("Long", cues)

    index_media(media.pk)

    passages = list(Passage.objects.filter(media=media).order_by("position"))
    assert [passage.position for passage in passages] == [0, 1, 2]
    assert all(passage.start == cues[passage.first_cue].start for passage in passages)
    assert all(passage.end == cues[passage.end_cue - 1].end for passage in passages)
    assert {(passage.speaker, passage.search_config) for passage in passages} == {("Mara", "english")}


def test_indexing_again_changes_nothing(talks):
    before = list(Passage.objects.order_by("pk").values())

    counts = [index_media(media.pk) for media in talks.values()]

    assert list(Passage.objects.order_by("pk").values()) == before
    assert counts == [1, 1, 1]


def test_a_new_transcript_takes_the_place_of_the_old_one(talks, work_off):
    media = talks[TIDES]

    transcript = publish_transcript(media, cues_of(WAVES), language="en", method=Method.SIDECAR)
    work_off()

    (passage,) = Passage.objects.filter(media=media)
    assert (passage.transcript, passage.text) == (transcript, " ".join(cue.text for cue in cues_of(WAVES)))


def test_a_media_item_that_is_gone_has_no_passages(scope):
    assert index_media(uuid4()) == 0


def test_a_deleted_media_item_takes_its_passages_along(talks):
    talks[TIDES].delete()

    assert set(Passage.objects.values_list("media", flat=True)) == {
        media.pk for talk, media in talks.items() if talk != TIDES
    }


def test_every_configuration_is_installed(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname::text FROM pg_ts_config")
        installed = {name for (name,) in cursor.fetchall()}

    assert {*CONFIGURATIONS.values(), ANY_LANGUAGE} - installed == set()


@pytest.mark.parametrize(
    ("language", "configuration"),
    [
        ("en", "english"),
        ("pt-BR", "portuguese"),
        ("DE_at", "german"),
        ("ja", "simple"),
        ("", "simple"),
        ("x'; --", "simple"),
    ],
)
def test_a_language_chooses_its_configuration(language, configuration):
    assert text_search_configuration(language) == configuration
