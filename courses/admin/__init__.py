from courses.admin import listening, playlists
from courses.admin.assignment import AssignmentAdmin
from courses.admin.certificate import CertificateAdmin
from courses.admin.codes import EnrollmentCodeAdmin
from courses.admin.collections import CollectionAdmin
from courses.admin.course import CourseAdmin
from courses.admin.course_invitations import CourseInvitationAdmin
from courses.admin.enrollment import EnrollmentAdmin
from courses.admin.item import ChapterAdmin, ContentItemAdmin
from courses.admin.quiz import QuizAdmin
from courses.admin.resource import ResourceAdmin
from courses.admin.submission import SubmissionAdmin

__all__ = [
    "AssignmentAdmin",
    "CertificateAdmin",
    "ChapterAdmin",
    "ContentItemAdmin",
    "CollectionAdmin",
    "CourseAdmin",
    "CourseInvitationAdmin",
    "EnrollmentAdmin",
    "EnrollmentCodeAdmin",
    "QuizAdmin",
    "ResourceAdmin",
    "SubmissionAdmin",
    "listening",
    "playlists",
]
