"""Playlists of the demo: one of the library, one that a learner shares."""

from accounts.models import User
from media_library.models import Media, Playlist, PlaylistStatus, PlaylistType
from media_library.services.playlists import add_media, save_playlist

SEA, EVENING = "All about the sea", "For a rainy evening"


def put_in_playlists(films: list[Media], *, by: User, learner: User) -> None:
    """Made once."""
    if Playlist.objects.exists():
        return
    library = Playlist(
        title=SEA, type=PlaylistType.COURSE, status=PlaylistStatus.PUBLISHED,
        description="Three talks in the order in which they build on each other.",
    )  # fmt: skip
    own = Playlist(title=EVENING, owner=learner, status=PlaylistStatus.PUBLISHED)
    add_media(save_playlist(library, by=by), [film.pk for film in films], by=by)
    add_media(save_playlist(own, by=learner), [film.pk for film in films[:0:-1]], by=learner)
