"""What happened that a record store is to be told of."""

from analytics.models import DueVerb
from analytics.services.xapi_push import owe
from core.announcements import hears
from media_library.models import Media, WatchSession


@hears("watch_left")
def owe_visit(media: Media, *, session: WatchSession, seconds: int) -> None:
    owe(session.pk, DueVerb.TERMINATED)


@hears("watch_completed")
def owe_completion(media: Media, *, session: WatchSession, percent: float) -> None:
    owe(session.pk, DueVerb.COMPLETED)
