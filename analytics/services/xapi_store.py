"""What recorded statements say, added to what learners have seen here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha1
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from accounts.models import Membership, Organization
from analytics.xapi.gathering import Gathered, Pair
from analytics.xapi.recorded import Learner, path_of
from courses.models import ContentItem
from courses.services.progress import credit_watched
from media_library.models import Media
from media_library.services.history import History, add_history

Ranges = set[tuple[int, int]]


@dataclass(frozen=True)
class Stored:
    """Pairs whose video and learner are known here, those that are not, and the records that changed."""

    known: int
    unknown: int
    changed: int

    def __str__(self) -> str:
        return f"{self.known} pairs are known here, {self.unknown} are not; {self.changed} records changed."


def store_history(pairs: Mapping[Pair, Gathered], organization: Organization) -> Stored:
    """Add what is of media and members of the organization in scope. Safe to repeat; items of courses follow."""
    media, people = _media_of({video for _, video in pairs}), _people_of(organization)
    watched: dict[UUID, dict[UUID, Ranges]] = defaultdict(lambda: defaultdict(set))
    known = 0
    for (learner, video), gathered in pairs.items():
        user_id = people.get(_key_of(learner))
        if video in media and user_id is not None:
            watched[media[video].pk][user_id] |= gathered.seconds
            known += 1
    changed = sum(_add(one, watched.pop(one.pk, {})) for one in media.values())
    return Stored(known, len(pairs) - known, changed)


def _add(media: Media, watched: Mapping[UUID, Ranges]) -> int:
    histories = [History(user_id, sorted(ranges)) for user_id, ranges in sorted(watched.items()) if ranges]
    if not histories:
        return 0
    changed = add_history(media, histories)
    credit_watched(ContentItem.objects.published().filter(media=media))
    return changed


def _media_of(videos: Iterable[str]) -> dict[str, Media]:
    """By what statements call them: our own address of it, or that at its host."""
    keys = {video: key for video in videos if (key := _key_in(video)) is not None}
    found = Media.objects.filter(Q(pk__in=keys.values()) | Q(source_url__in=set(videos) - keys.keys() - {""}))
    by_key = {one.pk: one for one in found}
    by_address = {one.source_url: one for one in by_key.values() if one.source_url}
    named = {video: by_key.get(key) for video, key in keys.items()} | {
        video: by_address.get(video) for video in videos if video not in keys
    }
    return {video: media for video, media in named.items() if media is not None}


def _key_in(video: str) -> UUID | None:
    """The media's key in an address of this site, whatever the organization was called then."""
    if not video.startswith(settings.SITE_URL.rstrip("/") + "/"):
        return None
    parts = path_of(video).strip("/").split("/")
    try:
        return UUID(parts[-1]) if parts[-2:-1] == ["media"] else None
    except ValueError:
        return None


def _people_of(organization: Organization) -> dict[tuple[str, str], UUID]:
    """Everybody who is a member, by all that statements may call them."""
    members = Membership.objects.present_in(organization).values_list("user_id", "user__email", "user__pseudonym")
    names: dict[tuple[str, str], UUID] = {}
    for user_id, email, pseudonym in members:
        digest = sha1(f"mailto:{email}".encode(), usedforsecurity=False).hexdigest()
        accounts = (("account", str(pseudonym)), ("account", email.lower()))
        for name in (("mbox", email.lower()), ("mbox_sha1sum", digest), *accounts):
            names[name] = user_id
    return names


def _key_of(learner: Learner) -> tuple[str, str]:
    return learner.kind, learner.name.lower()
