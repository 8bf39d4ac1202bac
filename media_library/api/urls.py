"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from media_library.api import media, watching

urlpatterns = [
    path("media/", media.MediaListView.as_view(), name="media_list"),
    path("media/<uuid:media_id>/", media.MediaDetailView.as_view(), name="media_detail"),
    path("media/<uuid:media_id>/retry/", media.MediaRetryView.as_view(), name="media_retry"),
    path("watch/sessions/", watching.SessionListView.as_view(), name="watch_sessions"),
    path("watch/sessions/<uuid:session_id>/progress/", watching.SessionProgressView.as_view(), name="watch_progress"),
    path("watch/sessions/<uuid:session_id>/end/", watching.SessionEndView.as_view(), name="watch_end"),
]
