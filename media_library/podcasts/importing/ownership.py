"""A locked feed asks other hosts not to import it without its owner (Podcasting 2.0, `podcast:locked`)."""

from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from core.errors import Refused
from media_library.models import PodcastImport
from media_library.podcasts.importing.feed import Show


def refuse_locked(show: Show, *, by: Any) -> None:
    """Its owner is whoever has proven to have the address that the lock names. Raises Refused `feed_locked` (409)."""
    if not show.is_locked or is_owner(show.locked_by, by):
        return
    if show.locked_by:
        words = _(
            "This show is locked. Whoever can be reached at %(owner)s may bring it in: with an account of that "
            "address, or after opening the lock where the show is now."
        ) % {"owner": show.locked_by}
    else:
        words = _("This show is locked, and names no owner. Open the lock where it is now, then bring it in.")
    raise Refused("feed_locked", words, fields={"url": [words]}, status=409)


def is_owner(locked_by: str, user: Any) -> bool:
    """Whether they have proven to have the address that a lock names. One statement."""
    mine = EmailAddress.objects.filter(user=user, verified=True, email__iexact=locked_by)
    return bool(locked_by) and user is not None and mine.exists()


def may_start(row: PodcastImport, *, by: Any) -> bool:
    """Whether a feed comes for them, as it was read last. One statement at most."""
    return not row.is_locked or is_owner(row.locked_by, by)
