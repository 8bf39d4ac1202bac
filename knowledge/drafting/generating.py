"""Has drafts written: asking for one, writing it in the background, giving up."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core.ai.ledger import counted
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import cancel_job, enqueue
from core.models import Job
from core.models.job import LIVE_STATES, JobState
from knowledge.drafting.asking import Interview, Pieces, prompt_for
from knowledge.drafting.composing import chapters_of, notes_of, quiz_of
from knowledge.drafting.outside import service_for, told_by_service
from knowledge.drafting.script import Piece, Script
from knowledge.drafting.shapes import Content, LeftOut, ToldChapters, ToldNotes, ToldQuiz
from knowledge.models import Draft, DraftKind, DraftState
from knowledge.services.writing import drafting_writer
from media_library.models import Media, Transcript

CUE = ("position", "start", "end", "text", "speaker")
JOB = "write_draft"


@dataclass(frozen=True)
class Written:
    """What a draft says in the end. `author` and `label` are kept with it."""

    content: Content
    left_out: list[LeftOut]

    @property
    def is_empty(self) -> bool:
        return not next(iter(self.content.model_dump().values()))


class NothingUsable(Exception):
    """Of all that was written nothing passed the checks. Carries what was left out."""

    def __init__(self, left_out: list[LeftOut]) -> None:
        super().__init__()
        self.left_out = left_out


def missing_for(kind: str) -> str:
    """What has to be set up before drafts of this kind can be written, a sentence; empty where nothing is."""
    if service_for(kind) or drafting_writer() is not None:
        return ""
    return _(
        "No language model is configured, or AI is switched off for this site. "
        "Whoever runs this site can set WRITER_API_KEY or WRITER_BASE_URL."
    )


def generate_draft(media: Media, kind: str, *, by: Any) -> Draft:
    """Have a draft written from what is said. One of that kind that is being written is answered as it is.

    One that failed is taken up where it stopped: what was paid for is not asked again. Raises Refused: unknown_kind,
    no_transcript (409), no_model (409).
    """
    _refuse_impossible(media, kind)
    with transaction.atomic():
        held = Media.objects.select_for_update(no_key=True).get(pk=media.pk)
        live = held.drafts.filter(kind=kind, state=DraftState.GENERATING).first()
        if live is not None:
            return live
        draft = _taken_up(held, kind) or _begun(held, kind, by=by)
        enqueue(JOB, draft.pk, key=f"{JOB}:{draft.pk}:{uuid7()}")
    return draft


def write_draft(draft_id: UUID, *, progress: Callable[[float], None]) -> Written | None:
    """Ask for all that a draft needs; None where it is not being written any more. `progress` may raise to stop.

    Raises AiError, OverCeiling, PriceUnknown, NothingUsable; Refused where what it needs is gone.
    """
    found = Draft.objects.select_related("media", "transcript", "made_by")
    draft = found.filter(pk=draft_id, state=DraftState.GENERATING).first()
    if draft is None:
        return None
    if draft.transcript is None:
        raise Refused("no_transcript", _("What it was to be written from is gone."), status=409)
    script = script_of(draft.transcript)
    pieces, answers = _answered(draft, script, draft.transcript.language, progress)
    written = _composed(draft.kind, script, pieces, answers)
    if written.is_empty:
        raise NothingUsable(written.left_out)
    return written


def keep_written(draft_id: UUID, written: Written) -> None:
    """In the transaction in which the work ends."""
    Draft.objects.filter(pk=draft_id, state=DraftState.GENERATING).update(
        state=DraftState.READY, content=written.content.model_dump(mode="json"), error_code="", error_message="",
        left_out=[one.model_dump() for one in written.left_out], pieces=[],
    )  # fmt: skip


def keep_sample(media: Media, kind: str, told: dict[str, Any], *, author: str, by: Any) -> Draft:
    """A draft that waits for review, of an answer that no model gave, such as the demo's. It passes the same checks."""
    draft = _row(media, kind, by=by, model=author, label="")
    script = script_of(media.transcript)
    written = _composed(kind, script, [Piece(1, len(script.cues), 1.0)], [[told]])
    keep_written(draft.pk, written)
    return draft


def copy_draft(draft: Draft, *, by: Any) -> Draft:
    """The same once more, waiting for review: what was paid for once can stand in several places."""
    same = ("media_id", "kind", "content", "left_out", "transcript_id", "transcript_hash", "model", "prompt_label")
    facts = {name: getattr(draft, name) for name in same}
    copied: Draft = Draft.objects.create(state=DraftState.READY, made_by=by, **facts)
    return copied


def keep_left_out(draft_id: UUID, left_out: list[LeftOut]) -> None:
    """Nothing passed: the next try asks anew, for the same answers would fail the same way."""
    told = [one.model_dump() for one in left_out]
    Draft.objects.filter(pk=draft_id, state=DraftState.GENERATING).update(left_out=told, pieces=[])


def give_up(job: Job) -> None:
    """The work on a draft ended without success: it failed, or somebody stopped it."""
    was_stopped = job.state == JobState.CANCELLED
    Draft.objects.filter(pk=job.subject_id, state=DraftState.GENERATING).update(
        state=DraftState.FAILED,
        error_code="cancelled" if was_stopped else job.error_code,
        error_message=_("This was stopped.") if was_stopped else job.error_message,
    )


def stop_draft(draft: Draft) -> None:
    """At once while it waits, soon while a model is answering. One that is not being written stays as it is."""
    if (job := job_of(draft)) is not None:
        cancel_job(job)
    draft.refresh_from_db()


