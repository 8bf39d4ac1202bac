"""The demo's project: the talks in a batch, pictures taken out of one of them, and what its maker noted on one."""

import time

from accounts.models import User
from media_library.batches.batches import put_in_batch, save_batch
from media_library.batches.extracting import Asked, extract_frames, under_way
from media_library.batches.projects import save_project
from media_library.frames.annotating import Region, annotate_frame
from media_library.models import ExtractionMode, Frame, FrameExtraction, Media, Project, UploadBatch

TITLE, BATCH = "Talks about the sea", "First recordings"
LONGEST_WAIT = 60  # seconds


def take_frames(films: list[Media], *, by: User) -> None:
    """Put the talks into a batch and have a picture taken where a slide of the first one changes; once."""
    if Project.objects.filter(title=TITLE).exists():
        return
    project = save_project(Project(title=TITLE, description="What is recorded for the course."), by=by)
    batch = save_batch(UploadBatch(project=project, name=BATCH), by=by)
    put_in_batch([film.pk for film in films], batch, by=by)
    extract_frames(films[0], batch, Asked(ExtractionMode.EVERY, interval=10), by=by)


def note_on_frame(*, by: User) -> None:
    """On the second picture, as soon as it is there: somebody else takes them. Without pictures there is no note."""
    deadline = time.monotonic() + LONGEST_WAIT
    while FrameExtraction.objects.filter(under_way()).exists() and time.monotonic() < deadline:
        time.sleep(0.3)
    frame = Frame.objects.filter(batch__project__title=TITLE).order_by("second")[1:2].first()
    if frame is not None and not frame.annotation:
        words = "The bulge on the far side: draw this one larger next time."
        annotate_frame(frame, annotation=words, region=Region(0.1, 0.25, 0.35, 0.45), by=by)
