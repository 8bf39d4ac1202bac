"""Apart from core.api: DRF reads its settings, and with them this, while it loads its views."""

import zlib
from io import BytesIO
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser

from core.errors import Refused

GZIP = 16 + zlib.MAX_WBITS
LARGEST_BODY = 5_000_000  # bytes of JSON


class JsonParser(JSONParser):
    """Refuses what is nested too deeply to be read."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("This JSON is nested too deeply.") from None


class PackedJsonParser(BaseParser):
    """JSON as it is or packed (`Content-Encoding: gzip`), of at most 5 MB either way.

    No JSONParser itself: of these DRF has the whole body read before, as far as Django takes it. Refused:
    body_too_large (413), unknown_encoding (415), not_gzip.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        encoding = (parser_context or {})["request"].headers.get("Content-Encoding", "identity").strip().lower()
        sent = stream.read(LARGEST_BODY + 1)
        if encoding == "gzip":
            sent = unpacked(sent)
        elif encoding != "identity":
            raise Refused("unknown_encoding", "A body is sent as it is or packed by gzip.", status=415)
        if len(sent) > LARGEST_BODY:
            raise Refused("body_too_large", f"A body has at most {LARGEST_BODY:,} bytes, unpacked.", status=413)
        return JsonParser().parse(BytesIO(sent), media_type, parser_context)


def unpacked(packed: bytes) -> bytes:
    """Never more than a byte above the limit, however much would come out. Raises Refused: not_gzip."""
    unpacking = zlib.decompressobj(GZIP)
    try:
        content = unpacking.decompress(packed, LARGEST_BODY + 1)
    except zlib.error:
        raise Refused("not_gzip", "This is not packed by gzip.") from None
    if not unpacking.eof and len(content) <= LARGEST_BODY:
        raise Refused("not_gzip", "This was cut short: what gzip packed does not end here.")
    return content
