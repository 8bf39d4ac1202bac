"""What is wrong with a question that a model wrote: asked of every one before a person sees it. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from unicodedata import normalize

from django.utils.translation import gettext as _

from knowledge.drafting.shapes import OPTION_KINDS, ToldQuestion

SUPPORTED_FROM = 0.5  # of the key words of what is right are said in the span
STEM = 5  # letters: “tide” and “tides”, “rise” and “rising” count as the same word
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_ALL_OR_NONE = re.compile(
    r"\b(all|none|both|neither) (of )?(the )?(above|these|those|options|answers)\b|\ball answers are\b"
    r"|\b(alle|keine)[rs]? (der )?(oben|genannten|antworten|obigen)|\btoutes les réponses\b|\baucune de ces\b"
    r"|\btodas las anteriores\b|\bninguna de las anteriores\b",
    re.IGNORECASE,
)


def fault_of(question: ToldQuestion, *, said: str) -> str:
    """Why this question may not be asked, a sentence; empty where it may. `said` are the words of its span."""
    checks: Sequence[Callable[[ToldQuestion], Iterator[str]]] = (_faults_of_form, _faults_of_options)
    for check in checks:
        for fault in check(question):
            return fault
    if not is_supported(_right_words(question), said=said):
        return _("What is right is not said in the sentences it names.")
    return ""


def is_supported(claim: str, *, said: str) -> bool:
    """Whether half of the key words of a claim occur in what was said, endings apart."""
    keys = _key_words(claim)
    heard = alike(said)
    if not keys:
        return False
    return sum(key in heard for key in keys) >= SUPPORTED_FROM * len(keys)


def alike(text: str) -> str:
    """What two texts that count as the same have in common: letters and digits, without case and signs."""
    return " ".join(_WORD.findall(normalize("NFKC", text).casefold()))


def _faults_of_form(question: ToldQuestion) -> Iterator[str]:
    if not alike(question.prompt):
        yield _("It asks nothing.")
    if question.kind == "short_text" and not any(map(alike, question.accepted)):
        yield _("It names no accepted answer.")


def _faults_of_options(question: ToldQuestion) -> Iterator[str]:
    if question.kind not in OPTION_KINDS:
        return
    right = [alike(option.text) for option in question.options if option.is_right]
    wrong = [alike(option.text) for option in question.options if not option.is_right]
    if len(right) + len(wrong) < 2 or not wrong:
        yield _("It has no wrong answers.")
    if question.kind == "single_choice" and len(right) != 1:
        yield _("Exactly one answer must be right.")
    if not right:
        yield _("No answer is right.")
    if not all(right + wrong):
        yield _("An answer has no words.")
    if len({*right, *wrong}) < len(right) + len(wrong):
        yield _("Two answers are the same.")
    if any(_ALL_OR_NONE.search(option.text) for option in question.options):
        yield _("“All of the above” is no answer.")
    if any(f" {one} " in f" {other} " for one in wrong for other in right):
        yield _("A wrong answer is a part of the right one.")


def _right_words(question: ToldQuestion) -> str:
    """The words that the span must hold. Of several accepted texts each will do: the first one is the model answer."""
    if question.kind == "true_false":
        return question.prompt
    if question.kind == "short_text":
        return question.accepted[0]
    return " ".join(option.text for option in question.options if option.is_right)


def _key_words(claim: str) -> set[str]:
    """Beginnings of its longer words, and numbers; of scripts without spaces, pairs of signs; else all there is."""
    words = alike(claim).split()
    keys = {key for word in words if _is_key(word) for key in _beginnings(word)}
    return keys or set(words)


def _is_key(word: str) -> bool:
    return len(word) >= 4 or any(map(str.isdigit, word)) or bool(_UNSPACED.search(word))


def _beginnings(word: str) -> list[str]:
    if _UNSPACED.search(word):
        return [word[n : n + 2] for n in range(max(len(word) - 1, 1))]
    return [word[:STEM]]
