"""Feeds of shows and what they name. The first functions answer with what was found; those at the end find it for
everybody.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from accounts.middleware import opens_own_scope
from core.tenancy import organization_scope
from media_library.captions import to_webvtt
from media_library.chapter_marks import Mark, marks_in
from media_library.models import Audience, Episode, Media, Podcast, ShowStatus
from media_library.podcasts.addresses import PublicAddresses
from media_library.podcasts.channel import Channel
from media_library.podcasts.channels import NoSuchPage, channel_of, heard_episodes, picture_path, with_sound
from media_library.podcasts.chapters import write_chapters
from media_library.podcasts.downloads import EPISODE
from media_library.podcasts.feed import CHAPTERS_TYPE, FEED_TYPE, WORDS_TYPE
from media_library.podcasts.freshness import public_show, state_of
from media_library.podcasts.gone import was_heard_at
from media_library.podcasts.serving import written_feed
from media_library.podcasts.sounds import TYPES, sound_file
from media_library.services.transcripts import timed_texts
from media_library.views.counting import Heard, sound_counted
from media_library.views.encodings import takes_gzip
from media_library.views.sending import send_file

PICTURES = {".jpg": "image/jpeg", ".png": "image/png"}
#: An address shows what is there now; whoever keeps it asks again, and is told that nothing changed.
PUBLIC = "public, max-age=300"
PRIVATE = "private, no-store"
LINE_CHARACTERS = 65  # of a transcript, at most


def feed_answer(
    request: HttpRequest, *, address: str, state: str, build: Callable[[], Channel], kept: str = PUBLIC
) -> HttpResponseBase:
    """The feed of an address, 304 to whoever has it; `state` is the same as long as the feed is.

    Raises Http404 where `build` raises NoSuchPage.
    """
    try:
        feed = written_feed(address, state=state, build=build)
    except NoSuchPage as error:
        raise Http404 from error
    packed = takes_gzip(request.headers.get("Accept-Encoding", ""))
    body, etag = feed.as_told(packed=packed)
    known = get_conditional_response(request, etag=etag, last_modified=int(feed.since.timestamp()))
    response = known or HttpResponse(body, content_type=f"{FEED_TYPE}; charset=utf-8")
    if packed and not known:
        response["Content-Encoding"] = "gzip"
    response["ETag"], response["Last-Modified"] = etag, http_date(feed.since.timestamp())
    response["Vary"] = "Accept-Encoding"
    return told(response, kept)


def enclosure_answer(
    request: HttpRequest, media: Media, extension: str, *, heard: Heard, kept: str = PUBLIC
) -> HttpResponseBase:
    """The newest sound, whole or a byte range; from a bucket by a redirect. What goes out is counted.

    Raises Http404 where there is none.
    """
    if extension not in TYPES or (file := sound_file(media, extension)) is None:
        raise Http404
    response = told(send_file(request, file.path, content_type=TYPES[extension]), kept)
    return sound_counted(request, response, heard, file=file, seconds=media.duration)


def transcript_answer(request: HttpRequest, media: Media, *, kept: str = PUBLIC) -> HttpResponseBase:
    """What is said, as WebVTT with speakers, 304 to whoever has it. Raises Http404 where nobody knows."""
    transcript = media.transcript
    if transcript is None:
        raise Http404
    text = to_webvtt(timed_texts(transcript), language=transcript.language, width=LINE_CHARACTERS)
    return _tagged(request, text, f"{WORDS_TYPE}; charset=utf-8", kept=kept)


def chapters_answer(
    request: HttpRequest, marks: Sequence[Mark], *, seconds: float | None, kept: str = PUBLIC
) -> HttpResponseBase:
    """304 to whoever has them. Raises Http404 where there are none."""
    if not marks:
        raise Http404
    return _tagged(request, write_chapters(marks, seconds=seconds), CHAPTERS_TYPE, kept=kept)


def _tagged(request: HttpRequest, content: str | bytes, content_type: str, *, kept: str) -> HttpResponseBase:
    """With an ETag of these very bytes, whatever they are made of."""
    whole = HttpResponse(content, content_type=content_type)
    etag = f'"{hashlib.sha256(whole.content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or whole
    response["ETag"] = etag
    return told(response, kept)


def artwork_answer(request: HttpRequest, path: str | None, *, kept: str = PUBLIC) -> HttpResponseBase:
    """A picture of the storage. Raises Http404 where there is none."""
    if not path or (kind := PICTURES.get(path[-4:])) is None:
        raise Http404
    return told(send_file(request, path, content_type=kind), kept)


def told(response: HttpResponseBase, kept: str) -> HttpResponseBase:
    """How long it may be kept, and that players on other sites may read it: whoever has the address has a right to it.

    What is private is listed nowhere.
    """
    response.headers.setdefault("Cache-Control", kept)
    response["Access-Control-Allow-Origin"] = "*"
    if kept == PRIVATE:
        response["X-Robots-Tag"] = "noindex"
    return response


@opens_own_scope
@login_not_required
@require_safe
def podcast_feed(request: HttpRequest, organization: str, show: str) -> HttpResponseBase:
    """A page of the archive of a public show; 410 once it was withdrawn, deleted or not, and 301 to where it moved."""
    addresses, page = PublicAddresses(organization, show), page_asked_for(request)
    with inside(organization):
        found = public_show(show)
        if found is None:
            return _without_show(show)
        if found.status == ShowStatus.WITHDRAWN:
            return HttpResponse(status=410)
        if found.new_feed_url not in ("", addresses.feed()):
            return HttpResponsePermanentRedirect(found.new_feed_url)
        return feed_answer(
            request, address=addresses.feed(page), state=state_of(found.id, version=found.version),
            build=lambda: channel_of(_to_be_told(found.id), addresses, page=page),
        )  # fmt: skip


@opens_own_scope
@login_not_required
@require_safe
def episode_sound(
    request: HttpRequest, organization: str, show: str, episode_id: UUID, extension: str
) -> HttpResponseBase:
    with _heard_media(organization, show, episode_id) as media:
        return enclosure_answer(request, media, extension, heard=Heard(EPISODE, episode_id))


@opens_own_scope
@login_not_required
@require_safe
def episode_transcript(request: HttpRequest, organization: str, show: str, episode_id: UUID) -> HttpResponseBase:
    with _heard_media(organization, show, episode_id) as media:
        return transcript_answer(request, media)


@opens_own_scope
@login_not_required
@require_safe
def episode_chapters(request: HttpRequest, organization: str, show: str, episode_id: UUID) -> HttpResponseBase:
    with _heard_media(organization, show, episode_id) as media:
        return chapters_answer(request, marks_in(media.chapters), seconds=media.duration)


@opens_own_scope
@login_not_required
@require_safe
def podcast_artwork(request: HttpRequest, organization: str, show: str, name: str) -> HttpResponseBase:
    with _published_show(organization, show) as podcast:
        return artwork_answer(request, picture_path(podcast, name))


def page_asked_for(request: HttpRequest) -> int:
    """Raises Http404 for what is no number."""
    page = request.GET.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) < 6):
        raise Http404
    return int(page)


def _without_show(slug: str) -> HttpResponse:
    """Raises Http404 where there never was one for everybody."""
    if not was_heard_at(slug):
        raise Http404
    return HttpResponse(status=410)


@contextmanager
def inside(slug: str) -> Iterator[None]:
    """An organization, open or not. One short query. Raises Http404."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_organization WHERE slug = %s", [slug])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    with organization_scope(row[0]):
        yield


def _to_be_told(podcast_id: UUID) -> Podcast:
    found: Podcast = Podcast.objects.select_related("organization").get(pk=podcast_id)
    return found


@contextmanager
def _published_show(organization: str, show: str) -> Iterator[Podcast]:
    """One that everybody may hear now, inside its organization. Raises Http404."""
    with inside(organization):
        public = Podcast.objects.filter(audience=Audience.PUBLIC, status=ShowStatus.PUBLISHED)
        podcast = public.filter(slug=show).first()
        if podcast is None:
            raise Http404
        yield podcast


@contextmanager
def _heard_media(organization: str, show: str, episode_id: UUID) -> Iterator[Media]:
    """What is heard in an episode that everybody may hear now. Raises Http404."""
    with _published_show(organization, show) as podcast:
        episode: Episode | None = with_sound(heard_episodes(podcast)).filter(pk=episode_id).first()
        if episode is None or episode.media is None:
            raise Http404
        yield episode.media
