from django.db import models

from core.tenancy import OrganizationModel, TenantOneToOne


class CourseSquare(OrganizationModel):
    """The square picture of a course, drawn when an app asks for it and kept as long as it is drawn of the same."""

    course = TenantOneToOne("courses.Course", models.CASCADE, related_name="square")
    digest = models.CharField(max_length=20, help_text="Of what it is drawn of.")
    path = models.CharField(max_length=500, help_text="In the storage.")
    size_bytes = models.BigIntegerField()

    def __str__(self) -> str:
        return self.digest
