"""The first step: what was pasted has become media, and each of them has words, or will have none."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.jobs import JobError, JobPostponed
from knowledge.course_drafts.starting import add_entries, media_in
from knowledge.models import CourseDraft, CourseDraftEntry, Passage
from media_library.models import ImportRow, Media, RowState, Status
from media_library.querysets import MediaQuerySet

LOOK_AGAIN_SECONDS = 10.0
PATIENCE = timedelta(days=1)  # then it goes on with what there is
ENDED = (Status.COMPLETED, Status.FAILED)


def gather(draft: CourseDraft) -> None:
    """Take in what the import brought. Raises JobPostponed while something is still to come, JobError for nothing."""
    is_patient = timezone.now() - draft.created_at < PATIENCE
    if draft.batch_id is not None:
        if is_patient and ImportRow.objects.filter(batch=draft.batch_id, state=RowState.WAITING).exists():
            raise _later(_("Waiting for the addresses to become videos of the library."))
        _take_in(draft)
    if is_patient and (count := awaited_media(draft).count()):
        words = ngettext(
            "Waiting for the words of %(count)d video.", "Waiting for the words of %(count)d videos.", count
        )
        raise _later(words % {"count": count})
    if not draft.entries.exists():
        raise JobError("no_media", _("None of the addresses became a video. The import says why."), permanent=True)


def awaited_media(draft: CourseDraft) -> MediaQuerySet:
    """Without words yet, and with work left that may find some."""
    spoken = Passage.objects.filter(media=OuterRef("pk"))
    chosen = CourseDraftEntry.objects.filter(draft=draft).values("media")
    waiting: MediaQuerySet = Media.objects.present().filter(pk__in=chosen).exclude(status__in=ENDED)
    return waiting.filter(~Exists(spoken))


def _later(words: str) -> JobPostponed:
    return JobPostponed("awaits_media", words, delay=LOOK_AGAIN_SECONDS)


def _take_in(draft: CourseDraft) -> None:
    """In the order in which they were pasted; what a list held stands together, under a name of its own."""
    rows = list(ImportRow.objects.filter(batch=draft.batch_id).select_related("media").order_by("position", "id"))
    there = media_in(draft.course) if draft.updates else set()
    lists = [row for row in rows if row.state == RowState.LISTED]
    names = [_("Playlist %(number)d") % {"number": n} for n in range(1, len(lists) + 1)]
    headings = {row.pk: name if len(lists) > 1 else "" for row, name in zip(lists, names, strict=True)}
    found = []
    for row in rows:
        held = [one for one in rows if one.found_in_id == row.pk] if row.pk in headings else [row]
        if row.found_in_id is None:
            found += [(one.media, headings.get(row.pk, "")) for one in held if _counts(one)]
    add_entries(draft, [(media, heading) for media, heading in found if media.pk not in there])


def _counts(row: ImportRow) -> bool:
    return row.media is not None and row.media.publication != "archived"
