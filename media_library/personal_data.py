"""What the library holds about people: what they watched, and what they brought."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from core.holdings import Holding, Person, Record, holding
from media_library.models import Media, WatchRecord, WatchSession


@holding
class Visits(Holding):
    name = "visits"
    about = _("Each time you opened a video or recording: when, with what kind of device, which seconds were played.")
    fate = _("Stays without your name: views and watch time are summed from it.")
    columns = ("media_library.WatchSession.user",)

    def export(self, person: Person) -> Iterable[Record]:
        visits = WatchSession.objects.filter(user=person.user).values(
            "organization__name", "media__title", "started_at", "ended_at", "last_beat_at", "device", "referrer",
            "seconds", "watched_seconds", "position", "speed", "percent", "completed",
        )  # fmt: skip
        return visits.iterator()

    def erase(self, person: Person) -> None:
        """Points to the account, which names nobody any more."""


@holding
class Watched(Holding):
    name = "watched"
    about = _("What you have seen of each video or recording, and where you stopped.")
    fate = _("Stays without your name: completion rates are computed from it.")
    columns = ("media_library.WatchRecord.user",)

    def export(self, person: Person) -> Iterable[Record]:
        records = WatchRecord.objects.filter(user=person.user).values(
            "organization__name", "media__title", "seconds", "watched_seconds", "percent", "position", "completed_at",
            "updated_at",
        )  # fmt: skip
        return records.iterator()

    def erase(self, person: Person) -> None:
        """Points to the account, which names nobody any more."""


@holding
class MediaMade(Holding):
    name = "media"
    about = _("Videos and recordings you brought into an organization's library.")
    fate = _("Stays with the organization, without you as its creator.")
    columns = ("media_library.Media.creator",)

    def export(self, person: Person) -> Iterable[Record]:
        return Media.objects.filter(creator=person.user).values(
            "organization__name", "title", "description", "original_filename", "size_bytes", "created_at"
        )

    def erase(self, person: Person) -> None:
        Media.objects.filter(creator=person.user).update(creator=None)
