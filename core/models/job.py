from django.db import models
from django.db.models.functions import Now

from core.tenancy import BeforeScopeModel


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


LIVE_STATES = (JobState.QUEUED, JobState.RUNNING)


class Lane(models.TextChoices):
    SHORT = "short", "Short"
    LONG = "long", "Long"
    HOSTS = "hosts", "Hosts"  # work that waits for somebody else's server


class Job(BeforeScopeModel):
    """One piece of work. This row, not the queue, is the truth about it.

    A worker claims it before there is any organization in scope; the row then names the scope to work in.
    """

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=60)
    lane = models.CharField(max_length=10, choices=Lane)
    stage = models.CharField(
        max_length=20, blank=True, help_text="What people call it while it runs, such as “transcribing”."
    )
    subject_id = models.UUIDField(null=True, blank=True, db_index=True)
    payload = models.JSONField(default=dict, blank=True)
    key = models.CharField("idempotency key", max_length=200, unique=True)

    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(
        default=0, help_text="Charged when a worker claims the job, so that a crash counts."
    )
    max_attempts = models.PositiveSmallIntegerField(default=3)
    priority = models.SmallIntegerField(default=0, help_text="Of one organization's work the highest comes first.")
    available_at = models.DateTimeField(db_default=Now())
    postponements = models.PositiveIntegerField(
        default=0, help_text="How often in a row it was put off, such as for want of disk space; no attempt is charged."
    )
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    lease_token = models.UUIDField(
        null=True, blank=True, help_text="Fencing: only its holder may report, publish or finish."
    )
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)

    progress = models.FloatField(default=0, help_text="0–100, never falling within an attempt.")
    step = models.CharField(max_length=60, blank=True)
    command = models.TextField(blank=True, help_text="The last program that was run for it; for operators.")
    exit_code = models.SmallIntegerField(null=True, blank=True, help_text="Of that program, if it has ended.")
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True, help_text="For the person waiting for it.")
    error_detail = models.TextField(blank=True, help_text="For operators; at most 8 kB.")

    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(progress__range=(0, 100)), name="core_job_progress_percent"),
            models.CheckConstraint(
                condition=models.Q(attempt__lte=models.F("max_attempts")), name="core_job_attempts_bounded"
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", lease_token__isnull=False, lease_expires_at__isnull=False)
                | (~models.Q(state="running") & models.Q(lease_token__isnull=True)),
                name="core_job_running_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "available_at"], condition=models.Q(state="queued"), name="core_job_due"),
            models.Index(
                fields=["lane", "organization", "-priority", "available_at", "id"],
                condition=models.Q(state="queued"),
                name="core_job_line",
            ),
            models.Index(fields=["lane", "organization", "-started_at"], name="core_job_turns"),
            models.Index(fields=["lease_expires_at"], condition=models.Q(state="running"), name="core_job_leases"),
            models.Index(fields=["finished_at"], condition=models.Q(finished_at__isnull=False), name="core_job_ended"),
            models.Index(fields=["kind"], condition=models.Q(state="failed"), name="core_job_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def is_postponed(self) -> bool:
        """It waits for something that has nothing to do with it."""
        return self.state == JobState.QUEUED and self.postponements > 0
