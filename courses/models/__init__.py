from courses.models.course import Chapter, Course
from courses.models.enrollment import Completion, Enrollment
from courses.models.item import ContentItem, ItemType
from courses.models.quiz import Attempt, Question, Quiz

__all__ = ["Attempt", "Chapter", "Completion", "ContentItem", "Course", "Enrollment", "ItemType", "Question", "Quiz"]
