"""Where what belongs to a playback id is found: plain, or with a token where its policy asks for one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from media_library.sources.answers import length_of
from media_library.sources.errors import SourceError
from media_library.sources.hls import preferred_subtitles, read_length, read_master, read_subtitles
from media_library.sources.mux.addresses import IMAGES, STREAMS
from media_library.sources.mux.signing import HOUR, PICTURE, VIDEO, NoKey, lifetime_for, signed
from media_library.sources.protocol import Access, Description, HostCaptions

PUBLIC = "public"
PICTURE_WIDTH = 1280
NEEDS_KEY = _("Add an access token and a signing key of its environment under Sources, or make it public there.")


def stream_of(key: str, access: Access, *, policy: str, duration: float | None) -> str:
    """Its HLS. Raises SourceError, private, without a signing key that it needs."""
    return file_of(key, ".m3u8", access, policy=policy, duration=duration)


def file_of(key: str, path: str, access: Access, *, policy: str, duration: float | None) -> str:
    """What stands below it, such as `/audio.m4a`. As `stream_of`."""
    url = f"{access.base(STREAMS)}/{key}{path}"
    if policy == PUBLIC:
        return url
    try:
        return signed(url, key, access, audience=VIDEO, seconds=lifetime_for(duration))
    except NoKey as error:
        raise SourceError("private", hint=NEEDS_KEY, detail="no signing key that can be used") from error


def picture_of(key: str, access: Access, *, policy: str) -> str:
    """Its thumbnail; of a signed one the width is said in the token. Empty without a key."""
    url = f"{access.base(IMAGES)}/{key}/thumbnail.jpg"
    if policy == PUBLIC:
        return f"{url}?width={PICTURE_WIDTH}"
    try:
        return signed(url, key, access, audience=PICTURE, seconds=HOUR, width=PICTURE_WIDTH)
    except NoKey:
        return ""


def describe_public(key: str, access: Access) -> Description:
    """What the stream itself tells everybody: how long it is, and whether there is a picture."""
    with _private_needs_a_key():
        master = read_master(access, stream_of(key, access, policy=PUBLIC, duration=None))
        duration = length_of(read_length(access, master) or 0.0)
    picture = picture_of(key, access, policy=PUBLIC) if master.has_picture else ""
    facts = {"policy": PUBLIC, "duration": duration}
    return Description(title="", duration=duration, thumbnail_url=picture, is_audio=not master.has_picture, facts=facts)


def public_captions(key: str, access: Access) -> HostCaptions:
    """The subtitles that its stream carries."""
    with _private_needs_a_key():
        master = read_master(access, stream_of(key, access, policy=PUBLIC, duration=None))
    track = preferred_subtitles(master, access.languages)
    return HostCaptions(read_subtitles(access, track), language=track.language, is_generated=track.is_generated)


@contextmanager
def _private_needs_a_key() -> Iterator[None]:
    try:
        yield
    except SourceError as error:
        if error.code != "private":
            raise
        raise SourceError("private", hint=NEEDS_KEY, detail=error.detail) from error
