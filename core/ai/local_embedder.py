"""Embeds on this machine, by fastembed: an optional extra (`local-embeddings`), loaded when it is first needed.

The model must lie on the disk already: nothing is downloaded, and a missing one is told at once.
"""

import functools
import importlib
import importlib.util
import threading
from collections.abc import Sequence
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

    It costs nothing but time.
    """

    name: str
    folder: str = ""

    provider = PROVIDER
    dimensions = DEFAULT_DIMENSIONS

    @property
    def model(self) -> str:
        return f"{PREFIX}{self.name}"

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Vectors in the order of the texts. Raises ValueError for an empty text; AiError: not_installed."""
        if not all(text.strip() for text in texts):
            raise ValueError("an empty text has no embedding")
        with _one_at_a_time:
            model = loaded(self.name, self.folder)
            vectors = [[float(number) for number in one] for one in model.embed(list(texts), batch_size=TEXTS_AT_ONCE)]
        return Embedded(vectors, sum(map(estimated_tokens, texts)))


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
    except (OSError, ValueError, RuntimeError) as error:
        raise AiError("not_installed", f"The model “{name}” does not lie on this machine.") from error
