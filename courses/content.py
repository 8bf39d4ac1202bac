"""What each type of item must hold. Asked by forms before saving, and by the services for everybody else."""

from typing import Any

HOLDS = {"video": "media", "quiz": "quiz", "text": "text"}
NAMES = {"video": "A video item", "quiz": "A quiz item", "text": "A text item"}
MISSING = {
    "media": "A video item needs media: choose one from the library.",
    "quiz": "A quiz item needs a quiz.",
    "text": "A text item needs its text.",
}


def content_errors(*, type: str, media: Any, quiz: Any, text: str) -> dict[str, list[str]]:
    """Sentences by field; empty where the item holds just the one thing its type says."""
    held = {"media": bool(media), "quiz": bool(quiz), "text": bool(text.strip())}
    wanted = HOLDS[type]
    errors = {} if held[wanted] else {wanted: [MISSING[wanted]]}
    for field in ("media", "quiz"):
        if field != wanted and held[field]:
            errors[field] = [f"{NAMES[type]} holds no {field}. Leave this empty or choose another type."]
    return errors
