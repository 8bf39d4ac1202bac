"""Endpoints are switched on and off: by hand, or where they have taken nothing for long, of which owners are told."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organization
from analytics.models import OffReason, WebhookEndpoint
from core.audit import record
from core.mail import send_mail
from core.tenancy import current_organization_id

MAIL = "analytics/mail/webhook_off"


@transaction.atomic
def switch_off(endpoint: WebhookEndpoint, *, because: OffReason, by: Any = None) -> None:
    """It is sent nothing from now on; what happens meanwhile is kept, and can be sent later."""
    endpoint.off_because, endpoint.off_at = because, timezone.now()
    endpoint.save(update_fields=["off_because", "off_at"])
    record("webhook_switched_off", by=by, row=endpoint, detail=because.value)
    if because != OffReason.BY_HAND:
        _tell_owners(endpoint)


@transaction.atomic
def switch_on(endpoint: WebhookEndpoint, *, by: Any) -> None:
    """As if it had never failed; what it missed is sent when somebody asks for it."""
    endpoint.off_because, endpoint.off_at = "", None
    endpoint.failures = endpoint.given_up = 0
    endpoint.failing_since = endpoint.rests_until = None
    endpoint.slow_seconds = 0
    endpoint.save()
    record("webhook_switched_on", by=by, row=endpoint)


def _tell_owners(endpoint: WebhookEndpoint) -> None:
    organization = Organization.objects.get(pk=current_organization_id())
    owners = Membership.objects.in_charge_of(organization.pk).select_related("user")
    path = reverse("admin:analytics_webhookendpoint_change", args=[endpoint.pk])
    context = {
        "name": endpoint.name,
        "reason": endpoint.get_off_because_display(),
        "link": f"{settings.SITE_URL.rstrip('/')}{path}",
    }
    for owner in owners:
        send_mail(MAIL, to=owner.user.email, context=context, organization=organization)
