"""Text that must stay in its line."""

JOINERS = frozenset("\u200c\u200d")  # print nothing, but shape letters of Persian names, and emoji


def one_line(text: str) -> str:
    """Without line breaks and other characters that print nothing, and with single blanks.

    So a name writes no lines of its own into a mail and no header; what PostgreSQL cannot store (NUL, lone
    surrogates) goes too.
    """
    return " ".join("".join(sign if sign.isprintable() or sign in JOINERS else " " for sign in text).split())
