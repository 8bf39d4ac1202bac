"""How a learning record store is spoken to: `POST statements` of xAPI 1.0.3, and what its answers mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.xapi.profile import VERSION
from analytics.xapi.statements import Statement
from core.fetch import Answer, Fetcher, FetchError

TAKEN, KNOWN = frozenset({200, 204}), 409
NOT_TAKEN = frozenset({400, 413, 422})  # something is wrong with what was sent, or it is too much
SHUT = frozenset({401, 403})
BUSY = frozenset({429, 503})
LONGEST_PAUSE = 24 * 3600.0  # seconds; whatever a store asks for
WORDS = 300  # characters of a store's own words that are kept


class Failed(Exception):
    """The store takes nothing now. `pause` is how many seconds it asked for, 0 where it did not say."""

    def __init__(self, code: str, words: str, *, pause: float = 0.0, detail: str = "") -> None:
        super().__init__(words)
        self.code, self.words, self.pause, self.detail = code, words, pause, detail


@dataclass(frozen=True)
class Door:
    http: Fetcher
    endpoint: str
    key: str
    secret: str

    def tell(self, statements: Sequence[Statement]) -> dict[str, str]:
        """Have them stored; what is there already stays as it is. Answers those it will not take, with why, by id.

        A store takes all of a request or nothing, so one that is answered with a no is halved until the culprit stands
        alone. Raises Failed.
        """
        answer = self._post(statements)
        if answer.status in TAKEN:
            return {}
        if answer.status not in NOT_TAKEN | {KNOWN}:
            raise _failure(answer)
        if len(statements) == 1:
            return {} if answer.status == KNOWN else {statements[0]["id"]: _own_words(answer)}
        middle = len(statements) // 2
        return self.tell(statements[:middle]) | self.tell(statements[middle:])

    def _post(self, statements: Sequence[Statement]) -> Answer:
        headers = {"X-Experience-API-Version": VERSION}
        try:
            return self.http.post(
                f"{self.endpoint.rstrip('/')}/statements", json=list(statements), headers=headers,
                auth=(self.key, self.secret),
            )  # fmt: skip
        except FetchError as error:
            if error.code == "network":
                raise Failed("unreachable", _("The record store does not answer."), detail=error.detail) from error
            raise Failed("blocked", _("This address may not be gone to."), detail=error.detail) from error


def _failure(answer: Answer) -> Failed:
    status = answer.status
    if status in SHUT:
        return Failed("credentials", _("The record store does not accept the key and secret."), detail=str(status))
    if status in BUSY:
        return Failed("busy", _("The record store asks for a pause."), pause=_pause(answer), detail=str(status))
    if status >= 500:
        return Failed("broken", _("The record store has a fault (%(status)d).") % {"status": status})
    return Failed("no_store", _("There is no record store at this address (%(status)d).") % {"status": status})


def _pause(answer: Answer) -> float:
    """Only seconds are understood; a date is not."""
    told = answer.headers.get("retry-after", "")
    return min(float(told), LONGEST_PAUSE) if re.fullmatch(r"\d{1,9}", told) else 0.0


def _own_words(answer: Answer) -> str:
    return f"{answer.status}: {' '.join(answer.text[:WORDS].split())}".replace("\x00", "")
