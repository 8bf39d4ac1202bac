"""A library of the demo talks: every sentence is one cue, at a time that is known."""

from collections.abc import Callable

import pytest

from accounts.models import Organization
from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.demo.talks import CURRENTS, TIDES, WAVES, Talk
from media_library.models import Kind, Media, Publication, Rendition, Source
from media_library.models.transcript import Method
from media_library.services.transcripts import publish_transcript

SECONDS_A_SENTENCE = 5.0


def times_of(talk: Talk) -> dict[str, float]:
    """Sentence: the second at which it is said, in the films of these tests."""
    return {sentence: n * SECONDS_A_SENTENCE + 0.5 for n, (_, sentence) in enumerate(talk.sentences())}


def cues_of(talk: Talk) -> list[TimedText]:
    return [TimedText(start, start + 4.5, sentence, "Mara") for sentence, start in times_of(talk).items()]


def add_media(
    title: str, cues: list[TimedText], *, publication: str = Publication.PUBLISHED, language: str = "en"
) -> Media:
    """Something playable with these words, in the organization in scope."""
    media = Media.objects.create(
        kind=Kind.VIDEO,
        source=Source.UPLOAD,
        source_path=f"{title}.mp4",
        title=title,
        publication=publication,
        duration=90,
    )
    media.rendition = Rendition.objects.create(media=media, folder=f"renditions/{media.pk}")
    media.save()
    publish_transcript(media, cues, language=language, method=Method.EMBEDDED)
    return media


@pytest.fixture
def talks(scope: Organization, work_off: Callable[[], int]) -> dict[Talk, Media]:
    """The three talks, published and indexed, in alice's organization."""
    library = {talk: add_media(talk.title, cues_of(talk)) for talk in (TIDES, WAVES, CURRENTS)}
    work_off()
    return library


@pytest.fixture
def foreign_talk(other_organization: Organization, work_off: Callable[[], int]) -> Media:
    """The talk about tides in charlie's organization."""
    with organization_scope(other_organization):
        media = add_media(TIDES.title, cues_of(TIDES))
    work_off()
    return media
