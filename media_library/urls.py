"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from media_library.views import delivery, feeds, images, my_feeds, pages, private_feeds

app_name = "media_library"
private_feeds_urls = [
    path("my/feeds/", my_feeds.my_feeds, name="my_feeds"),
    path("my/feeds/<uuid:key_id>/<slug:verb>/", my_feeds.change_feed, name="change_feed"),
    path("my/feeds/shows/<uuid:podcast_id>/", my_feeds.follow_show, name="follow_show"),
    path("feeds/<str:token>/feed.xml", private_feeds.private_feed, name="private_feed"),
    path("feeds/<str:token>/art/<str:name>", private_feeds.private_artwork, name="private_artwork"),
    path("feeds/<str:token>/<uuid:episode_id>.vtt", private_feeds.private_transcript, name="private_transcript"),
    path("feeds/<str:token>/<uuid:episode_id>.chapters.json", private_feeds.private_chapters, name="private_chapters"),
    path("feeds/<str:token>/<uuid:episode_id>.<slug:extension>", private_feeds.private_sound, name="private_sound"),
]
urlpatterns = [
    *private_feeds_urls,
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
    path("podcasts/<slug:show>/feed.xml", feeds.podcast_feed, name="podcast_feed"),
    path("podcasts/<slug:show>/art/<str:name>", feeds.podcast_artwork, name="podcast_artwork"),
    path("podcasts/<slug:show>/episodes/<uuid:episode_id>.vtt", feeds.episode_transcript, name="episode_transcript"),
    path(
        "podcasts/<slug:show>/episodes/<uuid:episode_id>.chapters.json", feeds.episode_chapters, name="episode_chapters"
    ),
    path("podcasts/<slug:show>/episodes/<uuid:episode_id>.<slug:extension>", feeds.episode_sound, name="episode_sound"),
]
