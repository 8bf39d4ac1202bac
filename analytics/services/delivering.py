"""Sending one message, and what follows from how it went.

At least once: a worker that dies between the answer and our note of it sends it again, with the same id. The order in
which messages arrive is not promised.
"""

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models import Delivery, DeliveryState, OffReason, WebhookEndpoint
from analytics.services.deliveries import put_in_line, skip
from analytics.services.switching import switch_off
from analytics.webhooks.kinds import PING
from analytics.webhooks.signing import signed_headers
from core.fetch import Fetcher, FetchError
from core.jobs import JobPostponed, Run
from core.secrets import unseal

SECONDS = 10  # for a whole request
ANSWER_BYTES = 2048  # of an answer that are kept
ATTEMPTS_KEPT = 20
#: After each try that failed; the last one is given up on.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 24 * 3600))
GONE = 410
#: An endpoint is switched off when so many tries, and nothing but such, failed for so long, or so many deliveries.
TRIES_IN_A_ROW, FAILING_FOR, GIVEN_UP_IN_A_ROW = 5, timedelta(hours=24), 20
#: One that takes longer than SLOW seconds to answer is sent one message at a time, and rests after each.
SLOW, REST, LONGEST_WAIT = 2.0, 5, 600.0


@dataclass(frozen=True)
class Attempt:
    """How a try went; `error` says why there is no answer."""

    status: int | None
    seconds: float
    answer: str = ""
    error: str = ""

    @property
    def was_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def as_logged(self) -> dict[str, Any]:
        return {
            "at": timezone.now().isoformat(), "status": self.status, "milliseconds": round(self.seconds * 1000),
            "answer": self.answer, "error": self.error,
        }  # fmt: skip


def deliver(delivery_id: UUID, *, turn: int, run: Run) -> None:
    """Send a message that still waits for this turn. Raises JobPostponed while a slow endpoint rests, LeaseLost."""
    delivery = Delivery.objects.select_related("endpoint").filter(pk=delivery_id).first()
    if delivery is None or (delivery.state, delivery.turn) != (DeliveryState.WAITING, turn):
        return
    if not delivery.endpoint.is_on and delivery.type != PING:
        with run.publish():
            skip(delivery)
        return
    _wait_for_slow(delivery)
    attempt = _send(delivery)
    with run.publish():
        _note(delivery, attempt)


def _wait_for_slow(delivery: Delivery) -> None:
    """So that it keeps no worker from the others. Raises JobPostponed for as long as those before will take."""
    endpoint = delivery.endpoint
    if not endpoint.slow_seconds:
        return
    rested = WebhookEndpoint.objects.filter(Q(rests_until=None) | Q(rests_until__lte=Now()), pk=endpoint.pk)
    if not rested.update(rests_until=Now() + timedelta(seconds=SECONDS)):
        before = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING, pk__lt=delivery.pk).count()
        wait = (before + 1) * endpoint.slow_seconds * (1 + REST)
        words = _("This webhook answers slowly: it is sent one message at a time.")
        raise JobPostponed("endpoint_rests", words, delay=min(wait, LONGEST_WAIT))


def _send(delivery: Delivery) -> Attempt:
    began_at = time.monotonic()
    try:
        status, answer = _post(delivery.endpoint, delivery)
        return Attempt(status, time.monotonic() - began_at, answer)
    except FetchError as error:
        return Attempt(None, time.monotonic() - began_at, error=_in_words(error))
    except InvalidToken:
        words = _("Its secret was stored under another key of this installation. Please replace it.")
        return Attempt(None, 0, error=words)


def _in_words(error: FetchError) -> str:
    """Where an inner name leads is nothing for whoever typed it."""
    return _("This is no public address.") if error.code == "blocked_address" else str(error)


