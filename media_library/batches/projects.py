"""Projects: what batches are put together for."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.lines import one_line
from media_library.batches.batches import end_batches, project_gone
from media_library.batches.noting import PROJECT_RENAMED, note
from media_library.models import Project, UploadBatch

WRITTEN = ("title", "description")


def save_project(project: Project, *, by: Any, written: Iterable[str] = WRITTEN) -> Project:
    """Write a new project, or of one there is the columns `written`: what others change meanwhile stays.

    Raises Refused: title_missing, project_gone (404).
    """
    project.title = one_line(project.title)
    if not project.title:
        words = _("This needs a title.")
        raise Refused("title_missing", words, fields={"title": [words]})
    if project._state.adding:
        project.created_by = by
        project.save()
    else:
        _write(project, {name: getattr(project, name) for name in written}, by=by)
    return project


@transaction.atomic
def _write(project: Project, facts: dict[str, Any], *, by: Any) -> None:
    """Never one anew that somebody deleted."""
    rows = Project.objects.filter(pk=project.pk)
    former = rows.select_for_update(no_key=True, of=("self",)).values_list("title", flat=True).first()
    if former is None:
        raise project_gone()
    if facts:
        rows.update(**facts)
    project.refresh_from_db()
    if project.title != former:
        note(PROJECT_RENAMED, project.pk, f"“{former}” is called “{project.title}” now.", by=by)


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
