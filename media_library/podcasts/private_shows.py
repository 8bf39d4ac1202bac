"""Private shows, as what members follow by addresses of their own."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Organization
from accounts.permissions import can
from media_library.models import Audience, Media, Podcast, ShowStatus
from media_library.podcasts.addresses import Addresses, PublicAddresses
from media_library.podcasts.channel import Channel
from media_library.podcasts.channels import channel_of, heard_episodes, picture_path, with_sound
from media_library.podcasts.following import SHOW, Listener, Telling, add_offer
from media_library.podcasts.freshness import show_version, state_of


class PrivateShows:
    """By key of the show. Whoever may browse the library may hear them; customers see what they were let into."""

    def titles(self, keys: Iterable[UUID]) -> dict[UUID, str]:
        return dict(Podcast.objects.filter(pk__in=list(keys)).values_list("pk", "title"))

    def may_follow(self, key: UUID, listener: Listener) -> bool:
        may_browse = can(listener.user, "catalog.browse", listener.organization)
        return may_browse and followable_shows().filter(pk=key).exists()

    def public_addresses(self, key: UUID, organization: Organization) -> Addresses | None:
        shows = Podcast.objects.filter(pk=key, audience=Audience.PUBLIC, status=ShowStatus.PUBLISHED)
        slug = shows.values_list("slug", flat=True).first()
        return PublicAddresses(organization.slug, slug) if slug else None

    def is_withdrawn(self, key: UUID) -> bool:
        return Podcast.objects.filter(pk=key, status=ShowStatus.WITHDRAWN).exists()

    def page(self, key: UUID, organization: Organization) -> str:
        slug = Podcast.objects.filter(pk=key).values_list("slug", flat=True).first()
        return reverse("media_library:podcast", args=[organization.slug, slug]) if slug else ""

    def telling(self, key: UUID, listener: Listener, addresses: Addresses, *, page: int) -> Telling:
        def build() -> Channel:
            show = Podcast.objects.select_related("organization").get(pk=key)
            return channel_of(show, addresses, page=page, is_private=True)

        return Telling(state_of(key, version=show_version(key)), build)

    def media(self, key: UUID, episode: UUID, listener: Listener) -> Media | None:
        found = with_sound(heard_episodes(Podcast(pk=key))).filter(pk=episode).first()
        return found.media if found else None

    def picture(self, key: UUID, name: str) -> str | None:
        return picture_path(Podcast.objects.get(pk=key), name)


def followable_shows() -> QuerySet[Podcast]:
    """Public ones have an address for everybody."""
    shows: QuerySet[Podcast] = Podcast.objects.filter(audience=Audience.PRIVATE, status=ShowStatus.PUBLISHED)
    return shows


add_offer(SHOW, PrivateShows())
