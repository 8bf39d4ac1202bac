"""What each type of item must hold. Asked by forms before saving, and by the services for everybody else."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The field of the one thing an item of that type holds.
HOLDS = {"video": "media", "quiz": "quiz", "text": "text", "assignment": "assignment", "resource": "resource"}
LEAVE_EMPTY: dict[str, Promise] = {
    "video": _("A video item holds media only. Leave this empty or choose another type."),
    "quiz": _("A quiz item holds a quiz only. Leave this empty or choose another type."),
    "text": _("A text item holds its text only. Leave this empty or choose another type."),
    "assignment": _("An assignment item holds an assignment only. Leave this empty or choose another type."),
    "resource": _("A resource item holds a resource only. Leave this empty or choose another type."),
}
MISSING: dict[str, Promise] = {
    "media": _("A video item needs media: choose one from the library."),
    "quiz": _("A quiz item needs a quiz."),
    "text": _("A text item needs its text."),
    "assignment": _("An assignment item needs an assignment."),
    "resource": _("A resource item needs a file or a link."),
}


def content_errors(type: str, held: Mapping[str, Any]) -> dict[str, list[str]]:
    """Sentences by field; empty where the item holds just the one thing its type says. `held` is by field.

    A text may stand beside something else: it is shown to nobody then.
    """
    wanted = HOLDS[type]
    errors = {} if is_held(held.get(wanted)) else {wanted: [str(MISSING[wanted])]}
    foreign = [field for field in HOLDS.values() if field not in (wanted, "text") and held.get(field)]
    return errors | {field: [str(LEAVE_EMPTY[type])] for field in foreign}


def is_held(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def held_by(item: Any) -> dict[str, Any]:
    """What an item holds, by field; keys in place of rows, so that nothing is read."""
    return {field: item.text if field == "text" else getattr(item, f"{field}_id") for field in HOLDS.values()}
