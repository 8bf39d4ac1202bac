"""Who is told what happens here: endpoints made, changed, removed, tested; their secrets."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models import Delivery, OffReason, WebhookEndpoint
from analytics.models.webhook import URL_CHARACTERS
from analytics.services.deliveries import write
from analytics.services.switching import switch_off, switch_on
from analytics.webhooks.kinds import PING, in_order
from analytics.webhooks.signing import new_secret
from core.audit import record
from core.errors import Refused
from core.fetch import FetchError, origin_of, refuse_odd_address
from core.secrets import seal

MOST_ENDPOINTS = 20  # of one organization
OLD_SECRET_FOR = timedelta(hours=24)


@transaction.atomic
def make_endpoint(*, by: Any, **values: Any) -> tuple[WebhookEndpoint, str]:
    """Make an endpoint of `name`, `url`, `events` and `with_names`; answers it with its secret, shown once.

    Raises Refused: bad_address, unknown_events, no_events, too_many_webhooks (409).
    """
    if WebhookEndpoint.objects.count() >= MOST_ENDPOINTS:
        words = _("There are %(most)d webhooks here already. Remove one that is not needed.") % {"most": MOST_ENDPOINTS}
        raise Refused("too_many_webhooks", words, status=409)
    secret = new_secret()
    endpoint = WebhookEndpoint(**_checked(values), sealed_secret=seal(secret))
    endpoint.save()
    record("webhook_made", by=by, row=endpoint, detail=_told(endpoint))
    return endpoint, secret


@transaction.atomic
def change_endpoint(endpoint: WebhookEndpoint, *, by: Any, **values: Any) -> WebhookEndpoint:
    """Change what is given: `name`, `url`, `events`, `with_names`, and `is_on`, which switches it.

    Raises Refused: bad_address, unknown_events, no_events.
    """
    is_on = values.pop("is_on", endpoint.is_on)
    checked = _checked(values)
    held: WebhookEndpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    for name, value in checked.items():
        setattr(held, name, value)
    if checked:
        held.save(update_fields=[*checked])
        record("webhook_changed", by=by, row=held, detail=_told(held))
    if is_on and not held.is_on:
        switch_on(held, by=by)
    elif held.is_on and not is_on:
        switch_off(held, because=OffReason.BY_HAND, by=by)
    return held


@transaction.atomic
def delete_endpoint(endpoint: WebhookEndpoint, *, by: Any) -> None:
    """With the log of its deliveries; what waits is not sent."""
    record("webhook_removed", by=by, row=endpoint)
    endpoint.delete()


@transaction.atomic
def replace_secret(endpoint: WebhookEndpoint, *, by: Any, at_once: bool = False) -> str:
    """A new secret, shown once. The one before signs along for a day, unless it is to stop `at_once`."""
    held: WebhookEndpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    secret = new_secret()
    held.sealed_old_secret = "" if at_once else held.sealed_secret
    held.old_secret_ends_at = None if at_once else timezone.now() + OLD_SECRET_FOR
    held.sealed_secret = seal(secret)
    held.save(update_fields=["sealed_secret", "sealed_old_secret", "old_secret_ends_at"])
    record("webhook_secret_replaced", by=by, row=held)
    return secret


@transaction.atomic
def send_test(endpoint: WebhookEndpoint, *, by: Any) -> Delivery:
    """One message that says nothing, also to one that is switched off. It is tried once."""
    record("webhook_tested", by=by, row=endpoint)
    return write(endpoint, PING, {"endpoint": {"id": str(endpoint.pk), "name": endpoint.name}})


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if "url" in checked:
        checked["url"] = _address(checked["url"])
    if "events" in checked:
        checked["events"] = _events(checked["events"])
    return checked


def _address(url: str) -> str:
    """What can be judged without asking anybody; where its name leads is judged anew at each delivery."""
    trusted = {origin_of(one) for one in settings.WEBHOOK_ORIGINS} - {""}
    stripped = url.strip()
    try:
        refuse_odd_address(stripped, trusted)
    except (FetchError, ValueError) as error:
        raise _bad_address(_("This is no public address.")) from error
    if len(stripped) > URL_CHARACTERS:
        raise _bad_address(_("This address is too long."))
    if not stripped.lower().startswith("https://") and origin_of(stripped) not in trusted:
        raise _bad_address(_("It must begin with https://: what is told is nobody else's business."))
    return stripped


def _bad_address(words: str) -> Refused:
    return Refused("bad_address", words, fields={"url": [words]})


def _events(types: list[str]) -> list[str]:
    try:
        chosen = in_order(types)
    except KeyError as error:
        words = _("Nothing is told of %(type)s.") % {"type": str(error.args[0])[:40]}
        raise Refused("unknown_events", words, fields={"events": [words]}) from error
    if not chosen:
        words = _("Choose at least one thing that it is told.")
        raise Refused("no_events", words, fields={"events": [words]})
    return chosen


def _told(endpoint: WebhookEndpoint) -> str:
    """For the activity of the organization: that names go out is worth knowing."""
    return ", ".join([*endpoint.events, *(["with names and addresses"] if endpoint.with_names else [])])
