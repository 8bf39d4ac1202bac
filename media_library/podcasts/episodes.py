"""Episodes: media at its place in a show, heard from a moment on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.lines import one_line
from media_library.models import Episode, EpisodeType, Media, Podcast, Publication, Source
from media_library.models.podcasts import DESCRIPTION_BYTES, TITLE_CHARACTERS
from media_library.podcasts.artwork import drop_artwork
from media_library.podcasts.changes import touch
from media_library.podcasts.holding import hold_part, hold_place
from media_library.podcasts.seasons import refuse_large
from media_library.podcasts.shows import checked_description
from media_library.podcasts.sound import ask_for_sound

WRITTEN = (
    "media", "season", "number", "type", "title", "description", "link", "is_explicit", "published_at",
    "enclosure_url", "told",
)  # fmt: skip


@transaction.atomic
def save_episode(episode: Episode, *, by: Any, written: Iterable[str] = WRITTEN) -> Episode:
    """Write a new episode, or of one there is the columns `written`: what others change meanwhile stays. What a new one
    is not told it takes from its media. Its guid is made once.

    Where its media has no sound of its own yet, that is put in line: until then the episode waits. Raises Refused,
    with the field: title_missing, too_long, invalid, season_elsewhere, sound_missing, episode_twice, and for its media
    archived, not_an_upload, silent. podcast_gone and episode_gone (404) have none.
    """
    if episode._state.adding:
        hold_place(episode)
    else:
        hold_part(episode, written=set(written).intersection(WRITTEN))
    _refuse_media(episode)
    _tidy(episode)
    _refuse_place(episode)
    episode.guid = episode.guid or str(uuid7())
    if episode._state.adding:
        episode.created_by = by
    episode.save()
    if episode.media is not None:
        ask_for_sound(episode.media, by=by)
    touch(episode.podcast)
    return episode


@transaction.atomic
def episode_of(media: Media, podcast: Podcast, *, by: Any, **said: Any) -> Episode:
    """Media becomes an episode, a draft unless told otherwise; a video is heard. Once is enough: a second time answers
    the episode there is, unchanged. `said` are its columns. Raises Refused like `save_episode`.
    """
    Podcast.objects.select_for_update(no_key=True).get(pk=podcast.pk)
    found: Episode | None = Episode.objects.filter(podcast=podcast, media=media).first()
    return found or save_episode(Episode(podcast=podcast, media=media, **said), by=by)


@transaction.atomic
def publish_episode(episode: Episode, *, at: datetime | None = None, by: Any) -> Episode:
    """It is heard from that moment on, now by default, and as soon as its sound is there.

    One that is out already keeps its time unless another one is told: apps would put it on top again. Raises Refused:
    sound_missing.
    """
    hold_part(episode)
    _refuse_soundless(episode)
    out_already = episode.published_at is not None and episode.published_at <= timezone.now()
    if at is not None or not out_already:
        _move(episode, at or timezone.now())
    return episode


@transaction.atomic
def unpublish_episode(episode: Episode, *, by: Any) -> Episode:
    """A draft again: feeds do not name it any more."""
    hold_part(episode)
    _move(episode, None)
    return episode


@transaction.atomic
def delete_episode(episode: Episode, *, by: Any) -> None:
    """Its media stay in the library."""
    hold_part(episode)
    drop_artwork(episode)
    podcast = episode.podcast
    episode.delete()
    touch(podcast)


@transaction.atomic
def heard_instead(media: Media, other: Media) -> None:
    """Episodes of one media item are of the other; a show that has both keeps its episode of the other only."""
    shows = Podcast.objects.filter(episodes__media=media).order_by("pk")
    for podcast in list(shows.select_for_update(of=("self",), no_key=True)):
        _hear_instead(podcast, media, other)


def warnings_about(episode: Episode) -> list[str]:
    """What is unusual about its number, in sentences; nothing of it is refused. Two statements at most."""
    if episode.type != EpisodeType.FULL:
        return []
    if episode.number is None:
        return []
    same = Episode.objects.filter(podcast=episode.podcast_id, season=episode.season_id, number=episode.number)
    other = same.filter(type=EpisodeType.FULL).exclude(pk=episode.pk).first()
    if other is None:
        return []
    return [_("“%(other)s” has the number %(number)d too.") % {"other": other, "number": episode.number}]


def _hear_instead(podcast: Podcast, media: Media, other: Media) -> None:
    """In a show that is held."""
    episodes = Episode.objects.filter(podcast=podcast)
    former = episodes.filter(media=media)
    if episodes.filter(media=other).exists():
        for double in former:
            delete_episode(double, by=None)
    elif former.update(media=other):
        touch(podcast)


def _refuse_media(episode: Episode) -> None:
    media = episode.media
    if media is None:
        if episode.published_at is not None:
            _refuse_soundless(episode)
        return
    if media.publication == Publication.ARCHIVED:
        raise _refusal("archived", _("“%(media)s” is archived.") % {"media": media}, field="media")
    if media.source != Source.UPLOAD:
        words = _("“%(media)s” lies at its host, which gives away no sound. Bring its file here first.")
        raise _refusal("not_an_upload", words % {"media": media}, field="media")
    if media.source_metadata.get("audio") == []:
        raise _refusal("silent", _("“%(media)s” has no sound.") % {"media": media}, field="media")
    others = Episode.objects.filter(podcast=episode.podcast_id, media=media).exclude(pk=episode.pk)
    if others.exists():
        raise _refusal("episode_twice", _("This media is an episode of the show already."), field="media")


def _tidy(episode: Episode) -> None:
    media = episode.media
    if episode._state.adding and media is not None:
        episode.title = episode.title or media.title[:TITLE_CHARACTERS]
        episode.description = episode.description or _within_limit(media.description)
    episode.title = one_line(episode.title)
    if not episode.title:
        raise _refusal("title_missing", _("This needs a title."), field="title")
    episode.description = checked_description(episode.description)


def _refuse_place(episode: Episode) -> None:
    if episode.number is not None:
        if episode.number < 1:
            raise _refusal("invalid", _("Episodes are counted from 1."), field="number")
        refuse_large(episode.number)
    if episode.season is not None and episode.season.podcast_id != episode.podcast_id:
        raise _refusal("season_elsewhere", _("This is a season of another show."), field="season")


def _refuse_soundless(episode: Episode) -> None:
    """An imported one has it at an address until it is fetched."""
    if episode.media_id is None and not episode.enclosure_url:
        raise _refusal("sound_missing", _("An episode needs something to hear: choose its media."), field="media")


def _within_limit(text: str) -> str:
    """As much of it as an episode may say."""
    return text.encode()[:DESCRIPTION_BYTES].decode(errors="ignore")


def _move(episode: Episode, at: datetime | None) -> None:
    episode.published_at = at
    episode.save(update_fields=["published_at"])
    touch(episode.podcast)


def _refusal(code: str, words: str, *, field: str) -> Refused:
    return Refused(code, words, fields={field: [words]})
