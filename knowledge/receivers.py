"""What knowledge does when something happened below."""

from core.announcements import hears
from core.identifiers import uuid7
from core.jobs import enqueue
from media_library.models import Media, Transcript


@hears("transcript_published")
def index_words(media: Media, *, transcript: Transcript) -> None:
    enqueue("index_media", media.pk, key=f"index_media:{transcript.pk}")


@hears("transcript_chosen")
def index_other_words(media: Media, *, transcript: Transcript) -> None:
    """It may be chosen again and again: each time is work of its own."""
    enqueue("index_media", media.pk, key=f"index_media:{transcript.pk}:{uuid7()}")


@hears("transcript_published")
def label_words(media: Media, *, transcript: Transcript) -> None:
    enqueue("label_media", media.pk, key=f"label_media:{transcript.pk}")


@hears("transcript_chosen")
def label_other_words(media: Media, *, transcript: Transcript) -> None:
    enqueue("label_media", media.pk, key=f"label_media:{transcript.pk}:{uuid7()}")