def _post(endpoint: WebhookEndpoint, delivery: Delivery) -> tuple[int, str]:
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    signed = signed_headers(
        str(delivery.pk), timestamp=int(time.time()), body=body, with_secrets=_secrets_of(endpoint)
    )  # fmt: skip
    headers = {"Content-Type": "application/json", "User-Agent": "Lectern-Webhooks/1", **signed}
    way = Fetcher(trusted=frozenset(settings.WEBHOOK_ORIGINS), seconds=SECONDS, most_seconds=SECONDS)
    answer = way.tell(endpoint.url, body, headers=headers, most_bytes=ANSWER_BYTES)
    return answer.status, answer.text.replace("\x00", "")


def _secrets_of(endpoint: WebhookEndpoint) -> list[str]:
    """Those that sign now, the newest first."""
    sealed = [endpoint.sealed_secret]
    if endpoint.old_secret_still_signs:
        sealed.append(endpoint.sealed_old_secret)
    return [unseal(one) for one in sealed]


def _note(sent: Delivery, attempt: Attempt) -> None:
    """The rows are held in this order everywhere: endpoint, delivery."""
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=sent.endpoint_id).first()
    delivery = Delivery.objects.select_for_update(no_key=True).filter(pk=sent.pk).first()
    if endpoint is None or delivery is None:
        return
    _log(delivery, attempt)
    _note_pace(endpoint, attempt)
    if attempt.was_taken:
        _note_taken(endpoint, delivery)
    else:
        _note_failed(endpoint, delivery, is_same=delivery.turn == sent.turn)
    endpoint.save()
    if endpoint.is_on and delivery.type != PING and (reason := _reason_against(endpoint, attempt)):
        switch_off(endpoint, because=reason)


def _log(delivery: Delivery, attempt: Attempt) -> None:
    """What was answered about somebody who was erased meanwhile is not kept."""
    logged = attempt.as_logged() | ({"answer": ""} if delivery.is_erased else {})
    delivery.attempts = [*delivery.attempts, logged][-ATTEMPTS_KEPT:]
    delivery.tries += 1
    delivery.save(update_fields=["attempts", "tries"])


def _note_pace(endpoint: WebhookEndpoint, attempt: Attempt) -> None:
    is_slow = attempt.seconds > SLOW
    endpoint.slow_seconds = attempt.seconds if is_slow else 0
    endpoint.rests_until = timezone.now() + timedelta(seconds=REST * attempt.seconds) if is_slow else None


def _note_taken(endpoint: WebhookEndpoint, delivery: Delivery) -> None:
    now = timezone.now()
    delivery.state, delivery.delivered_at, delivery.next_try_at = DeliveryState.DELIVERED, now, None
    delivery.save(update_fields=["state", "delivered_at", "next_try_at"])
    endpoint.delivered_at, endpoint.failures, endpoint.given_up, endpoint.failing_since = now, 0, 0, None


def _note_failed(endpoint: WebhookEndpoint, delivery: Delivery, *, is_same: bool) -> None:
    """A test is tried once and counts for nothing; one that was sent again meanwhile has its own tries."""
    is_last = delivery.type == PING or delivery.tries > len(PAUSES)
    if delivery.type != PING:
        endpoint.failures += 1
        endpoint.failing_since = endpoint.failing_since or timezone.now()
    if is_same and not is_last:
        put_in_line(delivery, delay=PAUSES[delivery.tries - 1])
    elif is_same:
        delivery.state, delivery.next_try_at = DeliveryState.FAILED, None
        delivery.save(update_fields=["state", "next_try_at"])
        endpoint.given_up += delivery.type != PING


def _reason_against(endpoint: WebhookEndpoint, attempt: Attempt) -> OffReason | None:
    """Why it is switched off now, if it is."""
    if attempt.status == GONE:
        return OffReason.GONE
    since = endpoint.failing_since
    for_long = since is not None and timezone.now() - since >= FAILING_FOR and endpoint.failures >= TRIES_IN_A_ROW
    return OffReason.FAILING if for_long or endpoint.given_up >= GIVEN_UP_IN_A_ROW else None
