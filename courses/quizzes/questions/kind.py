"""What every kind of question can do. A new kind is a file beside this one and a line in the registry. Pure."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Protocol

from django.utils.translation import gettext as _

Option = dict[str, str]  # {"key", "text"}
#: What a learner answered: the key of an option, several, or a text as typed.
Answer = str | list[str]


class Unusable(ValueError):
    """Says in a sentence what is wrong with what a creator typed; `field` is where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Unreadable(ValueError):
    """Says in a sentence what is wrong with what a learner answered."""


class UnknownOption(Unreadable):
    """An option that the question does not have."""

    def __init__(self) -> None:
        super().__init__(_("There is no such option."))


class Asked(Protocol):
    """A question, or the copy of one. `options` and `answer` as `courses.models.Question` describes them."""

    @property
    def id(self) -> Any: ...

    @property
    def kind(self) -> str: ...

    @property
    def prompt(self) -> str: ...

    @property
    def options(self) -> Any: ...

    @property
    def answer(self) -> Any: ...

    @property
    def feedback(self) -> str: ...

    @property
    def points(self) -> int: ...


@dataclass(frozen=True)
class TypedOption:
    text: str
    is_right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class Typed:
    """What a creator typed, whatever the door; each kind reads its part."""

    options: Sequence[TypedOption] = ()
    is_true: bool | None = None
    accepted: Sequence[str] = ()
    value: str = ""
    tolerance: str = ""


@dataclass(frozen=True)
class Content:
    """What is written down of it: `options` for learners, `answer` for the server."""

    options: list[Option]
    answer: dict[str, Any]


class Kind(ABC):
    """`control` is what a learner fills in: radio, checkbox, text or number. `takes_many` answers are lists."""

    control: ClassVar[str]
    takes_many: ClassVar[bool] = False
    shuffles: ClassVar[bool] = False

    @abstractmethod
    def parse(self, typed: Typed, *, known: Sequence[Option] = ()) -> Content:
        """Check what was typed; a text that was an option before keeps its key. Raises Unusable."""

    @abstractmethod
    def typed(self, question: Asked) -> Typed:
        """The way back: what a creator edits."""

    @abstractmethod
    def read(self, question: Asked, sent: Any) -> Answer | None:
        """An answer as it came in, checked; None is no answer. Raises Unreadable."""

    @abstractmethod
    def grade(self, question: Asked, answer: Answer) -> Fraction:
        """What of the points a read answer earns, 0–1, exactly."""

    def show(self, question: Asked) -> list[Option]:
        """The options as learners see them, in the order in which they stand."""
        return []

    def right_keys(self, question: Asked) -> set[str]:
        """Of the options. Only for whoever may see what is right."""
        return set()

    def right_texts(self, question: Asked) -> list[str]:
        """What would be right, where there are no options. Only for whoever may see it."""
        return []

    def fault(self, question: Asked) -> str:
        """Why the question cannot be graded, a sentence; empty where it can."""
        try:
            self.parse(self.typed(question), known=question.options)
        except Unusable as fault:
            return str(fault)
        return ""
