"""Mux's API, read with the token of an organization."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from media_library.sources.answers import asked, maybe, object_of, objects_in, part, seconds
from media_library.sources.errors import SourceError
from media_library.sources.protocol import Access

LOOK_AGAIN_SECONDS = 30.0  # after which what is being prepared is looked at again
CODES = {401: "auth_invalid", 403: "auth_invalid", 404: "not_found"}
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Asset:
    """`policy` is that of the playback id by which it was found; `told` is what the API says of it."""

    key: str
    policy: str
    told: Facts

    @property
    def title(self) -> str:
        return maybe(self.told, "meta", "title", kind=str, default="") or maybe(
            self.told, "passthrough", kind=str, default=""
        )

    @property
    def duration(self) -> float | None:
        return seconds(self.told, "duration")

    @property
    def tracks(self) -> Sequence[Facts]:
        return objects_in(maybe(self.told, "tracks", kind=list, default=[]))

    @property
    def is_audio(self) -> bool:
        """It has tracks, and none of them is a picture's."""
        kinds = {track.get("type") for track in self.tracks}
        return "audio" in kinds and "video" not in kinds

    @property
    def audio_files(self) -> Sequence[Facts]:
        """Renditions of its sound alone."""
        renditions = self.told.get("static_renditions")
        files = maybe(renditions, "files", kind=list, default=[]) if isinstance(renditions, dict) else []
        return [one for one in objects_in(files) if one.get("resolution") == "audio-only"]


def has_token(access: Access) -> bool:
    return bool(access.credentials.get("token_id") and access.credentials.get("token_secret"))


def called(access: Access, method: str, path: str, **options: Any) -> Any:
    """What stands in `data` of the answer. Raises SourceError."""
    token = (access.credentials.get("token_id", ""), access.credentials.get("token_secret", ""))
    answer = asked(access, method, access.options["api_base"].rstrip("/") + path, auth=token, **options)
    if answer.status in CODES:
        raise SourceError(CODES[answer.status], detail=f"{path}: status {answer.status}")
    if answer.status not in (200, 201):
        raise SourceError("provider_changed", detail=f"{path}: status {answer.status}: {answer.text[:200]}")
    return part(object_of(answer), "data", kind=object)


def read_asset(access: Access, playback_key: str) -> Asset:
    """The asset behind a playback id, played or not. Raises SourceError: not_found, deleted, auth_invalid, …"""
    playback = called(access, "GET", f"/video/v1/playback-ids/{playback_key}")
    if part(playback, "object", "type", kind=str) != "asset":
        raise SourceError("not_found", detail="a live stream: what it recorded has a playback id of its own")
    key = part(playback, "object", "id", kind=str)
    try:
        told = called(access, "GET", f"/video/v1/assets/{key}")
    except SourceError as error:
        raise (SourceError("deleted", detail=error.detail) if error.code == "not_found" else error) from error
    return Asset(key, policy=part(playback, "policy", kind=str), told=part(told, kind=dict))


def ready_asset(access: Access, playback_key: str) -> Asset:
    """Raises SourceError: not_ready, unplayable, and those of `read_asset`. A status nobody knows is no reason."""
    asset = read_asset(access, playback_key)
    status = part(asset.told, "status", kind=str)
    if status == "preparing":
        raise SourceError("not_ready", delay=LOOK_AGAIN_SECONDS)
    if status == "errored":
        raise SourceError("unplayable", detail=_errors(asset.told))
    return asset


def request_audio(access: Access, asset: Asset) -> None:
    """Ask for a file of the sound alone."""
    called(access, "POST", f"/video/v1/assets/{asset.key}/static-renditions", json={"resolution": "audio-only"})


def _errors(told: Facts) -> str:
    errors = told.get("errors")
    messages = errors.get("messages") if isinstance(errors, dict) else None
    return "; ".join(map(str, messages))[:500] if isinstance(messages, list) else ""
