"""Options typed as lines: a right one begins with `*`, feedback on one follows behind ` | `."""

from typing import Any

from courses.quizzes.questions import TypedOption

MARK = "*"
BACKSLASH = "\\"
PLAIN_MARK = BACKSLASH + MARK  # an option that begins with a star, and is not right
FEEDBACK = " | "


def read_options(lines: str) -> list[TypedOption]:
    """`*Text | feedback`, one option a line. Empty lines are no options."""
    return [_read(line.strip()) for line in lines.splitlines() if line.strip()]


def _read(line: str) -> TypedOption:
    text, found, feedback = f"{line} ".rpartition(FEEDBACK)
    marked = text.strip() if found else line
    is_right = marked.startswith(MARK)
    plain = marked.removeprefix(MARK if is_right else BACKSLASH) if marked.startswith((MARK, PLAIN_MARK)) else marked
    return TypedOption(plain.strip(), is_right, feedback.strip() if found else "")


def write_options(options: Any) -> str:
    """The lines a creator edits."""
    return "\n".join(_written(option) for option in options)


def _written(option: TypedOption) -> str:
    escape = BACKSLASH if option.text.startswith(MARK) and not option.is_right else ""
    told = FEEDBACK + option.feedback if option.feedback or FEEDBACK in option.text else ""
    return f"{MARK if option.is_right else escape}{option.text}{told}"
