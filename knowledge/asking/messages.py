"""What the model is told: the rules, the last turns, the passages, the question."""

from collections.abc import Sequence

from core.ai.writer import Message
from knowledge.asking.citations import CITATION
from knowledge.asking.retrieval import PASSAGE_CHARACTERS, Source
from knowledge.models import Answer
from knowledge.models.conversation import QUESTION_CHARACTERS
from knowledge.prompting import Prompt, material, prompt

MOST_SENTENCES = 8
TURNS = 3
TURN_CHARACTERS = 1_500
TITLE_CHARACTERS = 200


def answer_prompt() -> Prompt:
    return prompt("answer")


def messages_for(question: str, *, sources: Sequence[Source], turns: Sequence[Answer]) -> list[Message]:
    """Words from outside stand between marks that nobody can forge; numbers of earlier citations mean nothing now."""
    rules = Message("system", answer_prompt().filled(sentences=MOST_SENTENCES))
    passages = "\n\n".join(f"[{source.number}]\n{_passage(source)}" for source in sources)
    asked = material(question, name="question", most=QUESTION_CHARACTERS)
    return [rules, *_history(turns), Message("user", f"{passages}\n\nThe question:\n{asked}")]


def _passage(source: Source) -> str:
    text = f"{source.title[:TITLE_CHARACTERS]}\n{source.text}"
    return material(text, name="passage", most=PASSAGE_CHARACTERS + TITLE_CHARACTERS)


def _history(turns: Sequence[Answer]) -> list[Message]:
    said: list[Message] = []
    for turn in turns[-TURNS:]:
        said.append(Message("user", material(turn.question, name="question", most=QUESTION_CHARACTERS)))
        said.append(Message("assistant", CITATION.sub("", turn.text)[:TURN_CHARACTERS] or "NO ANSWER"))
    return said
