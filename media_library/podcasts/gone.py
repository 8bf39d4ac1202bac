"""What was followed and is no more: its address goes on telling apps so (410), where 404 would have them ask for ever.

RFC 9110, section 15.5.11. Whoever takes the address of a show again is heard there instead.
"""

from django.db.models import QuerySet

from core.secrets import digest_of
from media_library.models import Audience, GoneFeed, ListenerKey, Podcast, ShowStatus


def bury_show(podcast: Podcast) -> None:
    """Called before a show is deleted. One that was never published told nobody anything."""
    if podcast.status != ShowStatus.WITHDRAWN:
        return
    if podcast.audience == Audience.PUBLIC:
        GoneFeed.objects.bulk_create([GoneFeed(slug=podcast.slug)], ignore_conflicts=True)
    bury_keys(ListenerKey.objects.filter(podcast=podcast))


def bury_keys(keys: QuerySet[ListenerKey]) -> None:
    """Addresses of listeners that open something until now. Nobody's name is kept."""
    digests = keys.filter(revoked_at=None).values_list("digest", flat=True)
    GoneFeed.objects.bulk_create([GoneFeed(digest=one) for one in digests], ignore_conflicts=True)


def was_heard_at(slug: str) -> bool:
    """Whether a public show of the organization in scope was heard at this address. One statement."""
    return GoneFeed.objects.filter(slug=slug).exclude(slug="").exists()


def was_given(token: str) -> bool:
    """Whether this was a listener's address in the organization in scope. One statement."""
    return GoneFeed.objects.filter(digest=digest_of(token)).exists()
