"""What runs later."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from core.jobs import Run, job, scheduled
from core.models.job import Lane
from core.tenancy import organization_scope
from knowledge.repeating import keeping

AFTER_ALL_ELSE = -10  # nobody waits for it


@job(label=_("Look for what is said twice"), lane=Lane.LONG, priority=AFTER_ALL_ELSE, max_attempts=2, time_limit=1800)
def find_repetitions(run: Run) -> None:
    """Compares a library with itself."""

    def progress(percent: float) -> None:
        run.check()
        run.report(percent, "comparing")

    keeping.compare_library(progress=progress)


@scheduled(every=timedelta(hours=6))
@job(time_limit=600)
def look_for_repetitions(run: Run) -> None:
    """Of each organization whose library changed."""
    for organization in Organization.objects.order_by("pk"):
        run.check()
        with organization_scope(organization):
            keeping.look_if_changed()
