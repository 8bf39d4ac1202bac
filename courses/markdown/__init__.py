"""What creators write, as HTML that can do no harm."""

from courses.markdown.headings import anchor_of
from courses.markdown.rendering import first_sentences, render

__all__ = ["anchor_of", "first_sentences", "render"]
