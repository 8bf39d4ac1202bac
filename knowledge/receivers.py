"""What knowledge does when something happened below."""

from core.announcements import hears
from core.jobs import enqueue
from media_library.models import Media, Transcript


@hears("transcript_published")
def index_words(media: Media, *, transcript: Transcript) -> None:
    enqueue("index_media", media.pk, key=f"index_media:{transcript.pk}")
