"""Embeds on this machine, by fastembed: an optional extra (`local-embeddings`), loaded when it is first needed.

The model must lie on the disk already: nothing is downloaded, and a missing one is told at once.
"""

import functools
import importlib
import importlib.util
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from core.ai.embedder import DEFAULT_DIMENSIONS, Embedded, estimated_tokens
from core.ai.errors import AiError
from core.ai.local_speech import PROVIDER

MODULE = "fastembed"
#: Before the name of a model: its vectors are not those that a server makes of the same words.
PREFIX = "local:"
TEXTS_AT_ONCE = 16  # more take more memory, not less time
_one_at_a_time = threading.Lock()  # a model takes all there is of a processor


@dataclass(frozen=True, slots=True)
class LocalEmbedder:
    """A model of fastembed, such as “BAAI/bge-small-en-v1.5”, in `folder`, else in fastembed's own place.

    It costs nothing but time. `timeout` in seconds is for whoever waits: the model may be loading, or hang.
    """

    name: str
    folder: str = ""
    timeout: float | None = None

    provider = PROVIDER
    dimensions = DEFAULT_DIMENSIONS

    @property
    def model(self) -> str:
        return f"{PREFIX}{self.name}"

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Vectors in the order of the texts.

        Raises ValueError for an empty text; AiError: not_installed, too_slow, provider_5xx where the model
        itself fails.
        """
        if not all(text.strip() for text in texts):
            raise ValueError("an empty text has no embedding")
        if self.timeout is None:
            with _one_at_a_time:
                vectors = self._vectors(texts)
        else:
            vectors = self._vectors_within(self.timeout, texts)
        return Embedded(vectors, sum(map(estimated_tokens, texts)))

    def _vectors(self, texts: Sequence[str]) -> list[list[float]]:
        model = loaded(self.name, self.folder)
        try:
            return [[float(number) for number in one] for one in model.embed(list(texts), batch_size=TEXTS_AT_ONCE)]
        except Exception as error:  # of whatever runs the model: its files may not be what they should be
            raise AiError("provider_5xx", f"The model “{self.name}” on this machine fails.") from error

    def _vectors_within(self, seconds: float, texts: Sequence[str]) -> list[list[float]]:
        """By a thread that goes on when nobody waits any more: a model is loaded once, and others find it then.

        There is never more than one: who does not get its turn in time starts none.
        """
        deadline = time.monotonic() + seconds
        if not _one_at_a_time.acquire(timeout=seconds):
            raise AiError("too_slow")
        answer: Future[list[list[float]]] = Future()
        threading.Thread(target=self._answer, args=(texts, answer), daemon=True).start()
        try:
            return answer.result(timeout=deadline - time.monotonic())
        except TimeoutError as error:
            raise AiError("too_slow") from error

    def _answer(self, texts: Sequence[str], answer: Future[list[list[float]]]) -> None:
        try:
            answer.set_result(self._vectors(texts))
        except BaseException as error:  # whatever it is, it is told to whoever waits
            answer.set_exception(error)
        finally:
            _one_at_a_time.release()


def is_installed() -> bool:
    return importlib.util.find_spec(MODULE) is not None


@functools.lru_cache(maxsize=2)
def loaded(name: str, folder: str) -> Any:
    """The model in memory. Raises AiError: not_installed."""
    try:
        fastembed = importlib.import_module(MODULE)
    except ImportError as error:
        words = "Install the extra local-embeddings, or leave LOCAL_EMBEDDING_MODEL empty."
        raise AiError("not_installed", words) from error
    try:
        # With files of this machine only: else it tries to download for half a minute where there is no network.
        return fastembed.TextEmbedding(model_name=name, cache_dir=folder or None, local_files_only=True)
    except Exception as error:  # what runs the model has errors of its own for files that are not what they should be
        raise AiError("not_installed", f"The model “{name}” does not lie on this machine, or is broken.") from error
