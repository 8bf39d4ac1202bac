"""The third step: notes and a quiz for each video, where the maker wants them, each behind its video."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import JobPostponed, Run
from courses.models import ContentItem
from knowledge.course_drafts.starting import WAITS_FOR_LESSONS
from knowledge.drafting.generating import copy_draft, generate_draft, job_of
from knowledge.drafting.reviewing import accept_draft
from knowledge.models import CourseDraft, CourseDraftEntry, Draft, DraftKind, DraftState, LessonState

LOOK_AGAIN_SECONDS = 10.0
KINDS = (DraftKind.QUIZ, DraftKind.NOTES)  # each goes right behind the video: what is to come first is put there last


def bring_lessons(draft: CourseDraft, *, run: Run) -> None:
    """Have them written, and put what is ready into the course. One by one, so that nothing is begun twice.

    Raises JobPostponed while some are being written.
    """
    for entry in _waiting(draft):
        run.check()
        _bring(draft, entry)
    if left := list(_waiting(draft)):
        raise JobPostponed("awaits_lessons", _words_for(left), delay=LOOK_AGAIN_SECONDS)


@transaction.atomic
def _bring(draft: CourseDraft, entry: CourseDraftEntry) -> None:
    """Begin what is not begun; once all that is wanted for a video is written, it comes into the course."""
    for kind in _wanted(entry):
        if _draft_of(entry, kind) is None:
            _begin(draft, entry, kind)
    written = {kind: found for kind in _wanted(entry) if (found := _draft_of(entry, kind))}
    if all(one.state != DraftState.GENERATING for one in written.values()):
        for kind, one in written.items():
            _take_in(draft, entry, kind, one)
    entry.save()


def _begin(draft: CourseDraft, entry: CourseDraftEntry, kind: DraftKind) -> None:
    """What waits for review already, from the same words, is not paid for again."""
    there = entry.media.drafts.filter(kind=kind, state=DraftState.READY, transcript=entry.media.transcript_id).first()
    try:
        setattr(entry, f"{kind}_draft", there or generate_draft(entry.media, kind, by=draft.by))
    except Refused as refusal:
        _fail(entry, kind, refusal.message)


def _take_in(draft: CourseDraft, entry: CourseDraftEntry, kind: DraftKind, written: Draft) -> None:
    item = ContentItem.objects.of_course(draft.course).filter(media=entry.media_id).first()
    if written.state in (DraftState.FAILED, DraftState.REFUSED):
        _fail(entry, kind, written.error_message or _("This was refused."))
    elif item is None:
        _fail(entry, kind, _("The video was taken out of the course meanwhile."))
    else:
        _accept(draft, entry, kind, written, item)


def _accept(
    draft: CourseDraft, entry: CourseDraftEntry, kind: DraftKind, written: Draft, item: ContentItem
) -> None:  # fmt: skip
    """One that somebody accepted into another course meanwhile comes into this one too, as a draft of its own."""
    try:
        with transaction.atomic():
            if written.state == DraftState.ACCEPTED and not _stands_in(draft, written):
                written = copy_draft(written, by=draft.by)
                setattr(entry, f"{kind}_draft", written)
            accept_draft(written, by=draft.by, chapter=item.chapter)
        setattr(entry, kind.value, LessonState.DONE)
    except Refused as refusal:
        _fail(entry, kind, refusal.message)


def _stands_in(draft: CourseDraft, written: Draft) -> bool:
    return ContentItem.objects.of_course(draft.course).filter(pk=written.item_id).exists()


def _fail(entry: CourseDraftEntry, kind: DraftKind, words: str) -> None:
    setattr(entry, kind.value, LessonState.FAILED)
    entry.words = words[:500]


def _wanted(entry: CourseDraftEntry) -> list[DraftKind]:
    return [kind for kind in KINDS if getattr(entry, kind.value) == LessonState.WAITING]


def _draft_of(entry: CourseDraftEntry, kind: DraftKind) -> Draft | None:
    found: Draft | None = getattr(entry, f"{kind}_draft")
    return found


def _waiting(draft: CourseDraft) -> list[CourseDraftEntry]:
    waiting = draft.entries.filter(WAITS_FOR_LESSONS)
    return list(waiting.select_related("media__transcript", "notes_draft", "quiz_draft").order_by("position"))


def _words_for(left: list[CourseDraftEntry]) -> str:
    """Of what waits for money, or for a pause of the provider, in its words."""
    first = next(iter(_wanted(left[0])))
    written = _draft_of(left[0], first)
    job = job_of(written) if written is not None else None
    if job is not None and job.is_postponed and job.error_message:
        return job.error_message
    return _("Notes and quizzes are being written: %(count)d videos are left.") % {"count": len(left)}
