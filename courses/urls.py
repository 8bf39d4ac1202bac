"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from courses.views import (
    assignment,
    catalog,
    certificate,
    collection,
    course,
    dashboard,
    enrolling,
    history,
    lesson,
    listening,
    missed,
    notes,
    playlist,
    progress,
    quiz,
    resource,
)

app_name = "courses"
urlpatterns = [
    path("", catalog.catalog, name="catalog"),
    path("my/", dashboard.my_courses, name="my_courses"),
    path("my/history/", history.history, name="history"),
    path("courses/<slug:course>/", course.course_page, name="course"),
    path("collections/<slug:collection>/", collection.collection_page, name="collection"),
    path("courses/<slug:course>/cover.jpg", catalog.cover, name="cover"),
    path("courses/<slug:course>/enroll/", course.enroll, name="enroll"),
    path("courses/<slug:course>/leave/", enrolling.leave, name="leave"),
    path("enroll/", enrolling.redeem, name="redeem"),
    path("courses/<slug:course>/progress/", progress.progress, name="progress"),
    path("courses/<slug:course>/certificate/", certificate.certificate, name="certificate"),
    path("courses/<slug:course>/certificate.pdf", certificate.certificate_file, name="certificate_file"),
    path("courses/<slug:course>/learn/", course.learn, name="learn"),
    path("courses/<slug:course>/learn/<uuid:item_id>/", lesson.lesson, name="lesson"),
    path("courses/<slug:course>/learn/<uuid:item_id>/notes/", notes.item_notes, name="item_notes"),
    path("courses/<slug:course>/learn/<uuid:item_id>/missed/", missed.item_missed, name="item_missed"),
    path("courses/<slug:course>/notes/", notes.notes, name="notes"),
    path("courses/<slug:course>/notes.<slug:format>", notes.export_notes, name="export_notes"),
    path("courses/<slug:course>/notes/<uuid:note_id>/", notes.edit_note, name="edit_note"),
    path("courses/<slug:course>/notes/<uuid:note_id>/delete/", notes.remove_note, name="delete_note"),
    path("courses/<slug:course>/listen/", listening.listen, name="listen"),
    path("courses/<slug:course>/playlist/", playlist.playlist, name="course_playlist"),
    path("courses/<slug:course>/missed/", missed.course_missed, name="missed"),
    path("courses/<slug:course>/learn/<uuid:item_id>/work/", assignment.work_on, name="work_on"),
    path("courses/<slug:course>/learn/<uuid:item_id>/open/", resource.open_item, name="open_resource"),
    path("courses/<slug:course>/learn/<uuid:item_id>/done/", lesson.mark_done, name="mark_done"),
    path("courses/<slug:course>/learn/<uuid:item_id>/attempts/", quiz.start_quiz, name="start_quiz"),
    path("courses/<slug:course>/learn/<uuid:item_id>/attempts/<uuid:attempt_id>/", quiz.save_quiz, name="save_quiz"),
    path(
        "courses/<slug:course>/learn/<uuid:item_id>/attempts/<uuid:attempt_id>/submit/",
        quiz.submit_quiz,
        name="submit_quiz",
    ),
]
