"""Rows of a show as the channel that its feed tells."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Exists, Func, OuterRef, QuerySet, TextField
from django.db.models.functions import Now

from media_library.models import Episode, Podcast, PodcastPerson
from media_library.podcasts.addresses import Addresses
from media_library.podcasts.channel import Channel, InSeason, Item, Pages, Sound, Voice
from media_library.podcasts.sounds import heard, sounds_of

#: Apps that know nothing of pages, Apple's among them, see the first one only: it is long.
PAGE_ITEMS = 500


class NoSuchPage(LookupError):
    """The archive has fewer pages."""


OF_SHOW = "s.organization_id = media_library_podcast.organization_id AND s.podcast_id = media_library_podcast.id"


def version(table: str) -> str:
    """Of a row: PostgreSQL keeps the number of the transaction that wrote it, and its place."""
    return f"concat({table}.id, {table}.xmin, {table}.ctid)"


class FeedState(Func):
    """What changes whenever a row changes from which the feed of a show is written, whoever wrote it and how.

    Nothing has to be told to it, so nothing can be forgotten. For `Podcast` rows; episodes count once published.
    """

    output_field = TextField()
    template = f"""md5(concat_ws('/', {version("media_library_podcast")},
        (SELECT concat_ws('/', o.slug, o.name) FROM accounts_organization o
          WHERE o.id = media_library_podcast.organization_id),
        (SELECT string_agg({version("s")}, ',' ORDER BY s.id) FROM media_library_season s WHERE {OF_SHOW}),
        (SELECT string_agg({version("s")}, ',' ORDER BY s.id) FROM media_library_podcastperson s WHERE {OF_SHOW}),
        (SELECT string_agg({version("s")} || {version("m")}, ',' ORDER BY s.id) FROM media_library_episode s
          LEFT JOIN media_library_media m ON m.organization_id = s.organization_id AND m.id = s.media_id
          WHERE {OF_SHOW} AND s.published_at <= statement_timestamp()),
        (SELECT string_agg({version("r")}, ',' ORDER BY r.id) FROM media_library_episode s
          JOIN media_library_rendition r ON r.organization_id = s.organization_id AND r.media_id = s.media_id
          WHERE {OF_SHOW} AND s.published_at <= statement_timestamp() AND r.kind IN ('mp3', 'm4a'))))
        """  # noqa: S608  (no words but ours)


def with_feed_state(podcasts: Any) -> Any:
    """Adds `feed_state` to a queryset of shows, in the same statement."""
    return podcasts.annotate(feed_state=FeedState())


def heard_episodes(podcast: Podcast) -> QuerySet[Episode]:
    """Those that can be heard now, newest first."""
    rows = Episode.objects.filter(heard("media"), podcast=podcast, published_at__lte=Now())
    return rows.order_by("-published_at", "-id")


def with_heard_episode(podcasts: QuerySet[Podcast]) -> QuerySet[Podcast]:
    """Those in which there is something to hear now."""
    rows = Episode.objects.filter(heard("media"), podcast=OuterRef("pk"), published_at__lte=Now())
    return podcasts.filter(Exists(rows))


def with_sound(episodes: QuerySet[Episode]) -> QuerySet[Episode]:
    """With their media and what is said there, as one of them is given out."""
    return episodes.select_related("media__transcript").defer("media__source_metadata")


def picture_path(podcast: Podcast, name: str) -> str | None:
    """Of a picture of the show, or of an episode that is heard now, by the name of its file."""
    end = f"/{name}"
    if podcast.artwork_path.endswith(end):
        return podcast.artwork_path
    found = heard_episodes(podcast).filter(artwork_path__endswith=end)
    return found.values_list("artwork_path", flat=True).first()


def channel_of(podcast: Podcast, addresses: Addresses, *, page: int = 1, is_private: bool = False) -> Channel:
    """One page of its archive, the newest first. Raises NoSuchPage.

    Five queries, one more where `podcast.organization` was not fetched; the state of the feed says when to ask again.
    """
    episodes = heard_episodes(podcast)
    pages = max(1, -(-episodes.count() // PAGE_ITEMS))
    if not 1 <= page <= pages:
        raise NoSuchPage
    start = (page - 1) * PAGE_ITEMS
    shown = list(episodes.select_related("media", "season").defer("media__source_metadata")[start : start + PAGE_ITEMS])
    voices = _voices(podcast)
    sounds = sounds_of({one.pk: one.media for one in shown if one.media is not None}, addresses)
    items = [_item(one, sounds[one.pk], voices[one.pk], addresses) for one in shown if one.pk in sounds]
    return _channel(
        podcast, addresses, address=addresses.feed(page), is_private=is_private, voices=voices[None],
        new_address="" if is_private else podcast.new_feed_url,  # one for all, where each listener has their own
        items=tuple(items), pages=pages_of(addresses, page=page, last=pages),
    )  # fmt: skip


def pages_of(addresses: Addresses, *, page: int, last: int) -> Pages:
    """Where the others are; nothing where there is one only."""
    if last == 1:
        return Pages()
    return Pages(
        first=addresses.feed(),
        previous=addresses.feed(page - 1) if page > 1 else "",
        next=addresses.feed(page + 1) if page < last else "",
        last=addresses.feed(last),
    )


def _channel(podcast: Podcast, addresses: Addresses, **told: Any) -> Channel:
    name = podcast.author or podcast.organization.name
    return Channel(
        title=podcast.title,
        description=podcast.description,
        link=podcast.link or addresses.page,
        language=podcast.language,
        guid=str(podcast.guid),
        author=name,
        owner_name=podcast.owner_name or name,
        owner_email=podcast.owner_email,
        artwork=addresses.artwork(podcast.artwork_path),
        category=podcast.category,
        copyright=podcast.copyright,
        type=podcast.type,
        medium=podcast.medium,
        is_explicit=podcast.is_explicit,
        is_locked=podcast.is_locked,
        is_complete=podcast.is_complete,
        **told,
    )


def _item(episode: Episode, sound: Sound, voices: tuple[Voice, ...], addresses: Addresses) -> Item:
    season = episode.season
    return Item(
        guid=episode.guid,
        title=episode.title,
        sound=sound,
        published_at=episode.published_at,
        description=episode.description,
        link=episode.link or addresses.item_page(episode.pk),
        artwork=addresses.artwork(episode.artwork_path),
        is_explicit=episode.is_explicit,
        season=InSeason(season.number, season.name) if season else None,
        number=episode.number,
        type=episode.type,
        voices=voices,
    )


def _voices(podcast: Podcast) -> dict[UUID | None, tuple[Voice, ...]]:
    """By episode; those of the show under None."""
    found: dict[UUID | None, tuple[Voice, ...]] = defaultdict(tuple)
    for person in PodcastPerson.objects.filter(podcast=podcast).order_by("position", "id"):
        found[person.episode_id] += (Voice(person.name, person.role, person.group, person.link),)
    return found
