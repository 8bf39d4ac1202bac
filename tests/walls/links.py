"""Links to files as if whoever tries could sign them: what opens then is up to the rule of who may watch what."""

import re
from uuid import UUID

from django.conf import settings

from accounts.models import ApiToken
from media_library.links import Audience, Files, sign_link
from tests.walls.actors import Actor

UNSIGNED = re.compile(r"/([^/]+)/media/([0-9a-f-]{36})/(hls|files|storyboard)/([0-9a-f-]{36})/token/master\.m3u8$")
BESIDE = re.compile(r"/([^/]+)/media/([0-9a-f-]{36})/token/(thumbnail\.jpg|captions\.vtt)$")
FRAME = re.compile(r"/([^/]+)/media/([0-9a-f-]{36})/frames/([0-9a-f-]{36})/token/picture\.jpg$")
#: What tests.world puts there.
NAMES = {"hls": "master.m3u8", "files": "talk.mp3", "storyboard": "sheet_0.jpg"}


def signed(path: str, actor: Actor) -> str:
    """The path with a token for this actor; any other path as it is."""
    if found := BESIDE.match(path):
        slug, media, file = found.groups()
        return f"/{slug}/media/{media}/{_token(slug, media, media, actor)}/{file}"
    if found := FRAME.match(path):
        slug, media, frame = found.groups()
        return f"/{slug}/media/{media}/frames/{frame}/{_token(slug, media, frame, actor)}/picture.jpg"
    if (found := UNSIGNED.match(path)) is None:
        return path
    slug, media, kind, key = found.groups()
    return f"/{slug}/media/{media}/{kind}/{key}/{_token(slug, media, key, actor)}/{NAMES[kind]}"


def _token(slug: str, media: str, key: str, actor: Actor) -> str:
    return sign_link(Files(slug, UUID(media), UUID(key)), audience=_audience(actor))


def _audience(actor: Actor) -> Audience:
    token = ApiToken.objects.filter(user=actor.user).first() if actor.headers else None
    cookie = actor.client.cookies.get(settings.SESSION_COOKIE_NAME)
    return Audience(token_id=token.pk) if token else Audience(cookie.value if cookie else "nobody")
