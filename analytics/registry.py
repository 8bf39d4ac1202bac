"""Every type of event and the shape of its metadata (requirement A1)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

TEXT_CHARACTERS = 300
LARGEST = 10**15  # what a number of JavaScript still tells exactly
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, and halves of characters
MOST_SECONDS = 7 * 86_400  # of one visit, told at once


@dataclass(frozen=True)
class Field:
    """One entry of metadata: what it must be, in words and as a check. Not `required`: it may be missing or null."""

    words: str
    accepts: Callable[[Any], bool]
    required: bool = True

    def reason_against(self, value: Any) -> str | None:
        if value is None:
            return "This is required." if self.required else None
        return None if self.accepts(value) else f"This must be {self.words}."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_CHARACTERS and not UNSTORABLE.search(value)


def _is_key(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def optional(field: Field) -> Field:
    return replace(field, required=False)


TEXT = Field(f"a text of at most {TEXT_CHARACTERS} characters", _is_text)
AMOUNT = Field("a number, at least 0", lambda value: _is_number(value) and value >= 0)
COUNT = Field("a whole number, at least 0", lambda value: type(value) is int and 0 <= value <= LARGEST)
SECONDS = Field(
    f"whole seconds, from 0 to {MOST_SECONDS}", lambda value: type(value) is int and 0 <= value <= MOST_SECONDS
)
PERCENT = Field("a number from 0 to 100", lambda value: _is_number(value) and 0 <= value <= 100)
FLAG = Field("true or false", lambda value: isinstance(value, bool))
KEY = Field("a UUID", _is_key)
MOMENT = Field("a time with its zone, as ISO 8601 writes it", _is_moment)
DEVICE = Field("desktop, mobile or tablet", lambda value: value in ("desktop", "mobile", "tablet"))

Shape = Mapping[str, Field]

VISIT: Shape = {
    "device": DEVICE, "browser": optional(TEXT), "referrer": optional(TEXT), "session_id": optional(KEY),
}  # fmt: skip
REACHED: Shape = {
    "percent_complete": PERCENT, "watch_time_seconds": AMOUNT, "session_id": KEY, "device": DEVICE,
    "completion_time": optional(MOMENT),
}  # fmt: skip

EVENT_TYPES: dict[str, Shape] = {
    "video_imported": {"source_type": TEXT, "duration_seconds": optional(AMOUNT), "file_size_bytes": optional(COUNT)},
    "video_uploaded": {"size": COUNT, "format": TEXT, "processing_time": optional(AMOUNT)},
    "video_transcribed": {"transcript_method": TEXT, "cost": AMOUNT, "word_count": COUNT, "language": TEXT},
    "video_embedded": {"model": TEXT},
    "video_added_to_course": {},
    "video_viewed": VISIT,
    "video_started": VISIT,
    "video_progress": REACHED,
    "video_completed": REACHED,
    "video_rewatched": {**VISIT, "round": optional(COUNT)},
    #: Seconds of one visit that no such event told before: their sum is the watch time.
    "video_watched": {"seconds": SECONDS, "session_id": optional(KEY), "device": optional(DEVICE)},
    "playlist_created": {"playlist_type": optional(TEXT), "own": optional(FLAG)},
    "learner_enrolled": {},
    "item_completed": {"item_type": TEXT},
    "course_completed": {},
    "quiz_submitted": {"percent": PERCENT, "passed": FLAG, "attempt": COUNT},
    "assignment_submitted": {"submission": COUNT, "late": FLAG},
    "assignment_graded": {"submission": COUNT, "percent": PERCENT},
    "resource_opened": {},
    "search_made": {"query": TEXT, "results": COUNT},
    "question_asked": {"question": TEXT},
}


#: What has happened, for those who send or read events.
ABOUT: dict[str, str] = {
    "video_imported": "Media was taken over from a host.",
    "video_uploaded": "A file was uploaded.",
    "video_transcribed": "Media got a transcript.",
    "video_embedded": "The words of media can be found by their meaning.",
    "video_added_to_course": "Media was put into a course.",
    "video_viewed": "A visit began: the player was opened and played.",
    "video_started": "A learner's first visit to this media.",
    "video_progress": "A learner has seen 10, 25, 50, 75 or 90 % for the first time.",
    "video_completed": "A learner has seen enough for the first time: 90 %, or what the media asks for.",
    "video_rewatched": "A learner who had completed it has seen it whole once more.",
    "video_watched": "Seconds of one visit were played that were not told before; their sum is the watch time.",
    "playlist_created": "A playlist was made, the library's or somebody's own.",
    "learner_enrolled": "A learner was enrolled in a course.",
    "item_completed": "A learner has done one item of a course.",
    "course_completed": "A learner has done all of a course.",
    "quiz_submitted": "A learner handed in a quiz, and it was graded.",
    "assignment_submitted": "A learner handed in an assignment.",
    "assignment_graded": "Somebody graded an assignment.",
    "resource_opened": "A learner opened or downloaded a resource.",
    "search_made": "Somebody searched the library.",
    "question_asked": "Somebody asked the library a question.",
}


def reasons_against(type: str, metadata: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with the metadata of an event, by entry; empty: nothing. Raises KeyError for an unknown type."""
    shape = EVENT_TYPES[type]
    reasons = {name: field.reason_against(metadata.get(name)) for name, field in shape.items()}
    unknown = {str(name): "Events of this type do not have this." for name in metadata if name not in shape}
    return {name: [reason] for name, reason in (reasons | unknown).items() if reason}
