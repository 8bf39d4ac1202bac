from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantOneToOne


class Certificate(OrganizationModel):
    """That somebody completed a course, as it was then. One for each enrollment, whoever presses how often.

    `number` is what people type to verify it: unguessable, never sequential.
    """

    enrollment = TenantOneToOne("courses.Enrollment", models.CASCADE, related_name="certificate")
    number = models.CharField(max_length=20, editable=False)
    learner_name = models.CharField(max_length=200, editable=False)
    course_title = models.CharField(max_length=200, editable=False)
    signer = models.CharField(max_length=120, blank=True, editable=False)
    completed_at = models.DateTimeField(editable=False)
    issued_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    revoked_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-issued_at"]
        constraints = [models.UniqueConstraint(fields=["organization", "number"], name="certificate_number_once")]

    def __str__(self) -> str:
        return self.number
