"""What the library does later."""

from datetime import timedelta

from core.jobs import Run, job, scheduled
from core.models.job import Lane
from media_library.services import processing, transcribing, watching

SIX_HOURS = 6 * 3600  # seconds; each FFmpeg command has a limit of its own, scaled with the length of the recording
TEN_MINUTES = 600


@job(lane=Lane.SHORT, stage="processing", max_attempts=3, time_limit=TEN_MINUTES)
def inspect_media(run: Run) -> None:
    processing.inspect_media(run.subject_id, run=run)


@job(lane=Lane.LONG, stage="processing", max_attempts=3, time_limit=SIX_HOURS)
def process_media(run: Run) -> None:
    processing.process_media(run.subject_id, run=run)


@job(lane=Lane.SHORT, stage="transcribing", max_attempts=3, time_limit=TEN_MINUTES)
def transcribe_media(run: Run) -> None:
    transcribing.transcribe_media(run.subject_id, run=run)


@scheduled(every=timedelta(minutes=10))
@job(lane=Lane.SHORT, max_attempts=1, time_limit=60)
def close_stale_sessions(run: Run) -> None:
    watching.close_stale_sessions()
