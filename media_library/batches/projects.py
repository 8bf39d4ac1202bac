"""Projects: what batches are put together for."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.lines import one_line
from media_library.batches.batches import end_batches
from media_library.models import Project, UploadBatch


def save_project(project: Project, *, by: Any) -> Project:
    """Write a new project or a changed one. Raises Refused: title_missing."""
    project.title = one_line(project.title)
    if not project.title:
        words = _("This needs a title.")
        raise Refused("title_missing", words, fields={"title": [words]})
    if project._state.adding:
        project.created_by = by
    project.save()
    return project


@transaction.atomic
def delete_project(project: Project, *, with_frames: bool = False, by: Any) -> None:
    """With its batches; media stay in the library. Raises Refused like `delete_batch`.

    Whoever brings a batch in or takes one away holds the project, and waits.
    """
    held = Project.objects.select_for_update(of=("self",)).filter(pk=project.pk).first()
    if held is None:
        return
    end_batches(UploadBatch.objects.filter(project=held), of={held.pk}, with_frames=with_frames)
    held.delete()
