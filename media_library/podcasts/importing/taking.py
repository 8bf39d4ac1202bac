"""What a feed says becomes a show and episodes.

A field follows its feed for as long as nobody changes it here: `told` on each row is what the import wrote last, and
what is otherwise by now is a person's. What is in no feed any more stays. Guids are kept for ever.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.services.locking import lock_organization
from core.errors import Refused
from core.tenancy import current_organization_id
from media_library.models import Episode, Podcast, PodcastPerson, Season
from media_library.podcasts.episodes import save_episode
from media_library.podcasts.guid import guid_of
from media_library.podcasts.holding import hold_show
from media_library.podcasts.importing import feed
from media_library.podcasts.people import PersonLine, people_of, set_people
from media_library.podcasts.shows import save_podcast
from media_library.podcasts.taxonomy import HOST, group_of, is_role
from media_library.services.caption_language import tag_of

PEOPLE, BESIDE, MOVED = "people", "beside", "moved"  # in `told`, besides the fields
REQUIRED = ("title", "description")  # of every show; nothing is put in their place
FOLLOWED = (
    "title", "description", "author", "owner_name", "owner_email", "link", "copyright", "type", "medium",
    "is_explicit", "is_locked", "is_complete",
)  # fmt: skip


class Taken(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


def take_show(told: feed.Show, *, url: str, found_at: str = "", by: Any) -> Podcast:
    """The show of this feed, new or brought up to date. `found_at` is where its address led to. Inside a transaction.

    Raises Refused: guid_taken (409), and like `save_podcast`.
    """
    lock_organization(current_organization_id())  # the same feed twice at once
    guid = told.guid or guid_of(url)
    here = _show_of(url, guid)
    if here is not None:
        hold_show(here)  # what somebody writes meanwhile is theirs
    show = here or Podcast(guid=guid, source_url=url)
    fields = {name: getattr(told, name) for name in FOLLOWED if getattr(told, name) or name not in REQUIRED}
    fields |= {"language": tag_of(told.language) or show.language, "category": told.category or show.category}
    if here is None and not told.title:
        fields["title"] = told.author or urlsplit(url).hostname
    is_changed = _take(show, fields, is_new=here is None)
    if here is None:
        show.told[BESIDE] = {"artwork": told.artwork}
    if here is None or is_changed:
        save_podcast(show, by=by)
    moved_to = told.moved_to or found_at
    if moved_to not in ("", url) and show.source_url == url:
        show.told[MOVED] = moved_to
        show.save(update_fields=["told"])
    _take_people(show, told.people, by=by)
    return show


def take_episode(show: Podcast, told: feed.Item, *, by: Any) -> tuple[Episode, Taken]:
    """An episode, known by its guid. Inside a transaction that holds the show. Raises Refused like `save_episode`."""
    here: Episode | None = Episode.objects.filter(podcast=show, guid=told.guid).select_related("season").first()
    episode = here or Episode(podcast=show, guid=told.guid)
    episode.podcast = show
    fields = {
        "title": told.title, "description": told.description, "link": told.link, "number": told.number,
        "type": told.type, "season": _season(show, told), "is_explicit": told.is_explicit,
    }  # fmt: skip
    fields |= _unless_unsaid({"published_at": told.published_at, "enclosure_url": told.sound}, is_new=here is None)
    is_changed = _take(episode, fields, is_new=here is None)
    if here is None:
        episode.told[BESIDE] = {
            "artwork": told.artwork, "chapters": told.chapters, "words": [vars(one) for one in told.words],
        }  # fmt: skip
    if here is None or is_changed:
        save_episode(episode, by=by)
    _take_people(episode, told.people, by=by)
    return episode, Taken.ADDED if here is None else Taken.CHANGED if is_changed else Taken.SAME


def _show_of(url: str, guid: UUID) -> Podcast | None:
    """By its address; anybody may write its guid into a feed of their own, so that is believed only from where the
    show came from or said that it went.
    """
    found: Podcast | None = Podcast.objects.filter(source_url=url).order_by("pk").first()
    claimed: Podcast | None = found or Podcast.objects.filter(guid=guid).first()
    if found is not None or claimed is None or _place(url) in map(_place, _addresses(claimed)):
        return claimed
    words = _("It claims to be “%(show)s”, which came from another address: %(url)s. Bring that up to date from there.")
    if not claimed.source_url:
        words = _("It claims to be “%(show)s”, which was made here.")
    told = words % {"show": claimed, "url": claimed.source_url}
    raise Refused("guid_taken", told, fields={"url": [told]}, status=409)


def _addresses(show: Podcast) -> list[str]:
    return [address for address in (show.source_url, show.told.get(MOVED, "")) if address]


def _place(url: str) -> str:
    """With or without TLS it is the same one."""
    return url.partition("://")[2].rstrip("/")


def _unless_unsaid(fields: dict[str, Any], *, is_new: bool) -> dict[str, Any]:
    """What a feed forgets to say takes nothing back: without its date an episode would be a draft again."""
    return {name: value for name, value in fields.items() if value or is_new}


def _take(row: Podcast | Episode, fields: Mapping[str, Any], *, is_new: bool) -> bool:
    """Answers whether anything was taken."""
    is_changed = False
    for name, value in fields.items():
        present, said = _plain(getattr(row, name)), _plain(value)
        if present == said and not is_new:
            continue
        if is_new or (name in row.told and present == row.told[name]):
            setattr(row, name, value)
            row.told[name] = said
            is_changed = True
    return is_changed


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.number if isinstance(value, Season) else value


def _season(show: Podcast, told: feed.Item) -> Season | None:
    """It keeps the name it has here."""
    if told.season is None:
        return None
    season, _ = Season.objects.get_or_create(podcast=show, number=told.season, defaults={"name": told.season_name})
    return season


def _take_people(holder: Podcast | Episode, told: Any, *, by: Any) -> None:
    """All of them or none: whoever changed one of them here has the last word."""
    lines = list({(line.name, line.role): line for line in map(_line, told)}.values())
    said = [[line.name, line.role] for line in lines]
    if holder.told.get(PEOPLE, []) == said or holder.told.get(PEOPLE, []) != _present(holder):
        return
    with suppress(Refused):  # more of them than anybody has
        set_people(holder, lines, by=by)
        holder.told[PEOPLE] = said
        holder.save(update_fields=["told"])


def _present(holder: Podcast | Episode) -> list[list[str]]:
    people: Any = people_of(holder)
    named: list[PodcastPerson] = list(people.order_by("position", "pk"))
    return [[person.name, person.role] for person in named]


def _line(person: feed.Person) -> PersonLine:
    """Whoever does what the taxonomy does not know is heard: a host."""
    group = person.group if is_role(person.role, group=person.group) else group_of(person.role)
    return PersonLine(person.name, person.role if group else HOST, group, person.link)
