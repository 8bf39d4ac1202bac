"""A maker asks for a course of media: chosen ones, those of a playlist, or of addresses that are still to come."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.models.job import LIVE_STATES
from courses.models import ContentItem, Course
from courses.services.authoring import create_course
from courses.services.generating import begin_generating
from courses.services.revising import lock_course
from knowledge.course_drafts.shapes import Outline
from knowledge.models import CourseDraft, CourseDraftEntry, CourseDraftState, CourseDraftStep, LessonState
from knowledge.models.course_draft import MOST_MEDIA
from media_library.importing import read_text
from media_library.models import Import, Media, Playlist
from media_library.services.importing import start_import

KIND = "draft_course"
WAITS_FOR_LESSONS = Q(notes=LessonState.WAITING) | Q(quiz=LessonState.WAITING)


def start_course_draft(
    media: Sequence[Media] = (), *, by: Any, addresses: str = "", playlist: Playlist | None = None,
    course: Course | None = None, title: str = "", notes: bool = False, quizzes: bool = False,
) -> CourseDraft:  # fmt: skip
    """Begin to make a course, or, for one that is there, a proposal. Answers at once; jobs go on.

    Raises Refused: no_media, too_many_media, media_archived, all_there (409), draft_under_way (409), and those of an
    import for addresses.
    """
    chosen = _chosen(media, playlist, course)
    _refuse_unfit(chosen, addresses, course)
    with transaction.atomic():
        if course is not None:
            _refuse_second(course)
        held = course or _new_course(title, by=by)
        draft: CourseDraft = CourseDraft.objects.create(
            course=held, updates=course is not None, by=by, title=title.strip()[:200], wants_notes=notes,
            wants_quizzes=quizzes, batch=_brought(addresses, by=by),
            was=Outline(title=held.title, level=held.level).as_json(),
        )  # fmt: skip
        add_entries(draft, chosen)
        put_in_line(draft)
    return draft


@transaction.atomic
def retry_course_draft(draft: CourseDraft, *, by: Any, plain: bool = False) -> None:
    """Go on at the step that failed; `plain`: without a model, in the order of the media. What is done stays done.
    From now on it is made for whoever tries again.

    Raises Refused: nothing_to_retry (409), draft_under_way (409), gone (409).
    """
    draft = hold_course_draft(draft)
    failed = draft.entries.filter(notes=LessonState.FAILED), draft.entries.filter(quiz=LessonState.FAILED)
    again = failed[0].update(notes=LessonState.WAITING, notes_draft=None)
    again += failed[1].update(quiz=LessonState.WAITING, quiz_draft=None)
    if draft.state != CourseDraftState.FAILED and not (draft.state == CourseDraftState.READY and again):
        raise Refused("nothing_to_retry", _("Nothing in this draft has failed."), status=409)
    if draft.updates:
        _refuse_second(draft.course)
    draft.entries.exclude(words="").update(words="")
    draft.state, draft.is_plain, draft.by = CourseDraftState.GENERATING, draft.is_plain or plain, by
    draft.step = CourseDraftStep.LESSONS if again else draft.step
    draft.error_code = draft.error_message = ""
    draft.save(update_fields=["state", "step", "is_plain", "by", "error_code", "error_message"])
    if not draft.updates:
        begin_generating(draft.course)
    put_in_line(draft)


def hold_course_draft(draft: CourseDraft) -> CourseDraft:
    """As it is now, and nobody else's until the transaction ends. Raises Refused: gone (409)."""
    held: CourseDraft | None = CourseDraft.objects.select_for_update(no_key=True).filter(pk=draft.pk).first()
    if held is None:
        raise Refused("gone", _("This was dismissed meanwhile. Nothing was changed."), status=409)
    return held


def put_in_line(draft: CourseDraft) -> None:
    """One job at a time; each does one step and puts the next one in line."""
    enqueue(KIND, draft.pk, key=f"{KIND}:{draft.pk}:{uuid7()}")


def jobs_of(draft: CourseDraft) -> Any:
    return Job.objects.filter(kind=KIND, subject_id=draft.pk, state__in=LIVE_STATES)


def add_entries(draft: CourseDraft, chosen: Sequence[tuple[Media, str]]) -> None:
    """Behind those that are there, each once, as many as a draft takes. The others are counted."""
    there = list(draft.entries.values_list("media", flat=True))
    new = {media.pk: heading for media, heading in chosen if media.pk not in there}
    room = MOST_MEDIA - len(there)
    wanted = {True: LessonState.WAITING, False: LessonState.UNWANTED}
    CourseDraftEntry.objects.bulk_create(
        CourseDraftEntry(
            draft=draft, media_id=key, position=number, heading=heading[:200],
            notes=wanted[draft.wants_notes], quiz=wanted[draft.wants_quizzes],
        )
        for number, (key, heading) in enumerate(list(new.items())[:room], len(there) + 1)
    )  # fmt: skip
    if len(new) > room:
        draft.left_out = len(new) - room
        draft.save(update_fields=["left_out"])


def media_in(course: Course) -> set[UUID]:
    """What the course holds already."""
    held = ContentItem.objects.of_course(course).exclude(media=None)
    return set(held.values_list("media", flat=True))


def _chosen(media: Sequence[Media], playlist: Playlist | None, course: Course | None) -> list[tuple[Media, str]]:
    chosen = [(one, "") for one in media]
    if playlist is not None:
        listed = Media.objects.present().filter(playlist_entries__playlist=playlist)
        in_order = listed.order_by("playlist_entries__position", "playlist_entries__pk")
        chosen += [(one, playlist.title) for one in in_order]
    there = media_in(course) if course is not None else set()
    unique = {one.pk: (one, heading) for one, heading in reversed(chosen) if one.pk not in there}
    if chosen and not unique:
        raise _refused("all_there", _("All of this is in the course already."), status=409)
    return list(reversed(unique.values()))


def _refuse_unfit(chosen: Sequence[tuple[Media, str]], addresses: str, course: Course | None) -> None:
    if not chosen and not addresses.strip():
        raise _refused("no_media", _("Choose media of the library, a playlist, or paste addresses."))
    if len(chosen) > MOST_MEDIA:
        words = _("At most %(most)d videos make one draft: these are %(count)d.")
        raise _refused("too_many_media", words % {"most": MOST_MEDIA, "count": len(chosen)})
    for media, _heading in chosen:
        if media.publication == "archived":
            words = _("“%(title)s” is archived. Restore it first.")
            raise _refused("media_archived", words % {"title": media})


def _refuse_second(course: Course) -> None:
    """Under the lock of the course: of two who ask at once, the second is told."""
    lock_course(course.pk)
    open_ones = (CourseDraftState.GENERATING, CourseDraftState.PROPOSED)
    if CourseDraft.objects.filter(course=course, state__in=open_ones).exists():
        words = _("Something is being proposed for this course already. Accept or dismiss that first.")
        raise _refused("draft_under_way", words, status=409)


def _refused(code: str, words: str, *, status: int = 400) -> Refused:
    return Refused(code, words, fields={"media": [words]}, status=status)


def _new_course(title: str, *, by: Any) -> Course:
    course = create_course(title=title.strip()[:200] or _("Course from media"), by=by)
    begin_generating(course)
    return course


def _brought(addresses: str, *, by: Any) -> Import | None:
    """What is pasted becomes media as everywhere."""
    if not addresses.strip():
        return None
    given = read_text(addresses)
    return start_import(given.rows, format=given.format, by=by)
