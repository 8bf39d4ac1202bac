from courses.admin.course import CourseAdmin
from courses.admin.enrollment import EnrollmentAdmin
from courses.admin.quiz import QuizAdmin

__all__ = ["CourseAdmin", "EnrollmentAdmin", "QuizAdmin"]
