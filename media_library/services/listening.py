"""Hearing the pieces of one recording, some of them at the same time.

Threads ask the model and keep what it says; everything with the database happens in the one that listens.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from queue import Empty, SimpleQueue
from uuid import UUID

from core.ai import ledger
from core.ai.errors import AiError
from core.ai.heard import Heard
from core.ai.ledger import OverCeiling
from core.ai.transcriber import Transcriber
from core.jobs import Run
from core.models import AiCall, Unit
from core.tenancy import scoped_thread
from media_library.ffmpeg.pieces import Lengths, Piece, Span, pieces_of, smaller
from media_library.ffmpeg.silences import cut_piece
from media_library.services.attempts import tell_progress
from media_library.services.heard_pieces import HeardPieces
from media_library.services.paying import TRANSCRIPTION, reserve

#: Seconds. A model that tells times hears long stretches; of one that does not, each piece is one cue.
TIMED = Lengths(aim=1200, limit=1380, gap=10)
UNTIMED = Lengths(aim=30, limit=120, gap=3)
PAUSES = (1.0, 4.0)  # seconds before the second and the third try of a piece
LONGEST_PAUSE = 15.0  # seconds: who asks for more is asked by another attempt
LOOK_SECONDS = 0.25  # between two looks at whether this is still wanted
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


class Listening:
    """Hears a recording; what was heard before is not asked again."""

    def __init__(
        self, sound: Sound, *, kept: HeardPieces, run: Run, at_once: int, languages: Sequence[str], media_id: UUID
    ) -> None:
        self.sound, self.kept, self.run, self.at_once = sound, kept, run, at_once
        self.languages, self.media_id = languages, media_id
        self.waiting: deque[Task] = deque()
        self.under_way: dict[Task, AiCall | None] = {}
        self.answers: SimpleQueue[tuple[Task, Heard | Exception]] = SimpleQueue()
        self.done: list[HeardPiece] = []
        self.error: Exception | None = None

    def listen(self, transcriber: Transcriber) -> list[HeardPiece]:
        """Everything that is said, in order. Whatever is under way when something fails is still heard, and kept.

        Raises OverCeiling, AiError, MediaError, and what `run.check` raises.
        """
        self._wait_for(transcriber, within=Piece(0, self.sound.duration))
        while self.waiting or self.under_way:
            self.run.check()
            self._begin()
            self._take()
        if self.error is not None:
            raise self.error
        return sorted(self.done, key=lambda one: one.piece.start)

    def _wait_for(self, transcriber: Transcriber, *, within: Piece) -> None:
        lengths = TIMED if transcriber.is_timed else UNTIMED
        pieces = pieces_of(self.sound.silences, lengths, within=(within.start, within.end))
        self.waiting.extend(Task(piece, transcriber) for piece in pieces)

    def _begin(self) -> None:
        while self.waiting and len(self.under_way) < self.at_once:
            task = self.waiting.popleft()
            heard = self.kept.recall(task.piece, task.transcriber)
            if heard is not None:
                self._accept(task, heard)
                continue
            try:
                self.under_way[task] = self._reserve(task)
            except OverCeiling as error:
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
        try:
            sound = cut_piece(self.sound.path, task.piece, should_stop=self.run.should_stop)
            heard = self._hear(task, sound)
            if task.is_answered_by(heard):
                self.kept.keep(task.piece, task.transcriber, heard)
        except Exception as error:  # whatever it is, the one that listens raises it
            self.answers.put((task, error))
        else:
            self.answers.put((task, heard))

    def _hear(self, task: Task, sound: bytes) -> Heard:
        """With a little patience: one failure in a thousand pieces is no reason to begin anew."""
        for pause in (*PAUSES, None):
            try:
                return task.transcriber.hear(
                    sound, seconds=task.piece.seconds, languages=self.languages, should_stop=self.run.should_stop
                )
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
            task, answer = self.answers.get(timeout=LOOK_SECONDS)
        except Empty:
            return
        call = self.under_way.pop(task)
        if isinstance(answer, Heard):
            if call is not None:
                ledger.settle(call, Decimal(str(answer.seconds)))
            self._accept(task, answer)
            return
        if call is not None:
            ledger.fail(call)
        self._react(task, answer)

    def _accept(self, task: Task, heard: Heard) -> None:
        plainer = task.transcriber.plainer()
        if task.is_answered_by(heard) or plainer is None:
            self.done.append(HeardPiece(task.piece, heard, task.transcriber))
            self._tell()
        else:
            self._wait_for(plainer, within=task.piece)

    def _react(self, task: Task, error: Exception) -> None:
        """What is too much at once is cut; who tells no times is asked without."""
        code = error.code if isinstance(error, AiError) else ""
        parts = smaller(task.piece, self.sound.silences) if code in {"sound_too_long", "sound_too_large"} else []
        plainer = task.transcriber.plainer() if code == "format_refused" else None
        if plainer is not None:
            self._wait_for(plainer, within=task.piece)
        elif parts:
            self.waiting.extend(Task(part, task.transcriber) for part in parts)
        else:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.error = self.error or error
        self.waiting.clear()

    def _tell(self) -> None:
        left = sum(task.piece.seconds for task in (*self.waiting, *self.under_way))
        heard = sum(one.piece.seconds for one in self.done)
        tell_progress(self.run, BEGUN + (HEARD - BEGUN) * heard / max(heard + left, 0.001))
