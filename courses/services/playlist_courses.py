"""Courses made of playlists."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from courses.models import Course, ItemType
from courses.services.authoring import add_chapter, add_item, create_course
from media_library.models import Media, Playlist


@transaction.atomic
def course_from_playlist(playlist: Playlist, *, by: Any) -> Course:
    """A draft with the playlist's title and description, and one chapter of its media in order; archived ones stay out.

    Each call makes another course. Raises Refused: playlist_empty (409).
    """
    listed = Media.objects.present().for_list().filter(playlist_entries__playlist=playlist)
    films = list(listed.order_by("playlist_entries__position", "playlist_entries__pk"))
    if not films:
        raise Refused("playlist_empty", _("There is nothing in this playlist yet: add media first."), status=409)
    course = create_course(title=playlist.title, by=by, description=playlist.description)
    chapter = add_chapter(course, title=playlist.title, by=by)
    for media in films:
        add_item(chapter, by=by, type=ItemType.VIDEO, title=media.title or _("Untitled"), media=media)
    return course
