"""How each rung of the ladder to the words ended: kept, and read back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.jobs import Run
from core.models import Job
from core.tenancy import current_organization_id
from media_library.models import Media, Rung
from media_library.models.hosts import Outcome
from media_library.models.transcript import Method

MESSAGE_CHARACTERS, DETAIL_CHARACTERS, CODE_CHARACTERS = 500, 1000, 40
#: In which order words are looked for.
LADDER = (Method.SIDECAR, Method.EMBEDDED, Method.HOST, Method.LOCAL, Method.SPEECH)
MACHINES = frozenset({Method.LOCAL, Method.SPEECH})  # one of them listens


@dataclass(frozen=True)
class Tried:
    """One rung: `message` is for the creator, `detail` for operators; `seconds` it took."""

    method: Method
    outcome: Outcome
    code: str = ""
    message: str = ""
    detail: str = ""
    seconds: float = 0


def keep_rungs(media: Media, tried: Sequence[Tried], *, run: Run) -> None:
    """Of each job each rung once: what a later attempt found takes the place of what an earlier one did."""
    rows = [
        Rung(
            organization_id=current_organization_id(), media=media, job_id=run.job.pk, method=one.method,
            outcome=one.outcome, code=one.code[:CODE_CHARACTERS], message=one.message[:MESSAGE_CHARACTERS],
            detail=one.detail[:DETAIL_CHARACTERS], seconds_taken=one.seconds, happened_at=Now(),
        )
        for one in tried
    ]  # fmt: skip
    Rung.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["organization", "media", "job_id", "method"],
        update_fields=["outcome", "code", "message", "detail", "seconds_taken", "happened_at"],
    )  # fmt: skip


def rungs_tried(media: Media) -> list[Rung]:
    """How the newest search ended at each rung, in the order of the ladder. One statement.

    Each search begins at the first rung. Of the machines that listen, the last one counts.
    """
    newest = Rung.objects.filter(media=media).order_by("method", "-happened_at", "-id").distinct("method")
    rungs = {Method(rung.method): rung for rung in newest}
    heard = sorted((rungs.pop(method) for method in MACHINES & rungs.keys()), key=lambda rung: rung.happened_at)
    begin = rungs[LADDER[0]].happened_at if LADDER[0] in rungs else None
    ended = [rung for rung in (*rungs.values(), *heard[-1:]) if begin is None or rung.happened_at >= begin]
    return sorted(ended, key=lambda rung: LADDER.index(Method(rung.method)))


def words_about(rung: Rung) -> str:
    """What there is to say of an outcome, for creators."""
    sentences = {
        "found_before": _("There were words before it was asked."),
        "switched_off": _("The site's configuration wants no transcripts."),
    }
    return rung.message or sentences.get(rung.code, "")


def end_of_search(job: Job) -> str:
    """Where the words came from, or why there are none and what to do about it. One statement."""
    rungs = {rung.method: rung for rung in _of_job(job.pk)}
    found = next((rung for rung in rungs.values() if rung.outcome == Outcome.FOUND), None)
    if found is not None:
        return _("Found: %(where)s.") % {"where": found.get_method_display()}
    missed = [words_about(rung) for rung in rungs.values() if rung.message or rung.code == "switched_off"]
    if rungs and not MACHINES & rungs.keys():
        missed.append(_("There are none for free, so a machine listens to it."))
    return " ".join(dict.fromkeys(missed))


def _of_job(job_id: UUID) -> list[Rung]:
    return sorted(Rung.objects.filter(job_id=job_id), key=lambda rung: LADDER.index(Method(rung.method)))
