"""What courses do when the library tells something."""

from typing import Any

from accounts.models import Membership, Organization
from core.announcements import hears
from courses import feeds, pictured, placement  # noqa: F401  (importing them registers what they show)
from courses.files import kept  # noqa: F401  (and what they keep)
from courses.services.course_invitations import forget_asked, let_in_invited
from courses.services.enrolling import give_up_places
from courses.services.progress import complete_watched
from courses.services.publishing import place_instead, publish_placed, refuse_removal_of_taught
from courses.services.settling import settle_everywhere_later, settle_organization_later
from media_library.models import Media

#: Settings that say how much of a video is enough.
THRESHOLDS = frozenset({"watched_from", "watched_slides"})


@hears("watch_progressed")
def complete_items(media: Media, *, session: Any, milestones: tuple[int, ...], percent: float) -> None:
    """At each milestone, and at each percent that an item goes by."""
    complete_watched(media, user_id=session.user_id, percent=percent)


@hears("site_configured")
def settle_by_new_settings(site: Any, *, fields: frozenset[str]) -> None:
    if fields & THRESHOLDS:
        settle_everywhere_later()


@hears("organization_configured")
def settle_by_own_settings(organization: Organization, *, fields: frozenset[str]) -> None:
    if fields & THRESHOLDS:
        settle_organization_later()


@hears("media_removed")
def keep_what_is_taught(media: Media) -> None:
    refuse_removal_of_taught(media)


@hears("media_duplicated")
def teach_with_the_first(media: Media, *, existing: Media) -> None:
    place_instead(media, existing)


@hears("media_completed")
def show_in_published_courses(media: Media) -> None:
    publish_placed(media)


@hears("member_joined")
def let_into_courses(membership: Membership, *, addresses: frozenset[str]) -> None:
    let_in_invited(membership, addresses=addresses)


@hears("member_removed")
def free_their_seats(membership: Membership) -> None:
    forget_asked(membership)
    give_up_places(membership)
