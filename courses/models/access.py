from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationModel, TenantKey

LONGEST_ACCESS = 36_500  # days: a hundred years


class EnrollmentCode(OrganizationModel):
    """A word that lets whoever has it into a course, so many times and so long. Upper and lower case are the same."""

    course = TenantKey("courses.Course", models.CASCADE, related_name="codes")
    code = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True, help_text=gettext_lazy("For yourself: whom it is for."))
    max_uses = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text=gettext_lazy("Empty: as many as come.")
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    days_of_access = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ACCESS)],
        help_text=gettext_lazy("After so many days the course closes to whoever used it. Empty: never."),
    )
    is_active = models.BooleanField(default=True)
    uses = models.PositiveIntegerField(default=0, editable=False, help_text="How many people it has let in.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("code"),
                name="enrollment_code_once",
                violation_error_message=gettext_lazy("There is such a code already."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class CodeUse(OrganizationModel):
    """Somebody came into a course, or stayed longer in it, with a code: once with each."""

    code = TenantKey("courses.EnrollmentCode", models.CASCADE, related_name="used_by")
    enrollment = TenantKey("courses.Enrollment", models.CASCADE, related_name="code_uses")
    used_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "code", "enrollment"], name="code_use_once")]

    def __str__(self) -> str:
        return f"{self.enrollment_id} by {self.code_id}"


class CourseInvitation(OrganizationModel):
    """An address asked into a course: whoever becomes a member with it, before it expires, is enrolled then."""

    course = TenantKey("courses.Course", models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        help_text="The member whose address it is, where the course could not take them in when they joined.",
    )  # fmt: skip
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("Until then it opens the course. Empty: no end.")
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(editable=False, help_text="Nobody gets in by joining after that.")
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint("organization", "course", Lower("email"), name="course_invitation_once")]

    def __str__(self) -> str:
        return self.email
