"""Versions of the words: which one is read, who replaces whom, and what a correction changes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.errors import Refused
from core.models import Job
from media_library.captions import TimedText
from media_library.models import Media, Source, Transcript
from media_library.services.corrections import Corrections
from media_library.services.giving import give_cues, give_file, give_text
from media_library.services.transcripts import (
    choose_version,
    correct_transcript,
    delete_version,
    publish_transcript,
    timed_texts,
)

HEARD = [TimedText(0, 2, "good evening"), TimedText(2, 4, "about tights"), TimedText(4, 6, "and the moon")]
OTHER = [TimedText(0, 2, "Other words")]


@pytest.fixture
def media(scope, alice) -> Media:
    return Media.objects.create(source=Source.UPLOAD, source_path="a.mp4", title="Tides", creator=alice)


@pytest.fixture
def heard(media) -> Transcript:
    return publish_transcript(
        media, HEARD, language="en", method="speech", is_generated=True, timing="chunk", model="whisper-1", cost=0.012,
        seconds_taken=3.5,
    )  # fmt: skip


def fix(media, base, **changes) -> Transcript:
    return correct_transcript(media, Corrections(**changes), base=base.pk, by=None)


def read_now(media) -> list[str]:
    media.refresh_from_db()
    return [cue.text for cue in media.transcript.cues.all()]


def refusal(action, *arguments, **named) -> Refused:
    with pytest.raises(Refused) as refused:
        action(*arguments, **named)
    return refused.value


def test_a_version_knows_where_it_came_from(media, heard):
    facts = Transcript.objects.values("method", "is_generated", "timing", "model", "words", "seconds_taken", "by").get()

    assert facts == {
        "method": "speech", "is_generated": True, "timing": "chunk", "model": "whisper-1", "words": 7,
        "seconds_taken": 3.5, "by": None,
    }  # fmt: skip
    assert float(Transcript.objects.get().cost) == 0.012


def test_a_correction_is_a_version_of_its_own(media, heard, alice):
    changes = Corrections(changed={1: TimedText(2, 4, "about tides", "Mara")})

    fixed = correct_transcript(media, changes, base=heard.pk, by=alice)

    assert read_now(media) == ["good evening", "about tides", "and the moon"]
    assert (fixed.method, fixed.by, fixed.based_on, fixed.timing, fixed.cost) == ("edited", alice, heard, "chunk", 0)
    assert timed_texts(heard) == HEARD


def test_lines_are_split_joined_removed_and_added(media, heard):
    fix(
        media, heard,
        changed={0: TimedText(0, 1, "good"), 1: TimedText(2, 6, "about tides and the moon")},
        removed=frozenset({2}),
        added=[TimedText(1, 2, "evening"), TimedText(9, 10, "The end.")],
    )  # fmt: skip

    media.refresh_from_db()
    assert timed_texts(media.transcript) == [
        TimedText(0, 1, "good"), TimedText(1, 2, "evening"), TimedText(2, 6, "about tides and the moon"),
        TimedText(9, 10, "The end."),
    ]  # fmt: skip


def test_a_correction_of_an_old_version_is_refused_and_loses_nothing(media, heard):
    fix(media, heard, removed=frozenset({0}))

    refused = refusal(fix, media, heard, removed=frozenset({1}))

    assert (refused.code, refused.status) == ("changed_meanwhile", 409)
    assert (read_now(media), Transcript.objects.count()) == (["about tights", "and the moon"], 2)


def test_a_correction_that_changes_nothing_is_no_version(media, heard):
    same = fix(media, heard, changed={0: TimedText(0, 2, " good  evening ")})

    assert (same, Transcript.objects.count()) == (heard, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"changed": {3: TimedText(0, 1, "a")}}, "changed"),
        ({"removed": frozenset({9})}, "changed"),
        ({"changed": {0: TimedText(0, 1, "<b></b>")}}, "changed.0"),
        ({"changed": {0: TimedText(2, 2, "a")}}, "changed.0"),
        ({"changed": {0: TimedText(-1, 2, "a")}}, "changed.0"),
        ({"changed": {0: TimedText(0, float("inf"), "a")}}, "changed.0"),
        ({"changed": {0: TimedText(0, float("nan"), "a")}}, "changed.0"),
        ({"changed": {0: TimedText(0, 1, "a" * 2001)}}, "changed.0"),
        ({"added": [TimedText(0, 1, "a"), TimedText(0, 1, "\u200b")]}, "added.1"),
        ({"removed": frozenset({0, 1, 2})}, "cues"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(media, heard, changes, field):
    refused = refusal(fix, media, heard, **changes)

    assert (refused.code, list(refused.fields), Transcript.objects.count()) == ("invalid", [field], 1)


def test_media_without_words_has_nothing_to_correct(media):
    refused = refusal(correct_transcript, media, Corrections(), base=uuid4(), by=None)

    assert (refused.code, refused.status) == ("no_transcript", 404)


@pytest.mark.parametrize("method", ["sidecar", "edited"])
def test_a_machine_never_replaces_what_a_person_wrote(media, method):
    publish_transcript(media, HEARD, language="en", method=method)

    kept = publish_transcript(media, OTHER, language="en", method="speech", is_generated=True)

    assert (read_now(media)[0], media.transcript.method, timed_texts(kept)) == ("good evening", method, OTHER)
    assert Job.objects.filter(kind="index_media").count() == 1


@pytest.mark.parametrize("method", ["speech", "local", "host", "embedded"])
def test_a_machine_replaces_a_machine(media, heard, method):
    publish_transcript(media, OTHER, language="en", method=method)

    assert read_now(media) == ["Other words"]


def test_a_machine_never_replaces_what_a_person_chose(media, heard):
    publish_transcript(media, OTHER, language="en", method="host")
    choose_version(heard, by=None)

    publish_transcript(media, [TimedText(0, 1, "Third")], language="en", method="local")

    assert read_now(media)[0] == "good evening"


@pytest.mark.parametrize(("days", "words"), [(1, "Other words"), (-1, "good evening"), (None, "good evening")])
def test_a_file_replaces_what_a_person_wrote_before_it_was_given(media, days, words):
    publish_transcript(media, HEARD, language="en", method="edited")
    given_at = days and timezone.now() + timedelta(days=days)

    publish_transcript(media, OTHER, language="en", method="sidecar", given_at=given_at)

    assert (read_now(media)[0], Transcript.objects.count()) == (words, 2)


def test_words_given_once_more_are_read_again(media):
    give_cues(media, OTHER, by=None)
    first = publish_transcript(media, HEARD, language="en", method="speech")
    choose_version(first, by=None)

    given = give_cues(media, OTHER, by=None)

    assert (read_now(media), media.transcript, Transcript.objects.count()) == (["Other words"], given, 2)
    assert Job.objects.filter(kind="index_media").count() == 3


def test_a_choice_outlives_the_version_that_was_not_chosen(media, heard):
    other = publish_transcript(media, OTHER, language="en", method="host")
    choose_version(heard, by=None)
    delete_version(other, by=None)

    publish_transcript(media, [TimedText(0, 1, "Third")], language="en", method="local")

    assert read_now(media)[0] == "good evening"


def test_the_same_words_once_more_are_no_version(media, heard):
    again = publish_transcript(media, HEARD, language="en", method="speech")
    german = publish_transcript(media, HEARD, language="de", method="speech")

    assert (again == heard, german == heard, Transcript.objects.count()) == (True, False, 2)


def test_a_sidecar_read_again_leaves_its_correction(media):
    given = publish_transcript(media, HEARD, language="en", method="sidecar")
    fixed = fix(media, given, removed=frozenset({2}))
    delete_version(given, by=None)

    publish_transcript(media, HEARD, language="en", method="sidecar")

    media.refresh_from_db()
    assert media.transcript == fixed


def test_any_version_may_be_chosen_again_and_again(media, heard, work_off):
    other = publish_transcript(media, OTHER, language="en", method="host")
    for version in (heard, other, heard, heard):
        choose_version(version, by=None)

    assert read_now(media)[0] == "good evening"
    assert Job.objects.filter(kind="index_media").count() == 5


def test_the_version_that_is_read_is_not_deleted(media, heard):
    other = publish_transcript(media, OTHER, language="en", method="host")

    refused = refusal(delete_version, other, by=None)
    delete_version(heard, by=None)

    assert (refused.code, refused.status) == ("in_use", 409)
    assert list(Transcript.objects.all()) == [other]


def test_given_files_texts_and_lines_become_versions(media, heard, alice):
    vtt = b"WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour\n"

    class Sent:
        def read(self, size: int) -> bytes:
            return vtt[:size]

    file = give_file(media, Sent(), filename="talk.fr.vtt", by=alice)
    text = give_text(media, vtt.decode().replace("Bonjour", "Buongiorno"), language="it", by=alice)
    lines = give_cues(media, OTHER, by=alice)

    kinds = [(one.method, one.language, one.by, one.based_on) for one in (file, text, lines)]
    assert kinds == [
        ("edited", "fr", alice, heard), ("edited", "it", alice, file), ("edited", "it", alice, text),
    ]  # fmt: skip
    assert read_now(media) == ["Other words"]


@pytest.mark.parametrize(
    ("give", "arguments", "code"),
    [
        (give_text, ("just words",), "captions_unreadable"),
        (give_text, ("WEBVTT\n",), "captions_empty"),
        (give_text, ("x" * 6_000_000,), "captions_too_large"),
        (give_cues, ([],), "captions_empty"),
        (give_cues, ([TimedText(1, 1, "a")],), "invalid"),
    ],
)
def test_what_holds_no_words_is_refused(media, heard, give, arguments, code):
    assert (refusal(give, media, *arguments, by=None).code, Transcript.objects.count()) == (code, 1)
