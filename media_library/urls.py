"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from media_library.views import delivery, images, pages, podcasts

app_name = "media_library"
urlpatterns = [
    path("images/<uuid:image_id>.webp", images.image, name="image"),
    path("media/<uuid:media_id>/", pages.watch, name="watch"),
    path("media/<uuid:media_id>/status/", pages.status, name="status"),
    path("media/<uuid:media_id>/thumbnail.jpg", delivery.thumbnail, name="thumbnail"),
    path("media/<uuid:media_id>/captions.vtt", delivery.captions, name="captions"),
    path("media/<uuid:media_id>/<str:token>/thumbnail.jpg", delivery.linked_thumbnail, name="linked_thumbnail"),
    path("media/<uuid:media_id>/<str:token>/captions.vtt", delivery.linked_captions, name="linked_captions"),
    path("media/<uuid:media_id>/cues.json", delivery.cues, name="cues"),
    path("media/<uuid:media_id>/hls/<uuid:rendition_id>/<str:token>/<str:file>", delivery.hls, name="hls"),
    path(
        "media/<uuid:media_id>/files/<uuid:rendition_id>/<str:token>/<str:file>", delivery.whole_file, name="whole_file"
    ),
    path(
        "media/<uuid:media_id>/storyboard/<uuid:storyboard_id>/<str:token>/<str:file>",
        delivery.storyboard,
        name="storyboard",
    ),
    path("podcasts/", podcasts.shows, name="podcasts"),
    path("podcasts/<slug:podcast>/", podcasts.show, name="podcast"),
    path("podcasts/<slug:podcast>/picture/", podcasts.picture, name="podcast_picture"),
    path("podcasts/<slug:podcast>/<uuid:episode_id>/", podcasts.episode, name="episode"),
    path("podcasts/<slug:podcast>/<uuid:episode_id>/picture/", podcasts.picture, name="podcast_picture"),
]
