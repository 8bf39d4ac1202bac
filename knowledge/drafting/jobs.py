"""What runs later."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ai.errors import AiError
from core.ai.ledger import Unaffordable
from core.errors import Refused
from core.jobs import JobError, Run, job
from core.models.job import Lane
from knowledge.drafting import generating
from media_library.services.paying import waits_for_money


@job(lane=Lane.HOSTS, label=gettext_lazy("Write a draft"), max_attempts=4, time_limit=3600)
def write_draft(run: Run) -> None:
    """Takes up what was answered before; each answer is kept as it comes."""

    def progress(percent: float) -> None:
        run.check()
        run.report(percent, "drafting")

    written = _written(run, progress)
    if written is not None:
        with run.publish():
            generating.keep_written(run.subject_id, written)


def _written(run: Run, progress: Callable[[float], None]) -> generating.Written | None:
    try:
        return generating.write_draft(run.subject_id, progress=progress)
    except AiError as error:
        raise JobError(error.code, error.message, permanent=error.permanent) from error
    except Unaffordable as error:
        raise waits_for_money(error) from error
    except Refused as refusal:
        raise JobError(refusal.code, refusal.message, permanent=True) from refusal
    except generating.NothingUsable as failure:
        generating.keep_left_out(run.subject_id, failure.left_out)
        words = _("Nothing of what was written passed the checks. You may try again.")
        raise JobError("nothing_usable", words, permanent=True) from failure
