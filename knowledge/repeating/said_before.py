"""Has this been said before?"""

from typing import Any

from accounts.models import Organization
from core.errors import Refused
from core.lines import one_line
from knowledge.question import MAX_WORDS, Question
from knowledge.services.search import MOST_MOMENTS, SearchResult, answer_to

MAX_CHARACTERS = 5_000
NEAREST = 20


def said_before(text: str, *, user: Any, organization: Organization) -> SearchResult:
    """The places nearest to a sentence or paragraph, by its words and its meaning. Raises Refused `text_too_long`."""
    text = one_line(text)
    if len(text) > MAX_CHARACTERS:
        message = f"Please paste at most {MAX_CHARACTERS} characters."
        raise Refused("text_too_long", message, fields={"text": [message]})
    words = list(dict.fromkeys(word for word in text.replace('"', " ").split() if any(map(str.isalnum, word))))
    telling = set(sorted(words, key=len, reverse=True)[:MAX_WORDS])
    question = Question(text=text, words=" ".join(word for word in words if word in telling))
    return answer_to(question, user=user, organization=organization, limit=min(NEAREST, MOST_MOMENTS))
