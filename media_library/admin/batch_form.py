"""Choosing a batch, and making one on the way."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import Refused
from core.forms import OpenedHereForm
from media_library.batches.batches import save_batch
from media_library.batches.projects import save_project
from media_library.models import Project, UploadBatch

Group = tuple[str, list[tuple[str, str]]]


def batches_by_project() -> list[Group]:
    """For a choice: title of the project, and key and name of each of its batches. One statement."""
    groups: dict[UUID, Group] = {}
    for batch in UploadBatch.objects.select_related("project").order_by("project__title", "project", "position"):
        _title, batches = groups.setdefault(batch.project_id, (batch.project.title, []))
        batches.append((str(batch.pk), batch.name))
    return list(groups.values())


class NewBatchForm(OpenedHereForm):
    """A name, and the project: one there is, or the title of a new one."""

    name = forms.CharField(required=False, max_length=200)
    date = forms.DateField(required=False)
    project = forms.UUIDField(required=False)
    project_title = forms.CharField(required=False, max_length=200)

    @property
    def way_back(self) -> str:
        return reverse("admin:media_library_media_add")

    @transaction.atomic
    def make(self, *, by: Any) -> UploadBatch:
        """Raises Refused: invalid, and what `save_batch` and `save_project` raise."""
        if not self.is_valid():
            words = " ".join(str(error) for errors in self.errors.values() for error in errors)
            raise Refused("invalid", words)
        told = self.cleaned_data
        return save_batch(UploadBatch(project=self._project(by), name=told["name"], date=told["date"]), by=by)

    def _project(self, by: Any) -> Project:
        key, title = self.cleaned_data["project"], self.cleaned_data["project_title"]
        if key is None:
            return save_project(Project(title=title), by=by)
        found: Project | None = Project.objects.filter(pk=key).first()
        if found is None:
            raise Refused("unknown_project", _("There is no such project here."), status=404)
        return found
