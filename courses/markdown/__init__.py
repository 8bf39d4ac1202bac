"""What creators write, as HTML that can do no harm."""

from courses.markdown.rendering import first_sentences, render

__all__ = ["first_sentences", "render"]
