"""A proposal that no model wrote, such as the demo's. It passes the same checks."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from courses.models import Course
from knowledge.course_drafts.building import outline_now, sources_of
from knowledge.course_drafts.outlining import checked_outline
from knowledge.course_drafts.shapes import ToldOutline
from knowledge.course_drafts.starting import add_entries
from knowledge.models import CourseDraft, CourseDraftState, CourseDraftStep
from media_library.models import Media


@transaction.atomic
def keep_sample_proposal(
    course: Course, media: Sequence[Media], told: dict[str, Any], *, author: str, by: Any
) -> CourseDraft:
    """What would become of a course with these media, waiting to be compared; `told` as a model answers it."""
    current = outline_now(course)
    draft: CourseDraft = CourseDraft.objects.create(
        course=course, updates=True, by=by, was=current.as_json(), model=author, state=CourseDraftState.PROPOSED,
        step=CourseDraftStep.OUTLINE,
    )  # fmt: skip
    add_entries(draft, [(one, "") for one in media])
    answer = ToldOutline.model_validate(told)
    draft.outline = checked_outline(answer, sources_of(draft), title=course.title, current=current).as_json()
    draft.save(update_fields=["outline"])
    return draft
