"""Hears words on this machine, by faster-whisper: an optional extra (`local-ai`), loaded when it is first needed."""

import functools
import importlib
import importlib.util
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.ai.errors import AiError
from core.ai.heard import Heard, read_segments
from core.ai.spoken_languages import language_code
from core.ai.transcriber import Transcriber, never

MODULE = "faster_whisper"
PROVIDER = "this machine"
FIGURES = ("start", "end", "text", "no_speech_prob", "avg_logprob", "compression_ratio")
_one_at_a_time = threading.Lock()  # a model takes all there is of a processor


@dataclass(frozen=True, slots=True)
class LocalTranscriber:
    """A Whisper model such as “base” or “large-v3”, or the folder that holds one. It costs nothing but time."""

    model: str

    provider = PROVIDER
    is_paid = False
    is_timed = True

    def plainer(self) -> None:
        return None

    def hear(self, sound: bytes, *, seconds: float, should_stop: Callable[[], bool] = never) -> Heard:
        """Silence is left out before the model hears it, and no sentence prompts the next: both keep it from looping.

        Raises AiError: not_installed, cancelled.
        """
        with _one_at_a_time:
            segments, about = loaded(self.model).transcribe(
                io.BytesIO(sound), vad_filter=True, condition_on_previous_text=False
            )
            said = list(_taken(segments, should_stop))
        cues = read_segments(said, seconds=seconds)
        return Heard(tuple(cues), language_code(about.language), seconds, is_timed=True)


def local_transcriber_from(model: str) -> Transcriber | None:
    """None where no model is named. Nothing is loaded yet."""
    return LocalTranscriber(model.strip()) if model.strip() else None


def is_installed() -> bool:
    return importlib.util.find_spec(MODULE) is not None


@functools.lru_cache(maxsize=1)
def loaded(model: str) -> Any:
    """The model in memory; the first time it may be downloaded. Raises AiError: not_installed."""
    try:
        whisper = importlib.import_module(MODULE)
    except ImportError as error:
        raise AiError("not_installed", "Install the extra local-ai, or leave LOCAL_SPEECH_MODEL empty.") from error
    try:
        return whisper.WhisperModel(model, device="auto", compute_type="default")
    except (OSError, ValueError, RuntimeError) as error:
        raise AiError("not_installed", f"The model “{model}” could not be loaded.") from error


def _taken(segments: Iterator[Any], should_stop: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    """They are heard one by one, while they are asked for."""
    for segment in segments:
        if should_stop():
            raise AiError("cancelled")
        yield {name: getattr(segment, name) for name in FIGURES}
