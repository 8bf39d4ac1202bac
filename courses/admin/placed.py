"""Questions as rows of their quiz's form."""

from typing import Any

from core.admin.placed import PlacedFormSet
from courses.models import Question
from courses.services.quizzes import refuse_empty_in_use, save_question


class QuestionFormSet(PlacedFormSet):
    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        refuse_empty_in_use(self.instance)
        return saved

    def write(self, row: Question) -> Question:
        return save_question(row)
