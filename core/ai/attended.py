"""A language model that somebody waits for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread

from core.ai.writer import Message, Shape, Tokens, Writer

TICK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Attended:
    """An empty piece comes once the model is asked, and every half second while it is silent: whoever waits can look
    something up, and at the clock.

    A thread of its own reads from the model, and touches nothing else. Whoever stops listening closes the line with the
    next piece, or when its own timeout ends.
    """

    writer: Writer

    @property
    def model(self) -> str:
        return self.writer.model

    @property
    def provider(self) -> str:
        return self.writer.provider

    def stream(self, messages: Sequence[Message], *, most_tokens: int, used: Tokens) -> Iterator[str]:
        heard: SimpleQueue[str | BaseException | None] = SimpleQueue()
        left = Event()
        Thread(target=_read, args=(self.writer.stream(messages, most_tokens=most_tokens, used=used), heard, left),
               daemon=True).start()  # fmt: skip
        try:
            yield ""
            yield from _pieces(heard)
        finally:
            left.set()

    def fill(self, messages: Sequence[Message], shape: type[Shape], *, most_tokens: int, used: Tokens) -> Shape:
        return self.writer.fill(messages, shape, most_tokens=most_tokens, used=used)


def _pieces(heard: "SimpleQueue[str | BaseException | None]") -> Iterator[str]:
    while True:
        try:
            piece = heard.get(timeout=TICK_SECONDS)
        except Empty:
            piece = ""
        if piece is None:
            return
        if isinstance(piece, BaseException):
            raise piece
        yield piece


def _read(stream: Iterator[str], heard: "SimpleQueue[str | BaseException | None]", left: Event) -> None:
    """The last that is heard is None, or why there is no more."""
    try:
        for piece in stream:
            if left.is_set():
                return
            heard.put(piece)
        heard.put(None)
    except BaseException as error:  # noqa: BLE001  (raised where somebody listens)
        heard.put(error)
