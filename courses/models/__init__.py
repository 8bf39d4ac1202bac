from courses.models.access import CodeUse, CourseInvitation, EnrollmentCode
from courses.models.assignment import Assignment, Submission, SubmissionFile, SubmissionState
from courses.models.attempt import Attempt, AttemptState, Grade
from courses.models.certificate import Certificate
from courses.models.collection import CollectedCourse, Collection
from courses.models.course import Chapter, Course, CourseAccess
from courses.models.enrollment import Completion, CourseCompletion, Enrollment, EnrollmentSource, Reason
from courses.models.item import ContentItem, ItemType
from courses.models.note import Note
from courses.models.quiz import Question, QuestionKind, Quiz
from courses.models.resource import Resource
from courses.models.square import CourseSquare

__all__ = [
    "Assignment", "Attempt", "AttemptState", "Certificate", "Chapter", "CodeUse", "CollectedCourse", "Collection",
    "Completion", "ContentItem", "Course", "CourseAccess", "CourseCompletion", "CourseInvitation", "CourseSquare",
    "Enrollment", "EnrollmentCode", "EnrollmentSource", "Grade", "ItemType", "Note", "Question", "QuestionKind",
    "Quiz", "Reason", "Resource", "Submission", "SubmissionFile", "SubmissionState",
]  # fmt: skip
