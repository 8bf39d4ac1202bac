"""Finding what an address is about, for the person who asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest

from accounts.access import find_organization
from accounts.models import Organization
from accounts.models.token import Area
from accounts.scopes import is_enough, scope_needed
from accounts.services.tokens import working_tokens
from core.tenancy import organization_scope
from media_library.links import Audience, Files, read_link
from media_library.models import Kind, Media
from media_library.querysets import MediaQuerySet

MediaWith = Callable[[UUID], MediaQuerySet]
#: What links opened a moment ago. Each process has its own: forgetting costs a question, and nothing else.
_opened = LocMemCache("media_links", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


@dataclass(frozen=True)
class Opened:
    """A folder of the storage; a file of it to be saved gets the name `download`, if that is not empty.

    `is_seen`: its picture too. What is open to the ear alone opens files of sound alone.
    """

    folder: str
    download: str
    is_seen: bool


def key_named(text: str) -> UUID | None:
    """The key that a query or a field of a form names; None where it names none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def visible_media(request: HttpRequest, media_id: UUID, media: MediaQuerySet | None = None) -> Media:
    """The media of an address. Raises Http404 where there is none, or none that this person may watch or hear."""
    rows = Media.objects.all() if media is None else media
    found = rows.visible_to(request.user, request.organization).filter(pk=media_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def behind_link(request: HttpRequest, files: Files, token: str, media_with: MediaWith) -> Opened:
    """What a signed link opens to whoever asks. Raises Http404 where it opens nothing, for whatever reason.

    The signature is checked every time, without a statement. Once in MEDIA_RECHECK_SECONDS a process also asks the one
    rule of who may watch what; whatever was revoked meanwhile ends then. `media_with` finds the media of those files,
    each with `folder` and `download`.
    """
    audience = _audience(request, files, token)
    opened: Opened | None = _opened.get(token)
    if opened is None:
        opened = _open(media_with(files.key).filter(pk=files.media_id), *_asker(request, files.slug, audience))
        _opened.set(token, opened, settings.MEDIA_RECHECK_SECONDS)
    return opened


@contextmanager
def media_behind_link(request: HttpRequest, files: Files, token: str, *, is_seen: bool = False) -> Iterator[Media]:
    """The media that a signed link opens to whoever asks, inside its organization; `is_seen` where its picture is asked
    for. Raises Http404 where it opens none.

    Asks each time: what is shown beside a film is fetched once, not every few seconds.
    """
    user, organization = _asker(request, files.slug, _audience(request, files, token))
    with organization_scope(organization):
        rows = Media.objects.select_related("transcript").filter(pk=files.media_id)
        media = (rows.watchable_by if is_seen else rows.visible_to)(user, organization).first()
        if media is None:
            raise Http404
        yield media


def _audience(request: HttpRequest, files: Files, token: str) -> Audience:
    try:
        return read_link(token, files=files, session_key=request.session.session_key or "")
    except BadSignature as error:
        raise Http404 from error


def _open(media: MediaQuerySet, user: Any, organization: Organization) -> Opened:
    """One statement for who may watch, two for who may only hear."""
    with organization_scope(organization):
        watched = media.watchable_by(user, organization).first()
        found = watched or media.visible_to(user, organization).first()
    if found is None:
        raise Http404
    is_sound = found.kind == Kind.AUDIO
    return Opened(found.folder, found.download, is_seen=is_sound or watched is not None)


def _asker(request: HttpRequest, slug: str, audience: Audience) -> tuple[Any, Organization]:
    """Who holds the link now, and where: the session or the token must still be good."""
    if audience.token_id:
        return _holder(slug, audience.token_id)
    organization = find_organization(slug, request.user)
    if organization is None:
        raise Http404
    return request.user, organization


def _holder(slug: str, token_id: UUID) -> tuple[Any, Organization]:
    token = working_tokens().filter(pk=token_id, organization__slug=slug).first()
    if token is None or not is_enough(token.scopes, scope_needed(Area.MEDIA, "GET")):
        raise Http404
    token.user.roles = {token.organization_id: token.membership.role}
    return token.user, token.organization