def job_of(draft: Draft) -> Job | None:
    """What writes it just now: how far it is, or what it waits for."""
    live: Job | None = Job.objects.filter(kind=JOB, subject_id=draft.pk, state__in=LIVE_STATES).order_by("-id").first()
    return live


def cost_of(draft: Draft) -> Decimal:
    """US dollars, as the ledger has them."""
    return Decimal(counted().filter(subject_id=draft.pk).aggregate(total=Sum("cost"))["total"] or 0)


def script_of(transcript: Transcript | None) -> Script:
    """Empty where there is none."""
    if transcript is None:
        return Script([])
    return Script(list(transcript.cues.order_by("position").values_list(*CUE, named=True)))


def is_out_of_date(draft: Draft) -> bool:
    """Whether other words are read by now than those it was written from. None or three statements."""
    if draft.media.transcript_id == draft.transcript_id:
        return False
    now = draft.media.transcript
    return now is None or script_of(now).fingerprint() != draft.transcript_hash


def _refuse_impossible(media: Media, kind: str) -> None:
    if kind not in DraftKind.values:
        words = _("Drafts are notes, a quiz, or chapters.")
        raise Refused("unknown_kind", words, fields={"kind": [words]})
    if media.transcript is None or not media.transcript.words:
        words = _("There is no transcript yet. Drafts are written from what is said.")
        raise Refused("no_transcript", words, status=409)
    if missing := missing_for(kind):
        raise Refused("no_model", missing, status=409)


def _author(kind: str) -> tuple[str, str]:
    """Who writes, and the label of the prompt."""
    if address := service_for(kind):
        return address[:120], ""
    writer = drafting_writer()
    return (writer.model[:120] if writer else "", prompt_for(kind).label)


def _begun(media: Media, kind: str, *, by: Any) -> Draft:
    model, label = _author(kind)
    return _row(media, kind, by=by, model=model, label=label)


def _row(media: Media, kind: str, *, by: Any, model: str, label: str) -> Draft:
    fingerprint = script_of(media.transcript).fingerprint()
    return Draft.objects.create(
        media=media, kind=kind, transcript=media.transcript, transcript_hash=fingerprint, made_by=by, model=model,
        prompt_label=label,
    )  # fmt: skip


def _taken_up(media: Media, kind: str) -> Draft | None:
    """The last one, where it failed on its way from the same words by the same model and prompt."""
    last: Draft | None = media.drafts.filter(kind=kind).order_by("-id").first()
    if last is None or last.state != DraftState.FAILED or last.transcript_id != media.transcript_id:
        return None
    if (last.model, last.prompt_label) != _author(kind):
        return None
    last.state, last.error_code, last.error_message = DraftState.GENERATING, "", ""
    last.save(update_fields=["state", "error_code", "error_message", "updated_at"])
    return last


def _answered(
    draft: Draft, script: Script, language: str, progress: Callable[[float], None]
) -> tuple[list[Piece], Pieces]:  # fmt: skip
    """A service reads all of it at once; a model piece by piece."""
    address = service_for(draft.kind)
    writer = None if address else drafting_writer()
    if not address and writer is None:
        raise Refused("no_model", missing_for(draft.kind), status=409)
    if (draft.model, draft.prompt_label) != _author(draft.kind):
        _begin_anew(draft)
    if writer is None:
        progress(0)
        return [Piece(1, len(script.cues), 1.0)], _of_service(address, draft, script, language)
    answers = Interview(draft, script, writer, language).hold(save=_saving(draft), progress=progress)
    return script.pieces(), answers


def _of_service(address: str, draft: Draft, script: Script, language: str) -> Pieces:
    """Kept as soon as it is there: a service may have been paid for it."""
    if not draft.pieces:
        draft.pieces = [[told_by_service(address, draft, script, language=language)]]
        with transaction.atomic():
            _saving(draft)(draft.pieces)
    pieces: Pieces = draft.pieces
    return pieces


def _begin_anew(draft: Draft) -> None:
    """Another model, or another prompt, since it was asked for: one draft is one author's."""
    draft.pieces = []
    draft.model, draft.prompt_label = _author(draft.kind)
    draft.save(update_fields=["pieces", "model", "prompt_label", "updated_at"])


def _saving(draft: Draft) -> Callable[[Pieces], None]:
    """For within a transaction."""

    def save(answers: Pieces) -> None:
        """Never fewer than there are: a worker that was given up, and answers late, takes nothing back."""
        writing = Draft.objects.filter(pk=draft.pk, state=DraftState.GENERATING)
        kept = writing.select_for_update(no_key=True).values_list("pieces", flat=True).first()
        if kept is not None and sum(map(len, answers)) > sum(map(len, kept)):
            writing.update(pieces=answers)

    return save


def _composed(kind: str, script: Script, pieces: list[Piece], answers: Pieces) -> Written:
    told = list(zip(pieces, answers, strict=True))
    if kind == DraftKind.QUIZ:
        quizzes = [(piece, [ToldQuiz.model_validate(one) for one in answer]) for piece, answer in told]
        return Written(*quiz_of(script, quizzes))
    if kind == DraftKind.NOTES:
        return Written(*notes_of(script, [(piece, ToldNotes.model_validate(answer[0])) for piece, answer in told]))
    return Written(*chapters_of(script, [(piece, ToldChapters.model_validate(answer[0])) for piece, answer in told]))
