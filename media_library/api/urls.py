"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from media_library.api import (
    costs,
    imports,
    links,
    media,
    messages,
    playback,
    renditions,
    shelves,
    sources,
    steps,
    storage,
    thumbnails,
    transcripts,
    tus,
    uploads,
    watching,
)

urlpatterns = [
    path("costs/", costs.CostsView.as_view(), name="api_costs"),
    path("media/", media.MediaListView.as_view(), name="media_list"),
    path("media/<uuid:media_id>/", media.MediaDetailView.as_view(), name="media_detail"),
    path("media/<uuid:media_id>/links/", links.MediaLinksView.as_view(), name="media_links"),
    path("media/<uuid:media_id>/playback/", playback.MediaPlaybackView.as_view(), name="media_playback"),
    path("media/<uuid:media_id>/bring/", media.MediaBringView.as_view(), name="media_bring"),
    path("media/<uuid:media_id>/retry/", media.MediaRetryView.as_view(), name="media_retry"),
    path("media/<uuid:media_id>/steps/", steps.MediaStepsView.as_view(), name="media_steps"),
    path("media/<uuid:media_id>/steps/<slug:kind>/retry/", steps.MediaStepRetryView.as_view(), name="media_step_retry"),
    path(
        "media/<uuid:media_id>/steps/<slug:kind>/cancel/", steps.MediaStepCancelView.as_view(), name="media_step_cancel"
    ),
    path("media/<uuid:media_id>/cancel/", steps.MediaCancelView.as_view(), name="media_cancel"),
    path("media/<uuid:media_id>/renditions/", renditions.MediaRenditionsView.as_view(), name="media_renditions"),
    path("media/<uuid:media_id>/thumbnail/", thumbnails.MediaThumbnailView.as_view(), name="media_thumbnail"),
    path("media/<uuid:media_id>/transcript/", transcripts.MediaTranscriptView.as_view(), name="media_transcript"),
    path(
        "media/<uuid:media_id>/transcript/search/", transcripts.MediaRungsView.as_view(), name="media_transcript_search"
    ),
    path(
        "media/<uuid:media_id>/transcript/versions/",
        transcripts.MediaTranscriptVersionsView.as_view(),
        name="media_transcript_versions",
    ),
    path(
        "media/<uuid:media_id>/transcript/versions/<uuid:transcript_id>/",
        transcripts.MediaTranscriptVersionView.as_view(),
        name="media_transcript_version",
    ),
    path(
        "media/<uuid:media_id>/transcript/versions/<uuid:transcript_id>/choose/",
        transcripts.MediaTranscriptChoiceView.as_view(),
        name="media_transcript_choose",
    ),
    path("media/<uuid:media_id>/restore/", media.MediaRestoreView.as_view(), name="media_restore"),
    path("media/<uuid:media_id>/purge/", media.MediaPurgeView.as_view(), name="media_purge"),
    path("sources/", sources.SourceListView.as_view(), name="api_sources"),
    path("sources/<slug:source>/account/", sources.SourceAccountView.as_view(), name="api_source_account"),
    path("sources/<slug:source>/check/", sources.SourceCheckView.as_view(), name="api_source_check"),
    path("sources/<uuid:account_id>/messages/", messages.SourceMessagesView.as_view(), name="source_messages"),
    path("imports/", imports.ImportListView.as_view(), name="api_imports"),
    path("imports/<uuid:import_id>/", imports.ImportDetailView.as_view(), name="api_import"),
    path("imports/<uuid:import_id>/rows/", imports.ImportRowsView.as_view(), name="api_import_rows"),
    path("imports/<uuid:import_id>/retry/", imports.ImportRetryView.as_view(), name="api_import_retry"),
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
