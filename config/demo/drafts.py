"""Drafts of the demo that wait for review: what a model might have written about the first talk. No key is needed."""

from typing import Any

from accounts.models import User
from knowledge.drafting.generating import keep_sample
from knowledge.models import DraftKind
from media_library.models import Media

AUTHOR = "sample content of the demo"
NOTES: dict[str, Any] = {
    "sections": [
        {
            "heading": "Why there are two bulges",
            "text": "- The Moon's gravity **weakens with distance**: near water is pulled more than far water.\n"
            "- The difference stretches the ocean into **two bulges**, one towards the Moon and one away from it.",
            "first_cue": 3,
            "last_cue": 6,
        },
        {
            "heading": "Twice a day, a little later each time",
            "text": "The Earth turns below both bulges. Tides peak every **twelve hours and twenty-five minutes**, "
            "because the Moon moves on meanwhile.",
            "first_cue": 7,
            "last_cue": 8,
        },
        {
            "heading": "Spring and neap tides",
            "text": "- Sun and Moon in line (new and full Moon): strong **spring tides**.\n"
            "- At right angles: gentle **neap tides**.",
            "first_cue": 9,
            "last_cue": 11,
        },
    ]
}
NOT_USED: dict[str, Any] = {"is_true": False, "options": [], "accepted": []}
QUIZ: dict[str, Any] = {
    "questions": [
        {
            **NOT_USED,
            "kind": "single_choice",
            "prompt": "When are the tides strongest?",
            "options": [
                {"text": "At new and full Moon", "is_right": True},
                {"text": "When the Moon is half", "is_right": False},
                {"text": "In the spring season", "is_right": False},
            ],
            "explanation": "Then Sun and Moon pull along one line.",
            "first_cue": 10,
            "last_cue": 10,
        },
        {
            **NOT_USED,
            "kind": "true_false",
            "prompt": "The Sun pulls with more than half of the Moon's effect.",
            "explanation": "It is a little less than half.",
            "first_cue": 9,
            "last_cue": 9,
        },
        {
            **NOT_USED,
            "kind": "short_text",
            "prompt": "By how many meters can the Bay of Fundy lift the sea?",
            "accepted": ["sixteen", "16", "sixteen meters", "16 meters"],
            "explanation": "Its funnel makes the tide rise.",
            "first_cue": 13,
            "last_cue": 13,
        },
    ]
}


def offer_drafts(media: Media, *, by: User) -> None:
    """Once, whatever became of them since."""
    if media.drafts.exists() or media.transcript is None:
        return
    keep_sample(media, DraftKind.NOTES, NOTES, author=AUTHOR, by=by)
    keep_sample(media, DraftKind.QUIZ, QUIZ, author=AUTHOR, by=by)
