"""Text that must stay in its line."""


def without_breaks(text: str) -> str:
    """Every run of white space as one blank: a name with line breaks would write lines of its own into a mail."""
    return " ".join(text.split())
