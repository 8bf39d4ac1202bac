"""Messages on their way: put in line, sent again, given up, forgotten. `delivering` sends them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models import Delivery, DeliveryState, WebhookEndpoint
from analytics.webhooks.kinds import PING
from analytics.webhooks.payloads import Facts, message, of_person
from core.audit import record
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import enqueue

KIND = "deliver_webhook"
#: What is sent again where many are: whatever was not taken.
MISSED = (DeliveryState.FAILED, DeliveryState.SKIPPED)


def tell(type: str, facts: Callable[[], Facts], *, person: Callable[[], Any] | None = None) -> None:
    """Put a message in line for each endpoint that chose this type, in the transaction that made it true.

    `person` is whom it tells of. One that is switched off is sent nothing, and may be sent it later.
    """
    endpoints = list(WebhookEndpoint.objects.hearing(type))
    if not endpoints:
        return
    user = person() if person else None
    data = {**facts(), **({"person": of_person(user)} if user else {})}
    for endpoint in endpoints:
        write(endpoint, type, data, learner=getattr(user, "pseudonym", None))


@transaction.atomic
def write(endpoint: WebhookEndpoint, type: str, data: Facts, *, learner: UUID | None = None) -> Delivery:
    """One message, and the job that sends it."""
    key, now = uuid7(), timezone.now()
    payload = message(key, type, occurred_at=now.isoformat(), data=data, with_names=endpoint.with_names)
    waits = endpoint.is_on or type == PING
    delivery = Delivery.objects.create(
        id=key, endpoint=endpoint, type=type, learner=learner, payload=payload, occurred_at=now,
        state=DeliveryState.WAITING if waits else DeliveryState.SKIPPED,
    )  # fmt: skip
    if waits:
        put_in_line(delivery)
    return delivery


def put_in_line(delivery: Delivery, *, delay: timedelta = timedelta()) -> None:
    """One more try, in the caller's transaction: what was in line before sends nothing any more."""
    delivery.turn += 1
    delivery.state, delivery.next_try_at = DeliveryState.WAITING, timezone.now() + delay
    delivery.save(update_fields=["turn", "state", "next_try_at", "tries"])
    key = f"{KIND}:{delivery.pk}:{delivery.turn}"
    enqueue(KIND, delivery.pk, key=key, payload={"turn": delivery.turn}, delay=delay)


def resend(delivery: Delivery, *, by: Any) -> Delivery:
    """The same message once more, with all its tries; one that was taken too.

    Raises Refused: switched_off, content_erased (409).
    """
    with transaction.atomic():
        held: Delivery = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
        if not held.endpoint.is_on and held.type != PING:
            raise Refused("switched_off", _("This webhook is switched off. Switch it on first."), status=409)
        if held.is_erased:
            words = _("It told of somebody who was erased since: there is nothing left to send.")
            raise Refused("content_erased", words, status=409)
        held.tries = 0
        put_in_line(held)
        record("webhook_sent_again", by=by, row=held.endpoint, detail=held.type)
    return held


def resend_missed(deliveries: QuerySet[Delivery], *, by: Any) -> int:
    """Whatever of these was not taken, the oldest first. Answers how many; those of switched-off endpoints stay."""
    missed = deliveries.filter(state__in=MISSED, endpoint__off_because="").exclude(payload={})
    keys = list(missed.order_by("id").values_list("pk", flat=True))
    for key in keys:
        resend(Delivery(pk=key), by=by)
    return len(keys)


def give_up(delivery_id: UUID, *, turn: int) -> None:
    """Its job came to a bad end; one that was put in line since goes on."""
    waiting = Delivery.objects.filter(pk=delivery_id, turn=turn, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.FAILED, next_try_at=None)


def skip(delivery: Delivery) -> None:
    """Its endpoint was switched off since."""
    same = Delivery.objects.filter(pk=delivery.pk, turn=delivery.turn)
    same.update(state=DeliveryState.SKIPPED, next_try_at=None)


@transaction.atomic
def forget_content(delivery: Delivery) -> None:
    """Whom it told of is erased: nothing of it stays but that it was, and what was not sent is not sent any more."""
    held: Delivery = Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    held.learner, held.payload = None, {}
    held.attempts = [{**attempt, "answer": "", "error": ""} for attempt in held.attempts]
    if held.state == DeliveryState.WAITING:
        held.state, held.next_try_at = DeliveryState.SKIPPED, None
    held.save(update_fields=["learner", "payload", "attempts", "state", "next_try_at"])


def prune() -> int:
    """Forget what is older than WEBHOOK_KEPT_DAYS, of the organization in scope. Answers how many."""
    old = Delivery.objects.filter(occurred_at__lt=timezone.now() - timedelta(days=settings.WEBHOOK_KEPT_DAYS))
    removed, _by_model = old.delete()
    return removed
