"""What was heard so far of a recording, kept in the storage: it was paid for, whatever becomes of the attempt."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.ai.heard import Heard, HeardCue
from core.ai.transcriber import Transcriber
from core.tenancy import current_organization_id
from media_library.ffmpeg.pieces import Piece
from media_library.storage import heard_folder, remove_folder


@dataclass(frozen=True)
class HeardPieces:
    """A file for each piece: by when it was said, and by whom it was heard. Needs no database, so threads may write."""

    folder: str

    def recall(self, piece: Piece, transcriber: Transcriber) -> Heard | None:
        """None for what was not heard yet, or was not kept whole."""
        name = self._name(piece, transcriber)
        try:
            with default_storage.open(name) as file:
                return _heard(json.loads(file.read()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            default_storage.delete(name)
            return None

    def keep(self, piece: Piece, transcriber: Transcriber, heard: Heard) -> None:
        content = json.dumps(asdict(heard)).encode()
        default_storage.save(self._name(piece, transcriber), ContentFile(content))

    def forget(self) -> None:
        remove_folder(self.folder)

    def _name(self, piece: Piece, transcriber: Transcriber) -> str:
        whom = f"{transcriber.provider} {transcriber.model} {transcriber.is_timed}"
        digest = hashlib.sha256(whom.encode()).hexdigest()[:16]
        return f"{self.folder}/{round(piece.start * 1000):09}-{round(piece.end * 1000):09}-{digest}.json"


def heard_pieces(media_id: UUID) -> HeardPieces:
    """Of a media item of the organization in scope."""
    return HeardPieces(heard_folder(current_organization_id(), media_id))


def _heard(kept: dict[str, Any]) -> Heard:
    return Heard(**{**kept, "cues": tuple(HeardCue(**cue) for cue in kept["cues"])})
