"""The words of tus 1.0, a protocol of resumable uploads (tus.io): headers in, plain values out, and back."""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.http import http_date
from django.utils.translation import gettext as _

from core.errors import Refused

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
ALGORITHMS = ("sha1", "sha256")
CONTENT_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
NUMBER = re.compile(r"\d{1,18}")


@dataclass(frozen=True)
class Checksum:
    """What a piece is said to have: name of the algorithm, digest."""

    algorithm: str
    digest: bytes

    def begin(self) -> Any:
        return hashlib.new(self.algorithm)


def refuse_other_version(version: str | None) -> None:
    """Raises Refused: tus_version (412)."""
    if version != VERSION:
        raise Refused("tus_version", _("This speaks tus %(version)s.") % {"version": VERSION}, status=412)


def refuse_other_content(content_type: str) -> None:
    """Raises Refused: content_type (415)."""
    if content_type.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise Refused("content_type", _("Bytes come as %(type)s.") % {"type": CONTENT_TYPE}, status=415)


def length_of(headers: Mapping[str, str]) -> int:
    """Raises Refused: length_missing, for a length left open too; invalid_header."""
    if "Upload-Length" not in headers:
        raise Refused("length_missing", _("Say how long the file is: Upload-Length."))
    return number(headers, "Upload-Length")


def number(headers: Mapping[str, str], name: str) -> int:
    """Raises Refused: invalid_header."""
    text = headers.get(name, "")
    if not NUMBER.fullmatch(text) or not text.isascii():
        raise Refused("invalid_header", _("%(name)s is a number of bytes.") % {"name": name})
    return int(text)


def metadata_of(text: str) -> dict[str, str]:
    """`key base64,key base64,key`: values are UTF-8, a key may stand alone. Raises Refused: invalid_metadata."""
    pairs = (pair.strip().partition(" ") for pair in text.split(",") if pair.strip())
    try:
        return {key: b64decode(value.strip(), validate=True).decode() for key, _space, value in pairs}
    except ValueError as error:
        raise Refused("invalid_metadata", _("Upload-Metadata cannot be read.")) from error


def key_in(facts: Mapping[str, str], name: str) -> UUID | None:
    """An id of ours among the metadata, None where there is none. Raises Refused: invalid_metadata."""
    try:
        return UUID(facts[name]) if facts.get(name) else None
    except ValueError as error:
        words = _("%(name)s is the id of something here.") % {"name": name}
        raise Refused("invalid_metadata", words, fields={name: [words]}) from error


def metadata_text(values: Mapping[str, str]) -> str:
    return ",".join(f"{key} {b64encode(value.encode()).decode()}".strip() for key, value in values.items())


def checksum_of(text: str | None) -> Checksum | None:
    """Raises Refused: checksum_algorithm, invalid_header."""
    if not text:
        return None
    algorithm, _space, digest = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Refused("checksum_algorithm", _("Checksums are sha1 or sha256."))
    try:
        return Checksum(algorithm, b64decode(digest, validate=True))
    except ValueError as error:
        raise Refused("invalid_header", _("Upload-Checksum is an algorithm and a digest in base64.")) from error


def greeting(largest: int) -> dict[str, str]:
    """What an OPTIONS request is told."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(largest),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def expiry(moment: datetime) -> dict[str, str]:
    return {"Upload-Expires": http_date(moment.timestamp())}
