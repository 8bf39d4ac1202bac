"""A stored file as an answer, whole or the single byte range that was asked for (RFC 9110, section 14)."""

import hashlib
import re

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

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
    """200 with all of it, 206 with one range, 304 for what the browser has, 416 for a range outside.

    Raises Http404 where there is no such file.
    """
    etag = _etag(name)
    if (known := get_conditional_response(request, etag=etag)) is not None:
        known["ETag"] = etag
        return known
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = _answer(file, requested_range(request, file.size, etag=etag), content_type)
    response["Accept-Ranges"], response["ETag"] = "bytes", etag
    return response


def requested_range(request: HttpRequest, size: int, *, etag: str = "") -> range | None:
    """The byte positions asked for; empty where the file has none of them, None where all of it should be sent.

    Several ranges at once, other units and nonsense mean all of it, as does the wish for a part of another version.
    """
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size) if last else None
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < int(first):
        return None
    return range(min(int(first), end), end)


def _etag(name: str) -> str:
    """Names in the storage are given once and their files never change."""
    return f'"{hashlib.sha256(name.encode()).hexdigest()[:20]}"'


def _answer(file: File, span: range | None, content_type: str) -> HttpResponseBase:
    if span is None:
        return FileResponse(file, content_type=content_type)
    if span:
        return _part(file, span, content_type)
    size = file.size
    file.close()
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})


def _part(file: File, span: range, content_type: str) -> FileResponse:
    size = file.size
    part = FilePart(file, start=span.start, length=len(span))
    response = FileResponse(part, status=206, content_type=content_type)
    response["Content-Length"] = str(len(span))
    response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return response
