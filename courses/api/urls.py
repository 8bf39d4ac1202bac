"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from courses.api import content, courses, enrolling, quizzes

urlpatterns = [
    path("courses/", courses.CourseList.as_view(), name="api_courses"),
    path("courses/<uuid:course_id>/", courses.CourseDetail.as_view(), name="api_course"),
    path("courses/<uuid:course_id>/chapters/", content.ChapterList.as_view(), name="api_chapters"),
    path("courses/<uuid:course_id>/structure/", courses.CourseStructure.as_view(), name="api_structure"),
    path("courses/<uuid:course_id>/publish/", courses.PublishCourse.as_view(), name="api_publish_course"),
    path("courses/<uuid:course_id>/unpublish/", courses.UnpublishCourse.as_view(), name="api_unpublish_course"),
    path("courses/<uuid:course_id>/enrollments/", enrolling.CourseEnrollments.as_view(), name="api_enrollments"),
    path("courses/<uuid:course_id>/progress/", enrolling.CourseProgress.as_view(), name="api_progress"),
    path("enrollments/<uuid:enrollment_id>/", enrolling.EnrollmentDetail.as_view(), name="api_enrollment"),
    path("chapters/<uuid:chapter_id>/", content.ChapterDetail.as_view(), name="api_chapter"),
    path("chapters/<uuid:chapter_id>/items/", content.ItemList.as_view(), name="api_items"),
    path("items/<uuid:item_id>/", content.ItemDetail.as_view(), name="api_item"),
    path("items/<uuid:item_id>/done/", enrolling.ItemDone.as_view(), name="api_item_done"),
    path("quizzes/", quizzes.QuizList.as_view(), name="api_quizzes"),
    path("quizzes/<uuid:quiz_id>/", quizzes.QuizDetail.as_view(), name="api_quiz"),
    path("quizzes/<uuid:quiz_id>/attempts/", quizzes.QuizAttempts.as_view(), name="api_attempts"),
]
