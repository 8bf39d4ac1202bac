"""What the library does later."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.ai import ledger
from core.jobs import Run, job, scheduled
from core.models.job import Lane
from media_library.batches import taking, unused
from media_library.podcasts import tagging, visits
from media_library.podcasts.importing import shows, sound
from media_library.services import (
    bringing,
    cleaning,
    describing,
    expiring,
    hearing,
    host_pictures,
    import_rows,
    inspecting,
    leaving,
    messages,
    model_endings,
    picturing,
    playback,
    processing,
    purging,
    recounting,
    remuxing,
    renewing,
    sounding,
    source_accounts,
    source_media,
    syncing,
    telling,
    transcribing,
    unpublished,
)

SIX_HOURS = 6 * 3600  # seconds; each FFmpeg command has a limit of its own, scaled with the length of the recording
TEN_MINUTES, HOUR, TWO_HOURS = 600, 3600, 7200

# Of one organization's work the highest number comes first: what makes something watchable before what improves it.
# Hosts are asked about the next item when the words of this one are there.
SOMEBODY_WAITS, REMUX, INSPECT, PROCESS, WORDS, DESCRIBE, PICTURES = 60, 50, 40, 30, 20, 15, 10


@job(
    lane=Lane.SHORT, stage="processing", label=_("Check the file"), priority=INSPECT, max_attempts=3,
    time_limit=TEN_MINUTES,
)  # fmt: skip
def inspect_media(run: Run) -> None:
    inspecting.inspect_media(run.subject_id, run=run)


@job(
    lane=Lane.SHORT, stage="processing", label=_("Make it watchable at once"), priority=REMUX, max_attempts=3,
    time_limit=TEN_MINUTES,
)  # fmt: skip
def remux_media(run: Run) -> None:
    remuxing.remux_media(run.subject_id, run=run)


@job(
    lane=Lane.LONG, stage="processing", label=_("Make it playable"), priority=PROCESS, max_attempts=3,
    time_limit=SIX_HOURS,
)  # fmt: skip
def process_media(run: Run) -> None:
    processing.process_media(run.subject_id, run=run)


@job(
    lane=Lane.SHORT, stage="processing", label=_("Check the new file"), priority=INSPECT, max_attempts=3,
    time_limit=TEN_MINUTES,
)  # fmt: skip
def check_replacement(run: Run) -> None:
    renewing.check_replacement(run.subject_id, run=run)


@job(
    lane=Lane.LONG, stage="processing", label=_("Replace the file"), priority=PROCESS, max_attempts=3,
    time_limit=SIX_HOURS,
)  # fmt: skip
def replace_file(run: Run) -> None:
    renewing.replace_file(run.subject_id, run=run)


@job(lane=Lane.LONG, stage="processing", label=_("Sound to listen to"), max_attempts=3, time_limit=HOUR)
def make_audio(run: Run) -> None:
    sounding.make_audio(run.subject_id, run=run)


@job(lane=Lane.SHORT, label=_("Write chapters into the sound"), max_attempts=3, time_limit=TEN_MINUTES)
def tag_audio(run: Run) -> None:
    tagging.tag_audio(run.subject_id, run=run)


@job(
    lane=Lane.SHORT, stage="processing", label=_("Draw pictures"), priority=PICTURES, max_attempts=3,
    time_limit=TEN_MINUTES,
)  # fmt: skip
def draw_pictures(run: Run) -> None:
    picturing.draw_pictures(run.subject_id, run=run)


@job(
    lane=Lane.HOSTS, stage="processing", label=_("Ask its host"), priority=DESCRIBE, max_attempts=5,
    time_limit=TEN_MINUTES,
)  # fmt: skip
def describe_media(run: Run) -> None:
    describing.describe_media(run.subject_id, run=run)


@job(lane=Lane.LONG, stage="processing", label=_("Bring the file here"), max_attempts=3, time_limit=TWO_HOURS)
def bring_file(run: Run) -> None:
    bringing.fetch_file(run.subject_id, run=run)


@job(
    lane=Lane.HOSTS, stage="processing", label=_("Fetch its picture"), priority=PICTURES, max_attempts=3,
    time_limit=TEN_MINUTES,
)  # fmt: skip
def fetch_picture(run: Run) -> None:
    host_pictures.fetch_picture(run.subject_id, run.payload["address"], run=run)


@job(
    lane=Lane.HOSTS, stage="transcribing", label=_("Find the words"), priority=WORDS, max_attempts=3,
    time_limit=TEN_MINUTES,
)  # fmt: skip
def transcribe_media(run: Run) -> None:
    transcribing.transcribe_media(run.subject_id, run=run)


@job(lane=Lane.HOSTS, max_attempts=3, time_limit=TEN_MINUTES)
def look_again(run: Run) -> None:
    describing.look_again(run.subject_id, run=run)


@scheduled(every=timedelta(days=1), offset=timedelta(hours=4))
@job(lane=Lane.SHORT, max_attempts=3, time_limit=TEN_MINUTES)
def ask_hosts_again(run: Run) -> None:
    source_media.ask_again_everywhere()


@job(lane=Lane.HOSTS, priority=REMUX, max_attempts=3, time_limit=TEN_MINUTES)
def check_source(run: Run) -> None:
    source_accounts.check_source(run.subject_id)


@job(lane=Lane.SHORT, max_attempts=5, time_limit=TEN_MINUTES)
def recount_watching(run: Run) -> None:
    recounting.recount_watching(run.subject_id)


@job(lane=Lane.HOSTS, label=_("Bring in what was asked for"), priority=REMUX, max_attempts=5, time_limit=TEN_MINUTES)
def settle_import(run: Run) -> None:
    import_rows.settle_import(run.subject_id, run=run)


@job(lane=Lane.HOSTS, label=_("Look at a show"), priority=REMUX, max_attempts=3, time_limit=TEN_MINUTES)
def look_at_show(run: Run) -> None:
    shows.run_look(run.subject_id, run=run)


@job(lane=Lane.HOSTS, label=_("Bring in a show"), priority=REMUX, max_attempts=5, time_limit=HOUR)
def import_show(run: Run) -> None:
    shows.run_import(run.subject_id, run=run)


@job(lane=Lane.HOSTS, label=_("Fetch the sound of an episode"), max_attempts=5, time_limit=HOUR)
def fetch_episode_sound(run: Run) -> None:
    sound.fetch_sound(run.subject_id, run=run)


@job(lane=Lane.LONG, stage="transcribing", label=_("Hear the words"), max_attempts=3, time_limit=SIX_HOURS)
def hear_media(run: Run) -> None:
    hearing.hear_media(run.subject_id, run=run)


@scheduled(every=timedelta(days=1), offset=timedelta(hours=5))
@job(lane=Lane.HOSTS, max_attempts=3, time_limit=TEN_MINUTES)
def look_at_models(run: Run) -> None:
    model_endings.look_at_models()


@scheduled(every=timedelta(days=1), offset=timedelta(hours=1))
@job(lane=Lane.SHORT, max_attempts=3, time_limit=TEN_MINUTES)
def release_forgotten_calls(run: Run) -> None:
    ledger.release_forgotten()


@job(lane=Lane.HOSTS, priority=SOMEBODY_WAITS, max_attempts=1, time_limit=60)
def read_playback(run: Run) -> None:
    playback.read_playback(run.subject_id, run=run)


@job(lane=Lane.HOSTS, label=_("Synchronize lessons"), priority=REMUX, max_attempts=3, time_limit=TWO_HOURS)
def sync_lessons(run: Run) -> None:
    syncing.sync_account(run.subject_id, run=run)


@scheduled(every=timedelta(days=1), offset=timedelta(hours=1))
@job(lane=Lane.SHORT, max_attempts=3, time_limit=TEN_MINUTES)
def forget_messages(run: Run) -> None:
    messages.forget_messages()


@scheduled(every=timedelta(days=1), offset=timedelta(hours=1))
@job(lane=Lane.SHORT, max_attempts=3, time_limit=TEN_MINUTES)
def forget_feed_visits(run: Run) -> None:
    visits.forget_visits()


@scheduled(every=timedelta(minutes=10))
@job(lane=Lane.SHORT, max_attempts=1, time_limit=TEN_MINUTES)
def close_stale_sessions(run: Run) -> None:
    leaving.close_stale_sessions()


@scheduled(every=timedelta(hours=1))
@job(lane=Lane.SHORT, max_attempts=3, time_limit=TEN_MINUTES)
def expire_uploads(run: Run) -> None:
    expiring.expire_uploads()


@job(lane=Lane.SHORT, max_attempts=5, time_limit=TEN_MINUTES)
def remove_purged_files(run: Run) -> None:
    purging.remove_purged_files(UUID(run.payload["media"]), run.payload["folders"])


@scheduled(every=timedelta(days=1), offset=timedelta(hours=2))
@job(lane=Lane.SHORT, max_attempts=3, time_limit=TEN_MINUTES)
def purge_archived(run: Run) -> None:
    purging.purge_everywhere(settings.PURGE_ARCHIVED_DAYS)


@scheduled(every=timedelta(days=1), offset=timedelta(hours=3))
@job(lane=Lane.LONG, max_attempts=3, time_limit=SIX_HOURS)
def clean_storage(run: Run) -> None:
    cleaning.clean_everywhere()


@scheduled(every=timedelta(days=1), offset=timedelta(hours=2, minutes=30))
@job(lane=Lane.SHORT, max_attempts=3, time_limit=TEN_MINUTES)
def clean_batches(run: Run) -> None:
    unused.clean_batches_everywhere()


@job(lane=Lane.LONG, label=_("Take frames"), priority=PICTURES, max_attempts=3, time_limit=SIX_HOURS)
def extract_frames(run: Run) -> None:
    taking.take_frames(run.subject_id, run=run)


@job(lane=Lane.SHORT, label=_("Take a frame"), priority=SOMEBODY_WAITS, max_attempts=3, time_limit=TEN_MINUTES)
def take_frame(run: Run) -> None:
    taking.take_frames(run.subject_id, run=run)


@job(lane=Lane.SHORT, max_attempts=3, time_limit=60)
def tell_uploader(run: Run) -> None:
    telling.tell_uploader(run.subject_id, run=run)


@job(lane=Lane.SHORT, max_attempts=3, time_limit=TEN_MINUTES)
def remove_unpublished(run: Run) -> None:
    unpublished.remove_unpublished(run.subject_id, job_id=UUID(run.payload["job"]))
