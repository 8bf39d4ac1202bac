"""Questions as rows of their quiz's form."""

from core.admin.placed import PlacedFormSet
from courses.models import Question
from courses.services.quizzes import save_question


class QuestionFormSet(PlacedFormSet):
    def write(self, row: Question) -> Question:
        return save_question(row)
