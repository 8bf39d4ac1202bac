"""What is still to be done at the item on the stage, in the words that stand everywhere."""

from typing import Any

from django.db.models import Subquery

from courses.learn_space.lessons import Lesson
from courses.models import Grade
from courses.progress.unmet import Facts, unmet_rule


def unmet_at(lesson: Lesson, **facts: Any) -> str:
    """Empty for what is settled, and for makers who preview."""
    here = next((row for row in lesson.rows if row.id == lesson.item.id), None)
    if here is None or lesson.item.enrollment_id is None:
        return ""
    return unmet_rule(Facts(type=lesson.item.type, reason=here.reason, **facts))


def grade_at(lesson: Lesson) -> Subquery:
    """The learner's grade at this item, to be read along with what is graded."""
    mine = Grade.objects.filter(enrollment=lesson.item.enrollment_id, item=lesson.item.id)
    return Subquery(mine.values("percent"))
