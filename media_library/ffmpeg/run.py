"""Running a long FFmpeg command: true progress, and an end to it when it stalls, lasts too long or is unwanted."""

import signal
import time
from collections.abc import Callable, Sequence

from .child import Confinement, Ended, never, supervise, time_limit_watch
from .errors import MediaError

SHORTEST_TIME_LIMIT = 600.0


def time_limit_for(duration: float) -> float:
    """Seconds that work on a recording of `duration` seconds may take: six times its length, at least 10 minutes."""
    return max(SHORTEST_TIME_LIMIT, 6 * duration)


def run(
    argv: Sequence[str],
    *,
    duration: float,
    time_limit: float | None = None,
    stall_limit: float = 120,
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    confinement: Confinement | None = None,
) -> Ended:
    """Run an FFmpeg command that carries `-progress pipe:1`; answers its last words.

    `duration` of the source, `time_limit` (default: time_limit_for) and `stall_limit` (without output moving) in
    seconds. `on_progress` gets percent, 0-100, never falling, 100 only after success. `should_stop` is asked about
    four times a second and must be cheap. The process group is ended on every way out.
    Raises MediaError: cancelled, stalled, timed_out, no_space, file_too_large, transcode_failed.
    """
    progress = Progress(duration, on_progress or ignore)
    watch = Watch(progress, time_limit or time_limit_for(duration), stall_limit, should_stop or never)
    ended = supervise(argv, confinement=confinement or Confinement(), on_output=progress.feed, watch=watch)
    refuse_failure(ended)
    progress.finish()
    return ended


def ignore(percent: float) -> None:
    pass


class Progress:
    """Turns FFmpeg's key=value lines into percent; `moved_at` is when the output last grew (monotonic seconds)."""

    def __init__(self, duration: float, on_progress: Callable[[float], None]) -> None:
        self.duration = duration
        self.on_progress = on_progress
        self.moved_at = time.monotonic()
        self.furthest = -1
        self.unread = b""

    def feed(self, chunk: bytes) -> None:
        *lines, self.unread = (self.unread + chunk).split(b"\n")
        for line in lines:
            key, _, value = line.partition(b"=")
            # The value is N/A before the first frame, and may be negative.
            if key == b"out_time_us" and value.strip().isdigit():
                self.reach(int(value))

    def reach(self, microseconds: int) -> None:
        if microseconds <= self.furthest:
            return
        self.furthest = microseconds
        self.moved_at = time.monotonic()
        if self.duration > 0:
            self.on_progress(min(microseconds / self.duration / 10_000, 99.9))

    def finish(self) -> None:
        self.on_progress(100.0)


class Watch:
    """Raises when the work is unwanted, stalls or lasts too long."""

    def __init__(
        self, progress: Progress, time_limit: float, stall_limit: float, should_stop: Callable[[], bool]
    ) -> None:
        self.progress = progress
        self.stall_limit = stall_limit
        self.refuse_unwanted = time_limit_watch(time_limit, should_stop)

    def __call__(self) -> None:
        self.refuse_unwanted()
        if time.monotonic() - self.progress.moved_at > self.stall_limit:
            raise MediaError("stalled", detail=f"nothing moved for {self.stall_limit:.0f} s")


def refuse_failure(ended: Ended) -> None:
    """Raise the MediaError that an exit code and the last words of FFmpeg stand for."""
    if ended.code == 0:
        return
    detail = f"exit code {ended.code}: {ended.stderr}"
    if "No space left on device" in ended.stderr:
        raise MediaError("no_space", detail=detail, exit_code=ended.code)
    if ended.code == -signal.SIGXFSZ:
        raise MediaError("file_too_large", detail=detail, exit_code=ended.code)
    raise MediaError("transcode_failed", detail=detail, exit_code=ended.code)
