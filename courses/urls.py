"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from courses.views import catalog, course, lesson

app_name = "courses"
urlpatterns = [
    path("", catalog.catalog, name="catalog"),
    path("my/", catalog.my_courses, name="my_courses"),
    path("courses/<slug:course>/", course.course_page, name="course"),
    path("courses/<slug:course>/cover.jpg", catalog.cover, name="cover"),
    path("courses/<slug:course>/enroll/", course.enroll, name="enroll"),
    path("courses/<slug:course>/learn/", course.learn, name="learn"),
    path("courses/<slug:course>/learn/<uuid:item_id>/", lesson.lesson, name="lesson"),
    path("courses/<slug:course>/learn/<uuid:item_id>/done/", lesson.mark_done, name="mark_done"),
    path("courses/<slug:course>/learn/<uuid:item_id>/answers/", lesson.submit_quiz, name="submit_quiz"),
]
