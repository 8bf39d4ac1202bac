"""What was paid to model providers, and what must not be paid any more (requirement T3).

The greatest cost of a call counts before it is made, so calls at the same time cannot pass the ceiling together. The
organization is the one in scope.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import Now

from core.models.ai_call import AiCall, CallState
from core.tenancy import current_organization_id

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
#: A call that has not ended by then was made by a process that died.
FORGOTTEN = timedelta(days=1)
CENT_FRACTION = Decimal("0.000001")  # as the column keeps it
QUANTITY_FRACTION = Decimal("0.001")


@dataclass(frozen=True)
class Budget:
    """US dollars that may be spent from `since` on; `ceiling` None: without an end."""

    since: datetime
    ceiling: Decimal | None


@dataclass(frozen=True)
class Charge:
    """A call that is about to be made: at most `quantity` units (seconds or tokens) at `price` US dollars each.

    `price` None: nobody knows it, so the call counts as 0 where nothing limits what may be spent.
    """

    provider: str
    model: str
    purpose: str
    unit: str
    quantity: Decimal
    price: Decimal | None

    @property
    def cost(self) -> Decimal:
        return cost_of(self.quantity, self.price or Decimal(0))


class Unaffordable(Exception):
    """A call must not be made. Raised before anything was asked."""

    code = ""


class PriceUnknown(Unaffordable):
    """There is a ceiling, and nobody knows whether a call stays below it."""

    code = "price_unknown"

    def __init__(self, *, provider: str, model: str) -> None:
        super().__init__(f"AI_PRICES names no price of {model} of {provider}.")
        self.provider, self.model = provider, model


class OverCeiling(Unaffordable):
    """A call would cost more than is left this month. Amounts in US dollars."""

    code = "over_ceiling"

    def __init__(self, *, spent: Decimal, ceiling: Decimal, cost: Decimal) -> None:
        super().__init__(f"{spent} of {ceiling} US dollars are spent, and this would cost up to {cost}.")
        self.spent, self.ceiling, self.cost = spent, ceiling, cost


def cost_of(quantity: Decimal, price: Decimal) -> Decimal:
    """US dollars, the last kept digit rounded up."""
    return (quantity * price).quantize(CENT_FRACTION, rounding=ROUND_UP)


@transaction.atomic
def reserve(charge: Charge, *, budget: Budget, subject_id: UUID | None = None, user: Any = None) -> AiCall:
    """Write the call down before it is made, at its greatest cost. What costs nothing is never over a ceiling.

    Of two at the same time the second waits until the first is written. Raises OverCeiling, PriceUnknown.
    """
    if budget.ceiling is not None and charge.price is None:
        raise PriceUnknown(provider=charge.provider, model=charge.model)
    if budget.ceiling is not None and charge.cost > 0:
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [f"ai:{current_organization_id()}"])
        spent = spent_since(budget.since)
        if spent + charge.cost > budget.ceiling:
            raise OverCeiling(spent=spent, ceiling=budget.ceiling, cost=charge.cost)
    return AiCall.objects.create(
        provider=charge.provider, model=charge.model, purpose=charge.purpose, unit=charge.unit,
        price=charge.price or 0, quantity=charge.quantity.quantize(QUANTITY_FRACTION, rounding=ROUND_UP),
        cost=charge.cost, subject_id=subject_id, user=user,
    )  # fmt: skip


def settle(call: AiCall, quantity: Decimal | None = None) -> None:
    """It was answered, and used so many units; None: as many as were reserved."""
    if quantity is not None:
        call.quantity = quantity.quantize(QUANTITY_FRACTION, rounding=ROUND_UP)
        call.cost = cost_of(quantity, call.price)
    _end(call, CallState.PAID)


def fail(call: AiCall) -> None:
    """It was not answered: nothing is paid."""
    call.cost = Decimal(0)
    _end(call, CallState.FAILED)


def spent_since(since: datetime) -> Decimal:
    """US dollars, with what calls under way may still cost. One statement."""
    total = counted().filter(started_at__gte=since).aggregate(total=Sum("cost"))["total"]
    return Decimal(total or 0)


def counted() -> QuerySet[AiCall]:
    """The calls that cost something: paid, or under way."""
    calls: QuerySet[AiCall] = AiCall.objects.exclude(state=CallState.FAILED)
    return calls


def release_forgotten() -> int:
    """End the calls whose process died, of all organizations in scope. Answers how many.

    Whether they were answered nobody knows: they count as paid, with the most that they can have cost.
    """
    forgotten = AiCall.objects.filter(state=CallState.RESERVED, started_at__lte=Now() - FORGOTTEN)
    return int(forgotten.update(state=CallState.PAID, finished_at=Now()))


def _end(call: AiCall, state: CallState) -> None:
    """The one that made the call knows better than `release_forgotten`."""
    call.state = state
    AiCall.objects.filter(pk=call.pk).update(state=state, quantity=call.quantity, cost=call.cost, finished_at=Now())
