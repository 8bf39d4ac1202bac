"""How a lower floor tells what happened without knowing who listens.

`announce("media_completed", media)` runs inside the transaction that made it true. Higher floors subscribe in their
`receivers.py`; a receiver only inserts rows, and if it fails the verb fails with it: a fact and its consequences are
true together.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction

#: Every announcement and the shape of its facts.
FACTS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "job_changed": {},
    "media_uploaded": {"by": object},
    "media_described": {"source": str},
    "media_completed": {},
    "media_failed": {},
    "media_removed": {},
    "media_duplicated": {"existing": object},
    "media_purged": {"by": object},
    "media_replaced": {"by": object},  # another file plays; what was said in the former one may be read no longer
    "chapters_marked": {"by": object},
    "transcript_published": {"transcript": object},
    "transcript_chosen": {"transcript": object},
    "watch_started": {"session": object},
    "watch_progressed": {"session": object, "milestones": tuple, "percent": (int, float)},
    "watch_completed": {"session": object, "percent": (int, float)},
    "watch_repeated": {"session": object, "round": int},  # completed once more, after it was completed
    "site_configured": {"fields": frozenset},  # names of the settings that changed, of the whole installation
    "organization_configured": {"fields": frozenset},  # the same of one organization
    "watch_left": {"session": object, "seconds": int},  # so many were played that nobody was told of yet
    "member_joined": {"addresses": frozenset},  # in lower case: those proven to be theirs
    "member_removed": {},
    "learner_enrolled": {"user": object},
    "item_completed": {"enrollment": object},
    "course_completed": {"enrollment": object},
    "certificate_issued": {},
    "quiz_submitted": {"attempt": object},
    "assignment_submitted": {"submission": object},
    "assignment_graded": {"submission": object},
    "resource_opened": {"enrollment": object},
    "items_written": {"items": tuple},  # of one course: what they say or show is new, or another one
    "items_removed": {"items": tuple},  # of one course, as they stood: they are gone, or show something else
    "resource_written": {},  # its file is another one, or gone
    "media_placed": {"course": object, "by": object},
    "library_searched": {"user": object, "query": str, "results": int},
    "question_asked": {"user": object, "question": str, "place": dict},  # media_id, course_id, item_id or None
}

Receiver = Callable[..., None]
_receivers: dict[str, list[Receiver]] = defaultdict(list)


def hears(name: str) -> Callable[[Receiver], Receiver]:
    """Subscribe a function of `receivers.py` to an announcement."""
    if name not in FACTS:
        raise LookupError(f"Nothing announces {name!r}.")

    def subscribe(receiver: Receiver) -> Receiver:
        _receivers[name].append(receiver)
        return receiver

    return subscribe


def announce(name: str, subject: Any, **facts: Any) -> None:
    """Tell that something happened to `subject`.

    Raises TypeError for unknown names and wrongly shaped facts, TransactionManagementError outside a transaction.
    """
    _check_shape(name, facts)
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{name} was announced outside the transaction that made it true.")
    for receiver in _receivers[name]:
        receiver(subject, **facts)


def _check_shape(name: str, facts: dict[str, Any]) -> None:
    shape = FACTS.get(name)
    if shape is None or shape.keys() != facts.keys():
        raise TypeError(f"{name} is announced with the facts {sorted(shape or ())}, not {sorted(facts)}.")
    for fact, kind in shape.items():
        if not isinstance(facts[fact], kind):
            raise TypeError(f"{name}: {fact} is a {type(facts[fact]).__name__}.")
