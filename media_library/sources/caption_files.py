"""Caption files as hosts send them."""

from collections.abc import Sequence

from core.fetch import Answer
from media_library import captions
from media_library.captions import CaptionError, TimedText
from media_library.sources.errors import SourceError


def cues_of(answer: Answer) -> Sequence[TimedText]:
    """Raises SourceError: captions_absent where there are no words, provider_changed for what is no caption file."""
    if answer.status != 200:
        raise SourceError("provider_changed", detail=f"caption file: status {answer.status}")
    try:
        return captions.parse(captions.decode(answer.content))
    except CaptionError as error:
        raise failed(error) from error


def failed(error: CaptionError) -> SourceError:
    code = "captions_absent" if error.code == "captions_empty" else "provider_changed"
    return SourceError(code, detail=error.code)
