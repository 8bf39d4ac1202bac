"""From cues to passages."""

import hashlib
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection

from knowledge.languages import ANY_LANGUAGE, CONFIGURATIONS, text_search_configuration
from knowledge.models import Passage
from knowledge.services.indexing import index_media
from media_library.captions import TimedText
from media_library.demo.talks import TIDES, WAVES
from media_library.models.transcript import Method
from media_library.services.corrections import Corrections
from media_library.services.transcripts import choose_version, correct_transcript, publish_transcript
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


LINES = 2000


def long_talk() -> list[TimedText]:
    return [
        TimedText(n * 4.0, n * 4 + 3.5, f"Sentence number {n} has as many words as all.", "Mara") for n in range(LINES)
    ]


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rows_of(media) -> dict[str, object]:
    """Text: key of the passage that says it."""
    return dict(Passage.objects.filter(media=media).values_list("text", "pk"))


def correct(media, work_off, **changes):
    correct_transcript(media, Corrections(**changes), base=media.transcript_id, by=None)
    work_off()
    media.refresh_from_db()


@pytest.mark.parametrize(
    "words",
    ["Sentence number 1000 has as many words as ALL.", "Sentence number 1000 has many more words now than all."],
)
def test_a_corrected_line_touches_only_the_passages_that_say_it(scope, work_off, words):
    media = add_media("Long", long_talk())
    work_off()
    before = rows_of(media)

    correct(media, work_off, changed={1000: TimedText(4000, 4003.5, words, "Mara")})

    after = rows_of(media)
    fresh = {text for text in after if text not in before}
    assert all(words in text for text in fresh)
    assert {text: key for text, key in after.items() if text in before} == {
        text: key for text, key in before.items() if text in after
    }
    assert (len(before), len(after), 1 <= len(fresh) <= 2) == (41, 41, True)
    assert set(Passage.objects.values_list("transcript", flat=True)) == {media.transcript_id}


def test_passages_that_move_stay_the_rows_they_are(scope, work_off):
    media = add_media("Long", long_talk()[:200])
    work_off()
    before = rows_of(media)
    moved = {n: replace(cue, start=cue.start + 60, end=cue.end + 60) for n, cue in enumerate(long_talk()[:200])}

    correct(media, work_off, changed=moved)

    assert (rows_of(media), len(before)) == (before, 4)
    assert [passage.start for passage in Passage.objects.order_by("position")][0] == 60.0


def test_passages_of_one_transcript_change_places(scope, work_off):
    """Where two say the same, and where what comes first comes last now."""
    media = add_media("Short", [TimedText(0, 4, "One."), TimedText(4, 8, "Two.")])
    place = {"start": 1, "end": 2, "first_cue": 0, "end_cue": 1, "words": 1, "search_config": "english"}
    rows = [
        Passage.objects.create(
            media=media, transcript=media.transcript, position=n, text=text, content_hash=hash_of(text), **place
        )
        for n, text in enumerate(["Two.", "One. Two.", "One. Two."])
    ]

    index_media(media.pk)

    [passage] = Passage.objects.all()
    assert (passage.pk, passage.position, passage.text, passage.end) == (rows[1].pk, 0, "One. Two.", 8.0)


def test_a_version_chosen_again_is_indexed_again(talks, work_off):
    media = talks[TIDES]
    first, text = media.transcript, Passage.objects.get(media=media).text
    publish_transcript(media, cues_of(WAVES), language="en", method=Method.SIDECAR)
    work_off()

    choose_version(first, by=None)
    work_off()

    (passage,) = Passage.objects.filter(media=media)
    assert (passage.transcript, passage.text) == (first, text)


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
