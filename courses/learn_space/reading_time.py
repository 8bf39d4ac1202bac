"""How long a text takes to be read. Pure."""

WORDS_A_MINUTE = 200  # of adults who read to learn


def reading_minutes(text: str) -> int:
    """Whole minutes, one at least."""
    return max(1, round(len(text.split()) / WORDS_A_MINUTE))
