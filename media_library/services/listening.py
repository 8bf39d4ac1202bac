"""Hearing the pieces of one recording, some of them at the same time.

Threads ask the model and keep what it says; everything with the database happens in the one that listens.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from queue import Empty, SimpleQueue
from uuid import UUID

from core.ai import ledger
from core.ai.errors import AiError
from core.ai.heard import Heard
from core.ai.ledger import Unaffordable
from core.ai.transcriber import Transcriber
from core.jobs import Run
from core.models import AiCall, Unit
from core.tenancy import scoped_thread
from media_library.ffmpeg.pieces import Lengths, Piece, Span, pieces_of, smaller
from media_library.ffmpeg.silences import cut_piece
from media_library.services.attempts import tell_progress
from media_library.services.heard_pieces import HeardPieces
from media_library.services.paying import TRANSCRIPTION, reserve, was_answered

#: Seconds. A model that tells times hears long stretches; of one that does not, each piece is one cue.
TIMED = Lengths(aim=1200, limit=1380, gap=10)
UNTIMED = Lengths(aim=30, limit=120, gap=3)
PAUSES = (1.0, 4.0)  # seconds before the second and the third try of a piece
LONGEST_PAUSE = 15.0  # seconds: who asks for more is asked by another attempt
LOOK_SECONDS = 0.25  # between two looks at whether this is still wanted
LAST_ANSWERS_SECONDS = 5.0  # what is under way when nobody wants it any more may take so long to be paid as it was used
BEGUN, HEARD = 10.0, 99.0  # percent of the work


@dataclass(frozen=True)
class Sound:
    """A recording made ready: FLAC of one channel, `duration` in seconds, and its silences."""

    path: Path
    duration: float
    silences: Sequence[Span]


@dataclass(frozen=True)
class Task:
    """A piece, and who is to hear it."""

    piece: Piece
    transcriber: Transcriber

    def is_answered_by(self, heard: Heard) -> bool:
        """A long text without any time says nothing about when."""
        return heard.is_timed or self.piece.seconds <= UNTIMED.limit


@dataclass(frozen=True)
class HeardPiece:
    piece: Piece
    heard: Heard
    transcriber: Transcriber


@dataclass(frozen=True)
class Answer:
    """What became of a task: what was heard, or why it was not; both where it could not be kept."""

    task: Task
    heard: Heard | None = None
    error: Exception | None = None


class Listening:
    """Hears a recording; what was heard before is not asked again. `answered` are all pieces that were paid for."""

    def __init__(self, sound: Sound, *, kept: HeardPieces, run: Run, at_once: int, media_id: UUID) -> None:
        self.sound, self.kept, self.run, self.at_once, self.media_id = sound, kept, run, at_once, media_id
        self.waiting: deque[Task] = deque()
        self.under_way: dict[Task, AiCall | None] = {}
        self.answers: SimpleQueue[Answer] = SimpleQueue()
        self.answered: list[HeardPiece] = []
        self.done: list[HeardPiece] = []
        self.error: Exception | None = None

    def listen(self, transcriber: Transcriber) -> list[HeardPiece]:
        """Everything that is said, in order. Whatever is under way when something fails is still heard, and kept.

        Who stops it waits five seconds for that: later answers are kept, and paid as `ledger.release_forgotten` does.
        Raises OverCeiling, PriceUnknown, AiError, MediaError, and what `run.check` raises.
        """
        self._put_in_line(self._tasks(transcriber, within=Piece(0, self.sound.duration)))
        try:
            self._work_off()
        except Exception as error:
            self._give_up(error)
            self._take_last_answers()
            raise
        if self.error is not None:
            raise self.error
        return sorted(self.done, key=lambda one: one.piece.start)

    def _work_off(self) -> None:
        while self.waiting or self.under_way:
            self.run.check()
            self._begin()
            self._take()

    def _take_last_answers(self) -> None:
        end = time.monotonic() + LAST_ANSWERS_SECONDS
        while self.under_way and time.monotonic() < end:
            self._take()

    def _tasks(self, transcriber: Transcriber, *, within: Piece) -> list[Task]:
        lengths = TIMED if transcriber.is_timed else UNTIMED
        pieces = pieces_of(self.sound.silences, lengths, within=(within.start, within.end))
        return [Task(piece, transcriber) for piece in pieces]

    def _put_in_line(self, tasks: Iterable[Task]) -> None:
        """After it was given up nobody is asked any more."""
        if self.error is None:
            self.waiting.extend(tasks)

    def _begin(self) -> None:
        while self.waiting and len(self.under_way) < self.at_once:
            task = self.waiting.popleft()
            heard = self.kept.recall(task.piece, task.transcriber)
            if heard is not None:
                self._accept(task, heard)
                continue
            try:
                self.under_way[task] = self._reserve(task)
            except Unaffordable as error:
                self._give_up(error)
                return
            scoped_thread(self._ask, task).start()

    def _reserve(self, task: Task) -> AiCall | None:
        if not task.transcriber.is_paid:
            return None
        seconds = round(task.piece.seconds + 1)  # providers count in whole seconds
        return reserve(task.transcriber, TRANSCRIPTION, Unit.SECONDS, seconds, subject_id=self.media_id)

    def _ask(self, task: Task) -> None:
        """In a thread of its own: cut the piece, have it heard, keep what was heard."""
        heard = None
        try:
            sound = cut_piece(self.sound.path, task.piece, should_stop=self.run.should_stop)
            heard = self._hear(task, sound)
            self.kept.keep(task.piece, task.transcriber, heard)
        except Exception as error:  # whatever it is, the one that listens raises it
            self.answers.put(Answer(task, heard, error))
        else:
            self.answers.put(Answer(task, heard))

    def _hear(self, task: Task, sound: bytes) -> Heard:
        """With a little patience: one failure in a thousand pieces is no reason to begin anew."""
        for pause in (*PAUSES, None):
            try:
                return task.transcriber.hear(sound, seconds=task.piece.seconds, should_stop=self.run.should_stop)
            except AiError as error:
                if error.permanent or pause is None:
                    raise
                wait = pause if error.retry_after is None else error.retry_after
                if wait > LONGEST_PAUSE or not self._waited(wait):
                    raise
        raise AssertionError("the last try answers or raises")

    def _waited(self, seconds: float) -> bool:
        """False where nobody wants to know any more."""
        never_set = threading.Event()
        while seconds > 0 and not self.run.should_stop():
            never_set.wait(min(seconds, LOOK_SECONDS))
            seconds -= LOOK_SECONDS
        return not self.run.should_stop()

    def _take(self) -> None:
        if not self.under_way:
            return
        try:
            answer = self.answers.get(timeout=LOOK_SECONDS)
        except Empty:
            return
        call = self.under_way.pop(answer.task)
        if call is not None:
            _pay(call, answer)
        if answer.error is not None:
            self._react(answer.task, answer.error)
        elif answer.heard is not None:
            self._accept(answer.task, answer.heard)

    def _accept(self, task: Task, heard: Heard) -> None:
        one = HeardPiece(task.piece, heard, task.transcriber)
        self.answered.append(one)
        plainer = task.transcriber.plainer()
        if task.is_answered_by(heard) or plainer is None:
            self.done.append(one)
            self._tell()
        else:
            self._ask_plainer(task, plainer)

    def _ask_plainer(self, task: Task, plainer: Transcriber) -> None:
        """Who told no times once tells none of what is waiting either."""
        others = [one for one in self.waiting if one.transcriber != task.transcriber]
        again = [task, *(one for one in self.waiting if one.transcriber == task.transcriber)]
        self.waiting = deque(others)
        for one in again:
            self._put_in_line(self._tasks(plainer, within=one.piece))

    def _react(self, task: Task, error: Exception) -> None:
        """What is too much at once is cut; who tells no times is asked without."""
        code = error.code if isinstance(error, AiError) else ""
        parts = smaller(task.piece, self.sound.silences) if code in {"sound_too_long", "sound_too_large"} else []
        plainer = task.transcriber.plainer() if code == "format_refused" else None
        if plainer is not None:
            self._ask_plainer(task, plainer)
        elif parts:
            self._put_in_line(Task(part, task.transcriber) for part in parts)
        else:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.error = self.error or error
        self.waiting.clear()

    def _tell(self) -> None:
        left = sum(task.piece.seconds for task in (*self.waiting, *self.under_way))
        heard = sum(one.piece.seconds for one in self.done)
        tell_progress(self.run, BEGUN + (HEARD - BEGUN) * heard / max(heard + left, 0.001))


def _pay(call: AiCall, answer: Answer) -> None:
    """What was answered is paid for, whatever became of the answer."""
    if answer.heard is not None:
        ledger.settle(call, Decimal(str(answer.heard.seconds)))
    elif answer.error is not None and was_answered(answer.error):
        ledger.settle(call)
    else:
        ledger.fail(call)
