"""What else a frame is good for: the picture of its media, and the beginning of a chapter."""

from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.lines import one_line
from media_library.chapter_marks import Mark, marks_in
from media_library.models import Frame, Media
from media_library.services.chapters import save_chapters
from media_library.services.thumbnails import upload_thumbnail


def show_as_thumbnail(frame: Frame, *, by: Any) -> None:
    """The picture itself, not its second once more: it stays right where the film was replaced since.

    Raises Refused: no_picture (409), not_a_picture.
    """
    try:
        picture = default_storage.open(frame.path)
    except FileNotFoundError as error:
        raise Refused("no_picture", _("The file of this frame is missing."), status=409) from error
    with picture:
        upload_thumbnail(frame.media, cast(BinaryIO, picture), by=by)


@transaction.atomic
def begin_chapter(frame: Frame, *, title: str, by: Any) -> list[Mark]:
    """Add a mark at its second to the chapters of its media; one that begins there already takes the title.

    Raises Refused: no_title, with the field `title`; otherwise like `save_chapters`.
    """
    if not one_line(title):
        told = _("What is the chapter called?")
        raise Refused("no_title", told, fields={"title": [told]})
    media = Media.objects.select_for_update(no_key=True, of=("self",)).get(pk=frame.media_id)
    at = float(int(frame.second))  # as marks are typed: whole seconds
    others = [mark for mark in marks_in(media.chapters) if int(mark.at) != int(at)]
    return save_chapters(media, [*others, Mark(at, title)], by=by)
