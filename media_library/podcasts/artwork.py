"""Square pictures of shows and episodes, as Apple wants them: JPEG or PNG, 1400–3000 pixels a side, RGB.

Apps keep what they have seen, so a new picture lies at a new path. What it replaces is left to the cleaning: whoever
read the feed a moment ago still finds it.
"""

import io
import struct
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from core.errors import Refused
from core.identifiers import uuid7
from core.tenancy import current_organization_id
from media_library.ffmpeg import MediaError
from media_library.ffmpeg.picture import open_upright
from media_library.keeping import Keeper, add_keeper
from media_library.models import Episode, Podcast, ShowStatus
from media_library.podcasts.changes import touch
from media_library.podcasts.holding import hold
from media_library.services.ceiling import refuse_over_ceiling
from media_library.storage import store_file

LARGEST_FILE = 20_000_000  # bytes, of what is given
SMALLEST_SIDE, LARGEST_SIDE = 1400, 3000  # pixels
FORMATS = {"JPEG": ".jpg", "PNG": ".png"}
WHITE = (255, 255, 255)
QUALITY = 90


def _with_artwork(model: type[Podcast] | type[Episode]) -> QuerySet[Any]:
    rows = model.objects.exclude(artwork_path="")
    return rows.annotate(path=F("artwork_path"), size_bytes=F("artwork_bytes"))


KEEPERS = {
    Podcast: add_keeper(
        Keeper("podcasts", gettext_lazy("Artwork of podcasts"), "podcasts", lambda: _with_artwork(Podcast))
    ),
    Episode: add_keeper(
        Keeper("episodes", gettext_lazy("Artwork of episodes"), "episodes", lambda: _with_artwork(Episode))
    ),
}


@transaction.atomic
def set_artwork(holder: Podcast | Episode, file: BinaryIO, *, by: Any) -> None:
    """Keep a picture for a show or an episode, encoded anew in its own format, upright, with nothing else of the file.

    Raises Refused, with the field `file`: too_large_picture, not_a_picture, not_square, wrong_size, storage_full (413).
    podcast_gone and episode_gone (404) have none.
    """
    picture, form = _open(file)
    content = _encode(picture, form)
    hold(holder)  # from here on nobody takes it away
    refuse_over_ceiling(len(content))
    path = f"{current_organization_id()}/{KEEPERS[type(holder)].folder}/{holder.pk}/{uuid7()}{FORMATS[form]}"
    store_file(ContentFile(content), path)
    _point_to(holder, path, side=picture.width, size=len(content))


@transaction.atomic
def remove_artwork(holder: Podcast | Episode, *, by: Any) -> None:
    """An episode is shown with that of its show then.

    Raises Refused: show_incomplete (409) for a published show, podcast_gone, episode_gone (404).
    """
    hold(holder)
    if isinstance(holder, Podcast) and holder.status == ShowStatus.PUBLISHED:
        words = _("“%(show)s” is published: it needs artwork. Put another picture in its place.")
        raise Refused("show_incomplete", words % {"show": holder}, status=409)
    _point_to(holder, "", side=0, size=0)


def drop_artwork_of_show(podcast: Podcast) -> None:
    """The files of a show that goes, and of its episodes."""
    _drop([podcast.artwork_path, *Episode.objects.filter(podcast=podcast).values_list("artwork_path", flat=True)])


def drop_artwork(episode: Episode) -> None:
    """The file of an episode that goes."""
    _drop([episode.artwork_path])


def artwork_type(path: str) -> str:
    """`image/jpeg` or `image/png`."""
    return "image/png" if path.endswith(".png") else "image/jpeg"


def _point_to(holder: Podcast | Episode, path: str, *, side: int, size: int) -> None:
    """Inside the transaction that holds it."""
    holder.artwork_path, holder.artwork_side, holder.artwork_bytes = path, side, size
    holder.save(update_fields=["artwork_path", "artwork_side", "artwork_bytes"])
    touch(holder if isinstance(holder, Podcast) else holder.podcast)


def _open(file: BinaryIO) -> tuple[Image.Image, str]:
    given = file.read(LARGEST_FILE + 1)
    if len(given) > LARGEST_FILE:
        raise _refusal("too_large_picture", _("The file is larger than 20 MB."))
    try:
        _refuse_measures(*_size_of(given))
        return open_upright(io.BytesIO(given), formats=tuple(FORMATS))
    except MediaError as error:
        words = _("This file is not a picture that can be read. Please use JPEG or PNG.")
        raise _refusal(error.code, words if error.code == "not_a_picture" else error.message) from error


def _size_of(given: bytes) -> tuple[int, int]:
    """As its head says, before anything is decoded. Raises MediaError: not_a_picture, too_large_picture."""
    try:
        with Image.open(io.BytesIO(given), formats=tuple(FORMATS)) as image:
            return image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise MediaError("too_large_picture", detail=str(error)) from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as error:
        raise MediaError("not_a_picture", detail=str(error)) from error


def _refuse_measures(width: int, height: int) -> None:
    measures = {"width": width, "height": height, "smallest": SMALLEST_SIDE, "largest": LARGEST_SIDE}
    if width != height:
        words = _("Artwork is square; this picture has %(width)d × %(height)d pixels.")
        raise _refusal("not_square", words % measures)
    if not SMALLEST_SIDE <= width <= LARGEST_SIDE:
        words = _("Artwork has %(smallest)d to %(largest)d pixels a side; this picture has %(width)d.")
        raise _refusal("wrong_size", words % measures)


def _encode(picture: Image.Image, form: str) -> bytes:
    """In RGB; what can be seen through is white."""
    bare = Image.alpha_composite(Image.new("RGBA", picture.size, WHITE), picture).convert("RGB")
    buffer = io.BytesIO()
    bare.save(buffer, form, **({"quality": QUALITY, "optimize": True} if form == "JPEG" else {}))
    return buffer.getvalue()


def _drop(paths: list[str]) -> None:
    for path in filter(None, paths):
        transaction.on_commit(lambda path=path: default_storage.delete(path))  # type: ignore[misc]


def _refusal(code: str, words: str) -> Refused:
    return Refused(code, words, fields={"file": [words]})
