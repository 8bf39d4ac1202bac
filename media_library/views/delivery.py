"""Files of media, each checked when it is asked for: who asks, and may they watch this."""

import re
from pathlib import PurePosixPath
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from media_library.captions import to_webvtt
from media_library.models import Media, Transcript
from media_library.querysets import MediaQuerySet
from media_library.services.transcripts import timed_texts
from media_library.views.lookup import watchable_media
from media_library.views.ranges import file_response

FILE_NAME = re.compile(r"[a-z0-9_-]+\.(m3u8|m4s|mp4|ts)")
CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".ts": "video/mp2t",
}
# Each address names a version that never changes; only this person's browser may keep it.
FOREVER = "private, max-age=31536000, immutable"
#: An address without a version shows what is there now.
BRIEFLY = "private, max-age=60"


@require_safe
def hls(request: HttpRequest, organization: str, media_id: UUID, rendition_id: UUID, file: str) -> HttpResponseBase:
    """A playlist or segment, whole or a byte range."""
    media = watchable_media(request, media_id, _with_rendition(rendition_id))
    if not FILE_NAME.fullmatch(file):
        raise Http404
    name = f"{media.rendition_folder}/{file}"  # type: ignore[attr-defined]
    response = file_response(request, name, content_type=CONTENT_TYPES[PurePosixPath(file).suffix])
    response["Cache-Control"] = FOREVER
    return response


@require_safe
def thumbnail(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponseBase:
    media = watchable_media(request, media_id)
    if not media.thumbnail_path:
        raise Http404
    return _kept(request, file_response(request, media.thumbnail_path, content_type="image/jpeg"))


@require_safe
def captions(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponseBase:
    """The transcript as WebVTT."""
    text = to_webvtt(timed_texts(_transcript(request, media_id)))
    return _kept(request, HttpResponse(text, content_type="text/vtt; charset=utf-8"))


@require_safe
def cues(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponseBase:
    """`{"language", "cues": [{"start", "end", "text", "speaker"}]}`, times in seconds."""
    transcript = _transcript(request, media_id)
    rows = list(transcript.cues.order_by("position").values("start", "end", "text", "speaker"))
    return _kept(request, JsonResponse({"language": transcript.language, "cues": rows}))


def _with_rendition(rendition_id: UUID) -> MediaQuerySet:
    """Media with the folder of that rendition of theirs, present or past: who is watching finishes what was begun."""
    return Media.objects.filter(renditions=rendition_id).annotate(rendition_folder=F("renditions__folder"))


def _transcript(request: HttpRequest, media_id: UUID) -> Transcript:
    media = watchable_media(request, media_id, Media.objects.select_related("transcript"))
    if media.transcript is None:
        raise Http404
    return media.transcript


def _kept(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = FOREVER if "v" in request.GET else BRIEFLY
    return response
