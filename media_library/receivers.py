"""What the library does when work on its media changes or ends."""

from typing import Any

from accounts.models import Membership
from core.announcements import hears
from core.models import Job
from media_library.models import Media, Transcript
from media_library.podcasts import (
    hearing,  # noqa: F401  (importing it registers who may hear)
    placement,  # noqa: F401  (importing it registers where it shows media)
    private_shows,  # noqa: F401  (what can be followed)
)
from media_library.podcasts.changes import touch_shows_of
from media_library.podcasts.episodes import heard_instead
from media_library.podcasts.importing.shows import follow_show_import
from media_library.podcasts.importing.sound import follow_fetching
from media_library.podcasts.keys import end_keys_of
from media_library.podcasts.sound import follow_sound
from media_library.podcasts.tagging import tag_audio_later
from media_library.services.bringing import follow_bringing
from media_library.services.import_media import publish_as_told
from media_library.services.importing import follow_import
from media_library.services.playlists import list_instead
from media_library.services.replacing import follow_replacement
from media_library.services.settling import follow_check
from media_library.services.status import refresh_status
from media_library.services.telling import expect_telling
from media_library.services.unpublished import expect_removal


@hears("job_changed")
def follow_job(job: Job) -> None:
    if job.stage and job.subject_id and job.organization_id:
        refresh_status(job.subject_id)
        expect_removal(job)
        follow_check(job)
        follow_bringing(job)
        follow_replacement(job)
        follow_sound(job)
    elif job.organization_id:
        follow_import(job)
        follow_show_import(job)
        follow_fetching(job)


@hears("media_described")
def publish_what_was_published(media: Media, *, source: str) -> None:
    publish_as_told(media)


@hears("media_duplicated")
def list_the_first(media: Media, *, existing: Media) -> None:
    list_instead(media, existing)
    heard_instead(media, existing)


@hears("chapters_marked")
def write_chapters_into_sound(media: Media, *, by: Any) -> None:
    tag_audio_later(media)


@hears("transcript_published")
@hears("transcript_chosen")
def tell_feeds_of_words(media: Media, *, transcript: Transcript) -> None:
    touch_shows_of(media.pk)


@hears("media_replaced")
def tell_feeds_of_file(media: Media, *, by: Any) -> None:
    touch_shows_of(media.pk)


@hears("media_removed")
def tell_feeds_of_end(media: Media) -> None:
    """Archived media are not heard any more."""
    touch_shows_of(media.pk)


@hears("media_completed")
def tell_of_success(media: Media) -> None:
    expect_telling(media)


@hears("media_failed")
def tell_of_failure(media: Media) -> None:
    expect_telling(media)


@hears("member_removed")
def end_private_feeds(membership: Membership) -> None:
    end_keys_of(membership)
