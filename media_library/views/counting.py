"""Counting what of a file really went out, without the listener waiting for it."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase

from accounts.origin import address_of
from core.tenancy import current_organization_id, organization_scope
from media_library.models import Rendition
from media_library.podcasts.agents import is_bot
from media_library.podcasts.downloads import Taken, count
from media_library.views.ranges import requested_range

PART = re.compile(r"bytes (\d+)-")
FILES = {200, 206, 302}
CONDITIONS = {"if-none-match", "if-modified-since"}


class CountedFile:
    """A file that is being sent; when the answer is over, what was read of it counts."""

    def __init__(self, file: Any, *, start: int, taken: Taken, organization_id: UUID) -> None:
        self.file, self.start, self.taken, self.organization_id = file, start, taken, organization_id
        self.sent = 0

    def read(self, size: int = -1) -> bytes:
        data: bytes = self.file.read(size)
        self.sent += len(data)
        return data

    def close(self) -> None:
        self.file.close()
        with organization_scope(self.organization_id):
            count(self.taken, range(self.start, self.start + self.sent))


@dataclass(frozen=True)
class Heard:
    """What is asked for: an episode, or what `column` names on a higher floor. `who` is a listener with a key; of
    others an address and a program are all that one can tell.
    """

    column: str
    key: UUID
    who: str = ""


def sound_counted(
    request: HttpRequest, response: HttpResponseBase, heard: Heard, *, file: Rendition, seconds: float | None
) -> HttpResponseBase:
    """The same answer, with a file of sound of so many seconds."""
    stranger = f"{address_of(request)} {request.headers.get('User-Agent', '')}"
    taken = Taken(
        heard.column, heard.key, size=file.size_bytes, seconds=seconds, bitrate=int(file.facts.get("bitrate") or 0),
        who=heard.who or stranger, is_private=bool(heard.who),
    )  # fmt: skip
    return counted(request, response, taken)


def counted(request: HttpRequest, response: HttpResponseBase, taken: Taken) -> HttpResponseBase:
    """What we send ourselves counts as far as it was sent; what nginx or a bucket sends, as it was asked for.

    One statement after the last byte, or before the answer where there is no file in it. HEAD, programs that fetch for
    nobody in particular, and answers without a file count for nothing.
    """
    if request.method != "GET" or response.status_code not in FILES or is_bot(request.headers.get("User-Agent", "")):
        return response
    if isinstance(response, FileResponse):
        _count_while_sending(response, taken)
    elif not CONDITIONS & {name.lower() for name in request.headers}:  # others may answer that nothing changed
        asked = requested_range(request, taken.size, etag=request.headers.get("If-Range", ""))  # theirs is not known
        count(taken, range(taken.size) if asked is None else asked)
    return response


def _count_while_sending(response: FileResponse, taken: Taken) -> None:
    part = PART.match(response.get("Content-Range", ""))
    start = int(part.group(1)) if part else 0
    here: Any = current_organization_id()
    file: Any = CountedFile(response.file_to_stream, start=start, taken=taken, organization_id=here)
    response.streaming_content = file
