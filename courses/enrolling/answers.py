"""What became of each address, whichever way it was named: pasted, in a file, in a request."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy


class AnswerState(models.TextChoices):
    ENROLLED = "enrolled", gettext_lazy("Enrolled")
    RETURNED = "returned", gettext_lazy("Came back")
    HERE = "here", gettext_lazy("Here already")
    INVITED = "invited", gettext_lazy("Invited")
    ENDED = "ended", gettext_lazy("Ended")
    REFUSED = "refused", gettext_lazy("Refused")


@dataclass(frozen=True)
class Answer:
    """`line` from 1, as the file counts; `course` the slug that was meant; `code` and `message` say why."""

    line: int
    email: str
    course: str
    state: AnswerState
    code: str = ""
    message: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "state": self.state.value}
