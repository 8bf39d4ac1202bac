"""What may be told, and the shape of it: read by the API, the back office and the README, and held to by a test."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Shape = Mapping[str, str]

PING = "ping"
#: Only where the endpoint is told names and addresses.
PERSONAL = ("name", "email")

MEDIA: Shape = {
    "id": "UUID", "title": "text", "kind": "video or audio", "source": "upload, or the name of its host",
    "duration_seconds": "number or null",
}  # fmt: skip
PERSON: Shape = {
    "id": "UUID: a pseudonym, the same in everything that tells of this person",
    "name": "text, only with names and addresses", "email": "text, only with names and addresses",
}  # fmt: skip
COURSE: Shape = {"id": "UUID", "title": "text", "slug": "text"}
ITEM: Shape = {"id": "UUID", "title": "text", "type": "video, text, quiz, assignment or resource"}
TITLED: Shape = {"id": "UUID", "title": "text"}
SUBMISSION: Shape = {"id": "UUID", "number": "whole number from 1", "is_late": "true or false"}


@dataclass(frozen=True)
class Kind:
    """`data` names the objects in a message's `data` and what each holds."""

    type: str
    label: str | Promise
    data: Mapping[str, Shape]

    def as_shown(self) -> dict[str, Any]:
        return {"type": self.type, "label": str(self.label), "data": {name: dict(of) for name, of in self.data.items()}}


_ALL = (
    Kind("media.ready", _("Media can be played"), {"media": MEDIA}),
    Kind(
        "media.failed",
        _("Media could not be made playable"),
        {"media": MEDIA, "error": {"code": "text", "message": "text"}},
    ),
    Kind("member.joined", _("Somebody became a member"), {"person": PERSON, "member": {"role": "text"}}),
    Kind("learner.enrolled", _("A learner was enrolled"), {"course": COURSE, "person": PERSON}),
    Kind("item.completed", _("A learner completed an item"), {"course": COURSE, "item": ITEM, "person": PERSON}),
    Kind("course.completed", _("A learner completed a course"), {"course": COURSE, "person": PERSON}),
    Kind(
        "quiz.submitted",
        _("A quiz was submitted"),
        {
            "course": COURSE, "quiz": TITLED, "person": PERSON,
            "attempt": {
                "id": "UUID", "number": "whole number from 1", "percent": "0–100", "passed": "true or false",
            },
        },
    ),
    Kind(
        "assignment.submitted",
        _("An assignment was handed in"),
        {"course": COURSE, "assignment": TITLED, "submission": SUBMISSION, "person": PERSON},
    ),
    Kind(
        "assignment.graded",
        _("The grade of an assignment was released"),
        {
            "course": COURSE, "assignment": TITLED, "submission": SUBMISSION, "person": PERSON,
            "grade": {"percent": "0–100"},
        },
    ),
    Kind(
        "certificate.issued",
        _("A certificate was issued"),
        {"course": COURSE, "certificate": {"id": "UUID", "issued_at": "time"}, "person": PERSON},
    ),
    Kind(PING, _("A test, sent by hand"), {"endpoint": {"id": "UUID", "name": "text"}}),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.type: kind for kind in _ALL}
#: A test goes to whom it is sent: nobody chooses it.
CHOOSABLE: tuple[Kind, ...] = tuple(kind for kind in _ALL if kind.type != PING)


def label_of(type: str) -> str:
    """Of a kind that is told no more, its name."""
    return str(KINDS[type].label) if type in KINDS else type


def in_order(types: Iterable[str]) -> list[str]:
    """Each once, as they stand here. Raises KeyError for one that nobody can choose."""
    chosen = set(types)
    if unknown := chosen - {kind.type for kind in CHOOSABLE}:
        raise KeyError(min(unknown))
    return [kind.type for kind in CHOOSABLE if kind.type in chosen]
