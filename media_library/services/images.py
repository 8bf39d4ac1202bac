"""Pictures for texts: taken in, described, and given up where no text shows them."""

import io
from hashlib import sha256
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.identifiers import uuid7
from core.lines import one_line
from core.tenancy import current_organization_id
from media_library.bare_pictures import bare_webp_size
from media_library.ffmpeg import MediaError
from media_library.ffmpeg.picture import FORMATS, open_upright
from media_library.models import LibraryImage
from media_library.models.images import ALT_CHARACTERS
from media_library.services.ceiling import refuse_over_ceiling
from media_library.storage import images_folder, store_file
from media_library.usage import places_in_words, uses_of_images

LARGEST_FILE = 20_000_000  # bytes, of what is given
LARGEST_SIZE = (2000, 8000)  # pixels of what is kept
LOSSLESS = ("PNG", "GIF")  # drawings and screenshots: their edges stay sharp …
LARGEST_LOSSLESS = 1_000_000  # … as far as they are no photographs, which take more bytes than this
QUALITY = 85


def add_image(file: BinaryIO, *, alt: str, by: Any) -> LibraryImage:
    """Keep a JPEG, PNG, WebP or GIF picture (its first frame) as WebP, upright, with nothing else of the file.

    At most 2,000 pixels wide and 8,000 high. The same picture once more answers the image there is, which takes the
    words if it has none. Raises Refused, with the field `file`: too_large_picture, not_a_picture, storage_full (413);
    with the field `alt`: too_long.
    """
    words = _described(alt)
    picture, content = _encode(file)
    return _keep(content, picture.size, alt=words, by=by)


def carry_image(content: bytes, *, by: Any) -> LibraryImage:
    """A picture as another library has kept it stays so to the byte; any other is taken in like one that is given.

    Raises Refused like `add_image`.
    """
    size = bare_webp_size(content, largest=LARGEST_SIZE)
    return add_image(io.BytesIO(content), alt="", by=by) if size is None else _keep(content, size, alt="", by=by)


def _keep(content: bytes, size: tuple[int, int], *, alt: str, by: Any) -> LibraryImage:
    with transaction.atomic():
        lock_organization(current_organization_id())  # the same picture twice at once is one
        digest = sha256(content).hexdigest()
        found: LibraryImage | None = LibraryImage.objects.filter(digest=digest).first()
        if found is not None:
            return found if found.alt or not alt else describe_image(found, alt=alt, by=by)
        refuse_over_ceiling(len(content))
        return _store(content, digest, alt=alt, width=size[0], height=size[1], created_by=by)


def describe_image(image: LibraryImage, *, alt: str, by: Any) -> LibraryImage:
    """What new texts will say of it. Raises Refused `too_long`, with the field `alt`."""
    image.alt = _described(alt)
    image.save(update_fields=["alt"])
    return image


@transaction.atomic
def delete_image(image: LibraryImage, *, by: Any) -> None:
    """Raises Refused `in_use` (409), whose words say where, while a text shows it."""
    refuse_deletion(image)
    path = image.path
    image.delete()
    transaction.on_commit(lambda: default_storage.delete(path))


def refuse_deletion(image: LibraryImage) -> None:
    """Raises Refused `in_use` (409)."""
    if uses := uses_of_images([image.pk])[image.pk]:
        words = _("“%(image)s” is used: %(places)s. Take it out there first.")
        raise Refused("in_use", words % {"image": image, "places": places_in_words(uses)}, status=409)


def _described(alt: str) -> str:
    words = one_line(alt)
    if len(words) > ALT_CHARACTERS:
        refusal = _("A description has at most %(most)s characters.") % {"most": ALT_CHARACTERS}
        raise Refused("too_long", refusal, fields={"alt": [refusal]})
    return words


def _encode(file: BinaryIO) -> tuple[Image.Image, bytes]:
    given = file.read(LARGEST_FILE + 1)
    if len(given) > LARGEST_FILE:
        words = _("The file is larger than 20 MB.")
        raise Refused("too_large_picture", words, fields={"file": [words]})
    try:
        picture, form = open_upright(io.BytesIO(given), formats=(*FORMATS, "GIF"))
    except MediaError as error:
        raise Refused(error.code, error.message, fields={"file": [error.message]}) from error
    picture.thumbnail(LARGEST_SIZE)
    is_drawing = form in LOSSLESS and len(given) <= LARGEST_LOSSLESS
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())  # pixels and nothing else
    buffer = io.BytesIO()
    bare.save(buffer, "WEBP", method=3, lossless=is_drawing, quality=QUALITY)
    return bare, buffer.getvalue()


def _store(content: bytes, digest: str, **facts: Any) -> LibraryImage:
    image = LibraryImage(pk=uuid7(), digest=digest, size_bytes=len(content), **facts)
    image.path = f"{images_folder(current_organization_id())}/{image.pk}.webp"
    store_file(ContentFile(content), image.path)
    image.save(force_insert=True)
    return image
