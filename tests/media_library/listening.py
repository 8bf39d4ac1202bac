"""Listeners of private shows, and what their apps ask for."""

from types import SimpleNamespace
from typing import Any

from django.test import Client

from core.tenancy import organization_scope
from media_library.models import Audience, Podcast
from media_library.podcasts.following import SHOW, Followed, Listener
from media_library.podcasts.keys import give_key
from tests.media_library.shows import CHAPTERS, episode_of, show_of, sound_of

APP = "Overcast/3.0 (+http://overcast.fm/; iOS podcast app)"


def private_show(**facts: Any) -> Any:
    """A show of members with one episode that has everything."""
    show = show_of(**{"audience": Audience.PRIVATE, **facts})
    return SimpleNamespace(show=show, episode=episode_of(show, media=sound_of(words=True, chapters=CHAPTERS)))


def followed_by(show: Podcast, user: Any) -> Any:
    """The key and the token."""
    return give_key(Followed(SHOW, show.pk), Listener(user, show.organization))


def addresses(token: str, episode_id: Any, *, slug: str = "harbor") -> dict[str, str]:
    """Of all that a private feed names, by kind."""
    base = f"/{slug}/feeds/{token}"
    return {
        "feed": f"{base}/feed.xml", "mp3": f"{base}/{episode_id}.mp3", "m4a": f"{base}/{episode_id}.m4a",
        "words": f"{base}/{episode_id}.vtt", "chapters": f"{base}/{episode_id}.chapters.json",
        "artwork": f"{base}/art/cover.jpg",
    }  # fmt: skip


def ask(path: str, *, address: str = "192.0.2.7", app: str = APP, method: str = "get", **headers: str) -> Any:
    """As an app does, outside of any scope; the body is read, so that the answer is over."""
    with organization_scope(None):
        told = {"REMOTE_ADDR": address}
        answer = getattr(Client(), method)(path, headers={"User-Agent": app, **headers}, **told)
        answer.body = answer.getvalue()
    return answer


def statuses(token: str, episode_id: Any, **told: Any) -> dict[str, int]:
    return {kind: ask(path).status_code for kind, path in addresses(token, episode_id, **told).items()}
