"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from media_library.api import links, media, renditions, shelves, steps, storage, thumbnails, tus, uploads, watching

urlpatterns = [
    path("media/", media.MediaListView.as_view(), name="media_list"),
    path("media/<uuid:media_id>/", media.MediaDetailView.as_view(), name="media_detail"),
    path("media/<uuid:media_id>/links/", links.MediaLinksView.as_view(), name="media_links"),
    path("media/<uuid:media_id>/retry/", media.MediaRetryView.as_view(), name="media_retry"),
    path("media/<uuid:media_id>/steps/", steps.MediaStepsView.as_view(), name="media_steps"),
    path("media/<uuid:media_id>/steps/<slug:kind>/retry/", steps.MediaStepRetryView.as_view(), name="media_step_retry"),
    path(
        "media/<uuid:media_id>/steps/<slug:kind>/cancel/", steps.MediaStepCancelView.as_view(), name="media_step_cancel"
    ),
    path("media/<uuid:media_id>/cancel/", steps.MediaCancelView.as_view(), name="media_cancel"),
    path("media/<uuid:media_id>/renditions/", renditions.MediaRenditionsView.as_view(), name="media_renditions"),
    path("media/<uuid:media_id>/thumbnail/", thumbnails.MediaThumbnailView.as_view(), name="media_thumbnail"),
    path("media/<uuid:media_id>/restore/", media.MediaRestoreView.as_view(), name="media_restore"),
    path("media/<uuid:media_id>/purge/", media.MediaPurgeView.as_view(), name="media_purge"),
    path("storage/", storage.StorageView.as_view(), name="api_storage"),
    path("categories/", shelves.CategoryList.as_view(), name="api_categories"),
    path("categories/<uuid:category_id>/", shelves.CategoryDetail.as_view(), name="api_category"),
    path("tags/", shelves.TagList.as_view(), name="api_tags"),
    path("tags/<uuid:tag_id>/", shelves.TagDetail.as_view(), name="api_tag"),
    path("uploads/", tus.UploadListView.as_view(), name="uploads"),
    path("uploads/allowance/", uploads.AllowanceView.as_view(), name="upload_allowance"),
    path("uploads/<uuid:upload_id>/", tus.UploadDetailView.as_view(), name="upload"),
    path("uploads/<uuid:upload_id>/parts/", uploads.UploadPartsView.as_view(), name="upload_parts"),
    path("uploads/<uuid:upload_id>/complete/", uploads.UploadCompleteView.as_view(), name="upload_complete"),
    path("uploads/<uuid:upload_id>/captions/", uploads.UploadCaptionsView.as_view(), name="upload_captions"),
    path("watch/sessions/", watching.SessionListView.as_view(), name="watch_sessions"),
    path("watch/sessions/<uuid:session_id>/progress/", watching.SessionProgressView.as_view(), name="watch_progress"),
    path("watch/sessions/<uuid:session_id>/end/", watching.SessionEndView.as_view(), name="watch_end"),
]
