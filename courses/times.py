"""Lengths of time as people read them."""


def clock(seconds: float) -> str:
    """A length or a moment on the clock of a player: `4:10`, `1:05:20`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def in_words(seconds: float) -> str:
    """How long something takes, to the minute: `1 h 05 min`, `18 min`; less than a minute is `1 min`, nothing is empty."""
    if seconds <= 0:
        return ""
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
