"""What media gives to feeds: the newest sound with its true length, words and chapters."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from media_library.chapter_marks import marks_in
from media_library.models import Media, Publication, Rendition, RenditionKind, Transcript
from media_library.podcasts.addresses import Addresses
from media_library.podcasts.channel import M4A_TYPE, MP3_TYPE, Enclosure, Sound, Words

#: By extension, what every app plays first.
KINDS = {"mp3": RenditionKind.MP3, "m4a": RenditionKind.M4A}
TYPES = {"mp3": MP3_TYPE, "m4a": M4A_TYPE}


def heard(media: str = "") -> Q:
    """For filtering media, or by `media` what has some: its sound is there, and it was not archived.

    Whether the media itself is published says who may watch it in the library; publishing an episode decides about the
    episode. Work on what can be heard, such as finding its words anew, takes nothing away.
    """
    field = f"{media}__" if media else ""
    sound = Rendition.objects.filter(media=OuterRef(f"{field}pk"), kind=RenditionKind.MP3)
    return ~Q(**{f"{field}publication": Publication.ARCHIVED}) & Q(Exists(sound))


def sounds_of(media: Mapping[UUID, Media], addresses: Addresses) -> dict[UUID, Sound]:
    """By the key under which addresses name it; what has no sound is left out. Two queries, whatever the number."""
    files = _newest_files({one.pk for one in media.values()})
    languages = _languages(one.transcript_id for one in media.values() if one.transcript_id)
    found = ((key, _sound(key, one, files.get(one.pk, {}), languages, addresses)) for key, one in media.items())
    return {key: sound for key, sound in found if sound is not None}


def sound_file(media: Media, extension: str) -> Rendition | None:
    """The newest in that format. One query."""
    found = Rendition.objects.filter(media=media, kind=KINDS[extension])
    return found.order_by("-id").first()


def _newest_files(media_ids: Iterable[UUID]) -> dict[UUID, dict[str, Rendition]]:
    rows = Rendition.objects.filter(media__in=media_ids, kind__in=KINDS.values())
    newest = rows.order_by("media_id", "kind", "-id").distinct("media_id", "kind").defer("command", "rungs")
    by_media = groupby(newest, key=lambda one: one.media_id)
    return {media_id: {one.kind: one for one in group} for media_id, group in by_media}


def _languages(transcript_ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Transcript.objects.filter(pk__in=transcript_ids).values_list("pk", "language"))


def _sound(
    key: UUID, media: Media, files: dict[str, Rendition], languages: dict[UUID, str], addresses: Addresses
) -> Sound | None:
    if RenditionKind.MP3 not in files:
        return None
    main, *others = (
        Enclosure(addresses.enclosure(key, extension), files[kind].size_bytes, TYPES[extension], _bitrate(files[kind]))
        for extension, kind in KINDS.items()
        if kind in files
    )
    language = languages.get(media.transcript_id) if media.transcript_id else None
    words = None if language is None else Words(addresses.transcript(key), language)
    chapters = addresses.chapters(key) if marks_in(media.chapters) else ""
    return Sound(main, tuple(others), media.duration, words, chapters)


def _bitrate(file: Rendition) -> int:
    return int(file.facts.get("bitrate") or 0)
