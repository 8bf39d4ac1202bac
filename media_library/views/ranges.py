"""A stored file as an answer, whole or the single byte range that was asked for (RFC 9110, section 14)."""

import re

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase

RANGE = re.compile(r"bytes=\s*([0-9]{0,19})\s*-\s*([0-9]{0,19})\s*", re.IGNORECASE)


class FilePart:
    """`length` bytes of a file from `start` on, read in pieces; closes the file when the answer was sent."""

    def __init__(self, file: File, *, start: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        data: bytes = self.file.read(wanted)
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def file_response(request: HttpRequest, name: str, *, content_type: str) -> HttpResponseBase:
    """200 with all of it, 206 with one range, 416 for a range outside. Raises Http404 where there is no such file."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    size = file.size
    span = requested_range(request, size)
    if span is None:
        response: HttpResponseBase = FileResponse(file, content_type=content_type)
    elif not span:
        file.close()
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        response = _part(file, span, content_type)
    response["Accept-Ranges"] = "bytes"
    return response


def requested_range(request: HttpRequest, size: int) -> range | None:
    """The byte positions asked for; empty where the file has none of them, None where all of it should be sent.

    Several ranges at once, other units and nonsense mean all of it, as does a condition: we hand out no validators.
    """
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or request.method != "GET" or "If-Range" in request.headers:
        return None
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size) if last else None
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < int(first):
        return None
    return range(min(int(first), end), end)


def _part(file: File, span: range, content_type: str) -> FileResponse:
    size = file.size
    part = FilePart(file, start=span.start, length=len(span))
    response = FileResponse(part, status=206, content_type=content_type)
    response["Content-Length"] = str(len(span))
    response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return response
