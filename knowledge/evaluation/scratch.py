"""An organization that never was: texts can be looked for in it, and nobody ever sees it.

Everything happens in one transaction that is not committed. So nothing has to be removed afterwards, and nothing stays
behind however the program ends: killed, without power, or with an error. What a provider took for it stands in no
ledger, as there is nobody whose ledger it could be.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from accounts.models import Organization
from core.identifiers import uuid7
from core.tenancy import organization_scope
from knowledge.evaluation.files import Text
from knowledge.models import Passage
from knowledge.services.embedding import embed
from knowledge.services.indexing import index_media
from media_library.models import Cue, Media, Publication, Source, Transcript
from media_library.models.transcript import Method

SECONDS_A_WORD = 0.4


@contextmanager
def scratch_library(texts: Sequence[Text]) -> Iterator[dict[str, UUID]]:
    """In scope: an organization whose library says these texts, one cue each. Gives their ids with the media's keys.

    Passages are cut and embedded as anybody's are. Raises AiError, OverCeiling, PriceUnknown.
    """
    with transaction.atomic():
        organization = Organization.objects.create(name="Scratch", slug=f"scratch-{uuid7().hex}")
        with organization_scope(organization):
            keys = _store(texts)
            for key in keys.values():
                index_media(key)
                embed(Passage.objects.filter(media=key), subject_id=key)
            yield keys
        transaction.set_rollback(True)


def _store(texts: Sequence[Text]) -> dict[str, UUID]:
    media = [_media(text) for text in texts]
    Media.objects.bulk_create(media)
    transcripts = [
        Transcript(media=item, language=text.language, method=Method.SIDECAR)
        for item, text in zip(media, texts, strict=True)
    ]
    Transcript.objects.bulk_create(transcripts)
    Cue.objects.bulk_create(_cue(*pair) for pair in zip(transcripts, texts, strict=True))
    for item, transcript in zip(media, transcripts, strict=True):
        item.transcript = transcript
    Media.objects.bulk_update(media, ["transcript"], batch_size=500)
    return {text.id: item.pk for text, item in zip(texts, media, strict=True)}


def _media(text: Text) -> Media:
    return Media(title=text.title, source=Source.UPLOAD, source_path="scratch", publication=Publication.DRAFT)


def _cue(transcript: Transcript, text: Text) -> Cue:
    seconds = max(1.0, SECONDS_A_WORD * len(text.text.split()))
    return Cue(transcript=transcript, position=0, start=0, end=seconds, text=text.text)
