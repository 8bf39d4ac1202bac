"""What is refused, and the one shape in which that is told."""

from typing import Any

#: Told with 503 while the database restarts, is being moved, or is too busy. Code and words.
UNAVAILABLE = ("unavailable", "The database cannot answer at the moment. Please send this again.")
RETRY_SECONDS = "2"  # of Retry-After


class Refused(Exception):
    """A verb said no, in words for the person who asked.

    `code` is stable, `message` a sentence, `fields` names what to correct, `status` is what HTTP calls it.
    """

    def __init__(
        self, code: str, message: str, *, fields: dict[str, list[str]] | None = None, status: int = 400
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.fields, self.status = code, message, fields or {}, status


def error_body(code: str, message: str, fields: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """The body of every refusal that a program reads."""
    return {"error": {"code": code, "message": message, "fields": fields or {}}}
