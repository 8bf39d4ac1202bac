"""What was watched."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Deleted, Kept, Person, holding
from media_library.models import LengthReport, WatchRecord, WatchSession


@holding
class Visits(Kept):
    name = "visits"
    about = _("Each time you opened a video or recording: when, with what kind of device, which seconds were played.")
    fate = _("Stays without your name: views and watch time are summed from it.")
    columns = ("media_library.WatchSession.user",)
    exported = (
        "organization__name", "media__title", "started_at", "ended_at", "last_beat_at", "device", "referrer",
        "seconds", "watched_seconds", "position", "speed", "percent", "completed",
    )  # fmt: skip

    def rows(self, person: Person) -> QuerySet[WatchSession]:
        return WatchSession.objects.filter(user=person.user)


@holding
class Watched(Kept):
    name = "watched"
    about = _("What you have seen of each video or recording, and where you stopped.")
    fate = _("Stays without your name: completion rates are computed from it.")
    columns = ("media_library.WatchRecord.user",)
    exported = (
        "organization__name", "media__title", "seconds", "watched_seconds", "percent", "position", "completed_at",
        "rounds", "again", "repeated_at", "updated_at",
    )  # fmt: skip

    def rows(self, person: Person) -> QuerySet[WatchRecord]:
        return WatchRecord.objects.filter(user=person.user)


@holding
class LengthsReported(Deleted):
    name = "length_reports"
    about = _("How long a video is, as your player said, where nobody else could tell.")
    fate = _("Deleted.")
    columns = ("media_library.LengthReport.user",)
    exported = ("organization__name", "media__title", "seconds", "reported_at")

    def rows(self, person: Person) -> QuerySet[LengthReport]:
        return LengthReport.objects.filter(user=person.user)
