"""Images in the texts of a course file: named there by their content, here by their address."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses.course_files.format import IMAGE
from courses.course_files.refusing import unreadable
from media_library.images import image_address
from media_library.models import LibraryImage

#: Names of what is written as Markdown.
MARKDOWN = frozenset({"description", "text", "instructions"})
#: A path on this site, not the end of an address elsewhere.
ADDRESS = re.compile(r"(?<![\w.:-])/[a-z0-9_-]+/images/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.webp")


def images_named(document: Any) -> set[UUID]:
    """Keys that addresses in its texts name; there may be no such images."""
    return {UUID(key) for text in _texts(document) for key in ADDRESS.findall(text)}


def digests_named(document: Any) -> set[str]:
    return {digest for text in _texts(document) for digest in IMAGE.findall(text)}


def named_by_digest(document: Any, images: Mapping[UUID, LibraryImage]) -> Any:
    """The same with `image:<SHA-256>` for the address of each of these images."""

    def name(found: re.Match[str]) -> str:
        image = images.get(UUID(found[1]))
        return f"image:{image.digest}" if image else found[0]

    return _translated(document, lambda text: ADDRESS.sub(name, text))


def named_by_address(document: Any, images: Mapping[str, LibraryImage], *, slug: str) -> Any:
    """The way back, by digest, for the organization of that slug."""
    addresses = {digest: image_address(image, slug=slug) for digest, image in images.items()}
    return _translated(document, lambda text: IMAGE.sub(lambda found: addresses[found[1]], text))


def refuse_unknown_images(document: Any, digests: set[str]) -> None:
    """Raises Refused."""
    if missing := sorted(digests_named(document) - digests):
        raise unreadable(f"images/{missing[0]}.webp", _("A text shows this image, and it is not in the file."))


def _texts(part: Any) -> list[str]:
    found: list[str] = []
    _translated(part, lambda text: found.append(text) or text)  # type: ignore[func-returns-value]
    return found


def _translated(part: Any, translate: Callable[[str], str]) -> Any:
    """Titles and the like are no Markdown, and have a length to keep."""
    if isinstance(part, dict):
        return {
            name: translate(one) if name in MARKDOWN and isinstance(one, str) else _translated(one, translate)
            for name, one in part.items()
        }
    return [_translated(one, translate) for one in part] if isinstance(part, list) else part
