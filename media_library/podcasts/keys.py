"""Private addresses: one living one for each listener and show. Only who made it has read it, and only once.

A key opens while its listener is an active member and may still hear what it is of. All of that is looked up at each
request: whatever ended is refused at the next one, after 0 seconds. What a bucket's signed address was given out for
just before ends with that address, after MEDIA_RECHECK_SECONDS at the latest.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services.locking import lock_membership
from core.audit import record
from core.errors import Refused
from core.mail import send_mail
from core.secrets import digest_of, new_secret
from core.tenancy import current_organization_id
from media_library.models import ListenerKey
from media_library.podcasts.following import Followed, Listener
from media_library.podcasts.gone import bury_keys

RENEW = "media_library/mail/feed_ended"


def keys_here() -> QuerySet[ListenerKey]:
    """Those of the organization in scope: keys are looked up before there is one, so it is named by hand."""
    return ListenerKey.objects.filter(organization=current_organization_id())


def living_keys() -> QuerySet[ListenerKey]:
    """Those here that nobody revoked, with their listeners."""
    return keys_here().filter(revoked_at=None).select_related("user", "organization")


def find_key(token: str, *, slug: str) -> ListenerKey | None:
    """The key of a token with its user and organization, while it works and its listener is an active member there.

    One statement, whatever the answer. Whether they may still hear what it is of: `refuse_unheard`.
    """
    member = Q(user__memberships__organization=F("organization"), user__memberships__is_active=True)
    living = Q(revoked_at=None, user__is_active=True, user__erased_at=None)
    keys = ListenerKey.objects.filter(member, living, digest=digest_of(token), organization__slug=slug)
    key = keys.select_related("user", "organization").annotate(role=F("user__memberships__role")).first()
    if key is not None:
        key.user.roles = {key.organization_id: key.role}
    return key


@transaction.atomic
def give_key(followed: Followed, listener: Listener) -> tuple[ListenerKey, str]:
    """A private address for a listener: the key, and the one readable copy of its token, which is stored nowhere.

    Raises Refused: not_followed (404), has_address (409), account_closed and membership_ended (403).
    """
    _lock(listener)
    if not followed.offer.may_follow(followed.key, listener):
        raise Refused("not_followed", _("There is nothing here that you could follow with an app."), status=404)
    if living_keys().filter(_is_theirs(followed, listener)).exists():
        words = _("You have an address already. Make a new one if you need it once more: the former one then stops.")
        raise Refused("has_address", words, status=409)
    return _make(followed, listener, note="feed_address_made")


@transaction.atomic
def rotate_key(key: ListenerKey) -> tuple[ListenerKey, str]:
    """Another address for the same listener; the former one stops at once. Raises Refused as `give_key`, and
    address_ended (409) where it was stopped before.
    """
    followed, listener = Followed.by(key), Listener(key.user, key.organization)
    _lock(listener)
    if not followed.offer.may_follow(followed.key, listener):
        raise Refused("not_followed", _("There is nothing here that you could follow with an app."), status=404)
    if not _end(ListenerKey.objects.filter(pk=key.pk)):
        raise Refused("address_ended", _("This address had ended already."), status=409)
    return _make(followed, listener, note="feed_address_renewed")


@transaction.atomic
def revoke_key(key: ListenerKey, *, by: Any) -> None:
    """Stop an address at once: its listener's own wish, or a maker's. Once more changes nothing."""
    if _end(ListenerKey.objects.filter(pk=key.pk)):
        record("feed_address_revoked", by=by, row=key, detail=Followed.by(key).title)


@transaction.atomic
def renew_key(key: ListenerKey, *, by: Any) -> None:
    """Stop an address, and ask its listener by mail to make a new one: nobody but them ever reads it."""
    if _end(ListenerKey.objects.filter(pk=key.pk)):
        title = Followed.by(key).title
        record("feed_address_revoked", by=by, row=key, detail=title)
        path = reverse("media_library:my_feeds", args=[key.organization.slug])
        context = {"title": title, "link": f"{settings.SITE_URL.rstrip('/')}{path}"}
        send_mail(RENEW, to=key.user.email, context=context, organization=key.organization)


@transaction.atomic
def revoke_all(followed: Followed, *, by: Any) -> int:
    """Stop every address of a show. Returns how many there were."""
    ended = _end(keys_here().filter(**{followed.column: followed.key}))
    if ended:
        record("feed_addresses_revoked", by=by, detail=f"{followed.title}: {ended}")
    return ended


def end_keys_of(membership: Membership) -> None:
    """Of somebody who left: whoever is let in again makes new ones."""
    _end(keys_here().filter(user=membership.user_id))


def forget_keys_of(context_id: Any) -> None:
    """Of what is gone on a higher floor. Apps that still ask are told so."""
    keys = keys_here().filter(context_id=context_id)
    bury_keys(keys)
    keys.delete()


def _lock(listener: Listener) -> None:
    """Whoever else makes an address for this person waits."""
    membership = Membership.objects.filter(user=listener.user, organization=listener.organization).first()
    if membership is None:
        raise Refused("membership_ended", _("This membership has ended."), status=403)
    lock_membership(membership)


def _is_theirs(followed: Followed, listener: Listener) -> Q:
    return Q(user=listener.user, **{followed.column: followed.key})


def _make(followed: Followed, listener: Listener, *, note: str) -> tuple[ListenerKey, str]:
    token, digest = new_secret()
    key = ListenerKey.objects.create(
        organization=listener.organization, user=listener.user, digest=digest, **{followed.column: followed.key}
    )
    record(note, by=listener.user, row=key, detail=followed.title)
    return key, token


def _end(keys: QuerySet[ListenerKey]) -> int:
    return int(keys.filter(revoked_at=None).update(revoked_at=Now()))
