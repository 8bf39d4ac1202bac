"""How texts name an image of the library."""

from django.urls import reverse

from media_library.models import LibraryImage


def image_address(image: LibraryImage, *, slug: str) -> str:
    """Its path on this site, for the organization with that slug."""
    return reverse("media_library:image", args=[slug, image.pk])


def image_markdown(image: LibraryImage, *, slug: str) -> str:
    """What shows it in a text: its words, its address, and its size, so that the page keeps its place free."""
    words = image.alt.replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
    return f"![{words}]({image_address(image, slug=slug)}#{image.width}x{image.height})"
