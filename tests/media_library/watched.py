"""Watching, as tests play it: media of a hundred seconds, time that passes, and what is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db.models import F

from core.announcements import _receivers
from media_library.models import Media, Source, WatchRecord, WatchSession
from media_library.models.media import LengthSource
from media_library.services.watching import WatchState, end_session, report_watching


def make_talk(creator: Any, *, duration: float = 100.0, **fields: Any) -> Media:
    return Media.objects.create(
        source=Source.UPLOAD, source_path="x/source.mp4", title="Talk", creator=creator, duration=duration,
        duration_source=LengthSource.FILE, **fields,
    )  # fmt: skip


def pass_time(media: Media, seconds: float) -> None:
    """As if the last report had come so long ago."""
    WatchRecord.objects.filter(media=media).update(credited_at=F("credited_at") - timedelta(seconds=seconds))


def fall_silent(session: WatchSession, *, minutes: float = 31) -> None:
    """As if nothing had been heard of the visit for so long; the clock of its learner runs on."""
    ago = timedelta(minutes=minutes)
    WatchSession.objects.filter(pk=session.pk).update(last_beat_at=F("last_beat_at") - ago)
    WatchRecord.objects.filter(media=session.media_id, user=session.user_id).update(credited_at=F("credited_at") - ago)


def watch(session: WatchSession, *intervals: tuple[float, float], position: float = 0, speed: float = 1) -> WatchState:
    played = [list(pair) for pair in intervals]
    return report_watching(session.pk, user=session.user, intervals=played, position=position, speed=speed)


def leave(session: WatchSession, *intervals: tuple[float, float], position: float = 0) -> WatchState:
    return end_session(
        session.pk, user=session.user, intervals=[list(pair) for pair in intervals], position=position
    )  # fmt: skip


@contextmanager
def listening(*names: str) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """The announcements of these names, in order, with their facts."""
    told: list[tuple[str, dict[str, Any]]] = []
    listeners = {name: (lambda subject, name=name, **facts: told.append((name, facts))) for name in names}
    for name, listener in listeners.items():
        _receivers[name].append(listener)
    try:
        yield told
    finally:
        for name, listener in listeners.items():
            _receivers[name].remove(listener)
