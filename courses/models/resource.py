from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationModel


class Resource(OrganizationModel):
    """A file to take along, or a link. `opened` counts each time a learner took it."""

    title = models.CharField(max_length=200)
    link = models.URLField(max_length=2000, blank=True)
    path = models.CharField(max_length=500, blank=True, editable=False, help_text="Of the file, in the storage.")
    filename = models.CharField(max_length=255, blank=True, editable=False)
    size_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    opened = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(link="") ^ ~Q(path=""),
                name="resource_is_file_or_link",
                violation_error_message=gettext_lazy("A resource is a file or a link."),
            )
        ]

    def __str__(self) -> str:
        return self.title
