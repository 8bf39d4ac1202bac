"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from media_library.views import (
    delivery,
    feeds,
    frames,
    images,
    my_feeds,
    own_playlists,
    pages,
    playlist_adding,
    playlists,
    podcasts,
    private_feeds,
)

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
    path("playlists/", playlists.playlists, name="playlists"),
    path("playlists/new/", own_playlists.new, name="playlist_new"),
    path("playlists/add/", playlist_adding.add, name="playlist_add"),
    path("playlists/<uuid:playlist_id>/", playlists.playlist, name="playlist"),
    path("playlists/<uuid:playlist_id>/cover.jpg", playlists.cover, name="playlist_cover"),
    path("playlists/<uuid:playlist_id>/play/", playlists.play, name="playlist_play"),
    path("playlists/<uuid:playlist_id>/edit/", own_playlists.edit, name="playlist_edit"),
    path("playlists/<uuid:playlist_id>/delete/", own_playlists.delete, name="playlist_delete"),
    path("playlists/<uuid:playlist_id>/share/", own_playlists.share, name="playlist_share"),
    path("playlists/<uuid:playlist_id>/media/<uuid:media_id>/move/", own_playlists.move, name="playlist_move"),
    path("playlists/<uuid:playlist_id>/media/<uuid:media_id>/remove/", own_playlists.remove, name="playlist_remove"),
    path("frames/<uuid:frame_id>/picture.jpg", frames.frame_picture, name="frame_picture"),
    path("frames/<uuid:frame_id>/small.jpg", frames.small_frame, name="small_frame"),
    path(
        "media/<uuid:media_id>/frames/<uuid:frame_id>/<str:token>/picture.jpg", frames.linked_frame, name="linked_frame"
    ),
    path("podcasts/<slug:show>/feed.xml", feeds.podcast_feed, name="podcast_feed"),
    path("podcasts/<slug:show>/art/<str:name>", feeds.podcast_artwork, name="podcast_artwork"),
    path("podcasts/<slug:show>/episodes/<uuid:episode_id>.vtt", feeds.episode_transcript, name="episode_transcript"),
    path(
        "podcasts/<slug:show>/episodes/<uuid:episode_id>.chapters.json", feeds.episode_chapters, name="episode_chapters"
    ),
    path("podcasts/<slug:show>/episodes/<uuid:episode_id>.<slug:extension>", feeds.episode_sound, name="episode_sound"),
    path("podcasts/", podcasts.shows, name="podcasts"),
    path("podcasts/<slug:podcast>/", podcasts.show, name="podcast"),
    path("podcasts/<slug:podcast>/picture/", podcasts.picture, name="podcast_picture"),
    path("podcasts/<slug:podcast>/<uuid:episode_id>/", podcasts.episode, name="episode"),
    path("podcasts/<slug:podcast>/<uuid:episode_id>/picture/", podcasts.picture, name="podcast_picture"),
]
