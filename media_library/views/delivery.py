"""Files of media. Those of the player open by a signed link, the others to who is logged in; either way to whom the
one rule of who may watch what lets in.
"""

import re
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import F, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from accounts.middleware import opens_own_scope
from media_library.captions import to_webvtt
from media_library.links import Files
from media_library.models import Media, Transcript
from media_library.models.rendition import RenditionKind
from media_library.querysets import MediaQuerySet
from media_library.services.transcripts import timed_texts
from media_library.views.lookup import MediaWith, behind_link, media_behind_link, visible_media
from media_library.views.sending import send_file

FILE_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9]{2,4})")
SOUND = re.compile(r"audio\d*([_.].*)?|.*\.(mp3|m4a)")  # as the plan of a stream names its sounds
STREAM = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".ts": "video/mp2t",
}
WHOLE = {".mp4": "video/mp4", ".mp3": "audio/mpeg", ".m4a": "audio/mp4"}
WHOLE_KINDS = [RenditionKind.MP4, RenditionKind.MP3, RenditionKind.M4A]
PICTURES = {".vtt": "text/vtt; charset=utf-8", ".jpg": "image/jpeg", ".webp": "image/webp"}
#: Each address names a version that never changes; only this person's browser may keep it.
FOREVER = "private, max-age=31536000, immutable"
#: An address without a version shows what is there now.
BRIEFLY = "private, max-age=60"


@opens_own_scope
@login_not_required
@require_safe
def hls(
    request: HttpRequest, organization: str, media_id: UUID, rendition_id: UUID, token: str, file: str
) -> HttpResponseBase:
    """A playlist or segment, whole or a byte range."""
    return _linked(request, Files(organization, media_id, rendition_id), token, file, _streams, STREAM)


@opens_own_scope
@login_not_required
@require_safe
def whole_file(
    request: HttpRequest, organization: str, media_id: UUID, rendition_id: UUID, token: str, file: str
) -> HttpResponseBase:
    """A rendition that is one file, to be saved under the title of its media."""
    return _linked(
        request, Files(organization, media_id, rendition_id), token, file, media_with=_whole_files, types=WHOLE
    )


@opens_own_scope
@login_not_required
@require_safe
def storyboard(
    request: HttpRequest, organization: str, media_id: UUID, storyboard_id: UUID, token: str, file: str
) -> HttpResponseBase:
    """Which small picture shows which seconds, and the sheets of pictures."""
    return _linked(
        request, Files(organization, media_id, storyboard_id), token, file, media_with=_storyboards, types=PICTURES
    )


@require_safe
def thumbnail(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponseBase:
    return _thumbnail(request, visible_media(request, media_id))


@opens_own_scope
@login_not_required
@require_safe
def linked_thumbnail(request: HttpRequest, organization: str, media_id: UUID, token: str) -> HttpResponseBase:
    """For programs, which are not logged in."""
    with media_behind_link(request, Files(organization, media_id, media_id), token) as media:
        return _thumbnail(request, media)


@require_safe
def captions(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponseBase:
    """The transcript as WebVTT."""
    return _captions(request, visible_media(request, media_id, Media.objects.select_related("transcript")))


@opens_own_scope
@login_not_required
@require_safe
def linked_captions(request: HttpRequest, organization: str, media_id: UUID, token: str) -> HttpResponseBase:
    """For programs, which are not logged in."""
    with media_behind_link(request, Files(organization, media_id, media_id), token) as media:
        return _captions(request, media)


@require_safe
def cues(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponseBase:
    """`{"language", "cues": [{"start", "end", "text", "speaker"}]}`, times in seconds."""
    transcript = _transcript(visible_media(request, media_id, Media.objects.select_related("transcript")))
    rows = list(transcript.cues.order_by("position").values("start", "end", "text", "speaker"))
    return _kept(request, JsonResponse({"language": transcript.language, "cues": rows}))


def _streams(rendition_id: UUID) -> MediaQuerySet:
    """Media with the folder of that rendition of theirs, present or past: who is watching finishes what was begun."""
    media: MediaQuerySet = Media.objects.filter(renditions=rendition_id, renditions__kind=RenditionKind.HLS)
    return media.annotate(folder=F("renditions__folder"), download=Value(""))


def _whole_files(rendition_id: UUID) -> MediaQuerySet:
    media: MediaQuerySet = Media.objects.filter(renditions=rendition_id, renditions__kind__in=WHOLE_KINDS)
    return media.annotate(folder=F("renditions__folder"), download=F("title"))


def _storyboards(storyboard_id: UUID) -> MediaQuerySet:
    media: MediaQuerySet = Media.objects.filter(storyboards=storyboard_id)
    return media.annotate(folder=F("storyboards__folder"), download=Value(""))


def _linked(
    request: HttpRequest, files: Files, token: str, file: str, media_with: MediaWith, types: dict[str, str]
) -> HttpResponseBase:
    """A file of the folder that a link opens. Raises Http404 for names that no file of the kind has."""
    opened = behind_link(request, files, token, media_with)
    name = FILE_NAME.fullmatch(file)
    if name is None or name.group(1) not in types or not (opened.is_seen or SOUND.fullmatch(file)):
        raise Http404
    download = opened.download and f"{opened.download}{name.group(1)}"
    response = send_file(request, f"{opened.folder}/{file}", content_type=types[name.group(1)], download=download)
    response.headers.setdefault("Cache-Control", f"private, max-age={settings.MEDIA_LINK_SECONDS}, immutable")
    return response


def _thumbnail(request: HttpRequest, media: Media) -> HttpResponseBase:
    if not media.thumbnail_path:
        raise Http404
    return _kept(request, send_file(request, media.thumbnail_path, content_type="image/jpeg"))


def _captions(request: HttpRequest, media: Media) -> HttpResponseBase:
    text = to_webvtt(timed_texts(_transcript(media)))
    return _kept(request, HttpResponse(text, content_type="text/vtt; charset=utf-8"))


def _transcript(media: Media) -> Transcript:
    if media.transcript is None:
        raise Http404
    return media.transcript


def _kept(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", FOREVER if "v" in request.GET else BRIEFLY)
    return response
