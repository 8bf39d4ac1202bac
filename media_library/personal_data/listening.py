"""What is followed with apps."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Deleted, Person, holding, not_personal
from media_library.models import FeedVisit, ListenerKey


@holding
class PrivateAddresses(Deleted):
    name = "private_feeds"
    about = _("What you follow with a podcast app: since when, and when it was last used. Not the address itself.")
    fate = _("Deleted; the addresses stop at once.")
    columns = ("media_library.ListenerKey.user",)
    exported = ("organization__name", "podcast__title", "context_id", "created_at", "last_used_at", "revoked_at")

    def rows(self, person: Person) -> QuerySet[ListenerKey]:
        return ListenerKey.objects.filter(user=person.user)


@holding
class FeedVisits(Deleted):
    name = "private_feed_visits"
    about = _("On which days your private feeds were used, and with which apps; kept for five weeks.")
    fate = _("Deleted.")
    columns = ("media_library.FeedVisit.key",)
    exported = ("organization__name", "day", "app")

    def rows(self, person: Person) -> QuerySet[FeedVisit]:
        return FeedVisit.objects.filter(key__user=person.user)


not_personal("media_library.Download.listener", because="a digest of who and the day, made with a secret: names nobody")
not_personal("media_library.GoneFeed.digest", because="of a random token that opens nothing any more: names nobody")
