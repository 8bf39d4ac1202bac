"""What Lectern does with Mux."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.fetch import FetchError, origin_of
from media_library.sources.answers import by_key_or_public, unreached
from media_library.sources.choosing import preferred
from media_library.sources.errors import SourceError
from media_library.sources.hls import asked_text, read_cues
from media_library.sources.mux.addresses import ALL_HOSTS, API, IMAGES, STREAMS, address_of, reference_in
from media_library.sources.mux.assets import (
    LOOK_AGAIN_SECONDS,
    Asset,
    Facts,
    has_token,
    ready_asset,
    request_audio,
)
from media_library.sources.mux.credentials import CREDENTIALS, key_works, secret_is_set, token_works
from media_library.sources.mux.messages import message_in, verify
from media_library.sources.mux.signing import lifetime_for
from media_library.sources.mux.streams import (
    PUBLIC,
    describe_public,
    file_of,
    picture_of,
    public_captions,
    stream_of,
)
from media_library.sources.protocol import (
    Access,
    Check,
    Collection,
    Description,
    HostCaptions,
    Message,
    Playback,
    Reference,
    Source,
)

MOST_AUDIO_BYTES = 2 * 1024**3  # twelve hours, the longest that Mux takes, are less
MP4 = b"ftyp"  # from its fifth byte on
GENERATED = "generated"  # how the origin of captions begins that a machine of theirs wrote


class Mux(Source):
    name = "mux"
    label = "Mux"
    key_field = "mux_playback_id"
    options = (API, STREAMS, IMAGES)
    credentials = CREDENTIALS
    has_webhooks = True

    def recognize(self, address: str) -> Reference | Collection | None:
        return reference_in(address)

    def address(self, reference: Reference) -> str:
        return address_of(reference)

    def describe(self, reference: Reference, access: Access) -> Description:
        """With the token of its environment by the API; else by what its public stream shows."""
        return by_key_or_public(lambda: _own(reference, access), lambda: describe_public(reference.key, access))

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        """A text track in a preferred language, what a person wrote before what was generated.

        One that is being prepared is worth waiting for: not_ready.
        """
        if (asset := _own_asset(reference, access)) is None:
            return public_captions(reference.key, access)
        tracks = [track for track in asset.tracks if track.get("type") == "text" and track.get("id")]
        ready = [track for track in tracks if track.get("status") == "ready"]
        if not ready and any(track.get("status") == "preparing" for track in tracks):
            raise SourceError("not_ready", delay=LOOK_AGAIN_SECONDS)
        track = preferred(ready, access.languages, language=_language, is_generated=_is_generated)
        url = _file_of(reference, f"/text/{track['id']}.vtt", asset, access)
        if not (cues := read_cues(asked_text(access, url))):
            raise SourceError("captions_absent")
        return HostCaptions(cues, language=_language(track), is_generated=_is_generated(track))

    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        """Signed here. Raises SourceError, private, without the signing key that it needs."""
        policy, duration = str(facts.get("policy", PUBLIC)), facts.get("duration")
        origins = {"connect-src": STREAMS, "media-src": STREAMS, "img-src": IMAGES}
        allowed = {name: (ALL_HOSTS, origin_of(access.base(one))) for name, one in origins.items()}
        url = stream_of(reference.key, access, policy=policy, duration=duration)
        opens_for = None if policy == PUBLIC else lifetime_for(duration)
        return Playback(player="", hls_url=url, policy=allowed, opens_for=opens_for)

    def check(self, access: Access) -> Sequence[Check]:
        return (token_works(access), key_works(access), secret_is_set(access))

    def audio(
        self, reference: Reference, access: Access, folder: Path, *, facts: Mapping[str, Any],
        should_stop: Callable[[], bool],
    ) -> Path | None:  # fmt: skip
        """Its sound alone, which Mux makes when it is asked to; only of assets of one's own. Raises not_ready."""
        if (asset := _own_asset(reference, access)) is None:
            return None
        file = next(iter(asset.audio_files), None)
        if file is None:
            request_audio(access, asset)
        if file is None or file.get("status") == "preparing":
            raise SourceError("not_ready", delay=LOOK_AGAIN_SECONDS)
        if file.get("status") != "ready":
            return None
        url = _file_of(reference, "/audio.m4a", asset, access)
        return _downloaded(access, url, folder / "audio.m4a", should_stop=should_stop)

    def read_message(self, body: bytes, headers: Mapping[str, str], access: Access, *, now: float) -> Message:
        verify(body, headers, access.credentials.get("webhook_secret", ""), now=now)
        return message_in(body)


def _own(reference: Reference, access: Access) -> Description | None:
    """Raises SourceError, private, where we could not play it."""
    if (asset := _own_asset(reference, access)) is None:
        return None
    key, policy, duration = reference.key, asset.policy, asset.duration
    stream_of(key, access, policy=policy, duration=duration)
    return Description(
        title=asset.title, duration=duration, asset_key=asset.key, is_audio=asset.is_audio,
        thumbnail_url="" if asset.is_audio else picture_of(key, access, policy=policy),
        facts={"policy": policy, "duration": duration},
    )  # fmt: skip


def _own_asset(reference: Reference, access: Access) -> Asset | None:
    """None without a token, and where the token is of another environment."""
    if not has_token(access):
        return None
    try:
        return ready_asset(access, reference.key)
    except SourceError as error:
        if error.code != "not_found":
            raise
        return None


def _file_of(reference: Reference, path: str, asset: Asset, access: Access) -> str:
    return file_of(reference.key, path, access, policy=asset.policy, duration=asset.duration)


def _downloaded(access: Access, url: str, path: Path, *, should_stop: Callable[[], bool]) -> Path:
    try:
        access.http.download(url, path, most_bytes=MOST_AUDIO_BYTES, should_stop=should_stop)
    except FetchError as error:
        raise unreached(error) from error
    with path.open("rb") as file:
        if file.read(8)[4:] != MP4:
            raise SourceError("provider_changed", detail="no MP4")
    return path


def _language(track: Facts) -> str:
    return str(track.get("language_code") or "")


def _is_generated(track: Facts) -> bool:
    return str(track.get("text_source") or "").startswith(GENERATED)
