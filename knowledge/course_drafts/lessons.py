"""The third step: notes and a quiz for each video, where the maker wants them."""

from core.jobs import Run
from knowledge.models import CourseDraft


def bring_lessons(draft: CourseDraft, *, run: Run) -> None:
    """Nothing is wanted."""
