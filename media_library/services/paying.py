"""Calls of model providers within what may be spent this month (requirement T3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Organization
from core.ai import ledger
from core.ai.errors import AiError
from core.ai.ledger import Budget, Charge, OverCeiling, PriceUnknown, Unaffordable
from core.ai.prices import FREE, price_of
from core.jobs import JobPostponed
from core.models import AiCall, Unit
from core.tenancy import current_organization_id
from media_library.services.site import site_configuration

TRANSCRIPTION, EMBEDDING, QUESTION = "transcription", "embedding", "question"
ANSWER, DRAFT, LABEL = "answer", "draft", "label"
LOOK_AGAIN_SECONDS = 6 * 3600.0  # whether an owner raised the ceiling, or a month began


class Asked(Protocol):
    """Whoever answers, for money or not."""

    @property
    def provider(self) -> str: ...
    @property
    def model(self) -> str: ...


@dataclass
class Use:
    """How many units a call used in the end; None: as many as it was expected to."""

    quantity: Decimal | None = None


def budget() -> Budget:
    """Of the present month, in the organization's time zone; the lower of its own ceiling and the site's."""
    ceiling, zone = ceiling_and_zone()
    return Budget(begin_of_month(zone), ceiling)


def ceiling_and_zone() -> tuple[Decimal | None, ZoneInfo]:
    """US dollars a month, None without an end, and where the month begins. Two statements."""
    here = Organization.objects.filter(pk=current_organization_id())
    own, zone = here.values_list("monthly_ai_ceiling", "time_zone").get()
    ceilings = [ceiling for ceiling in (own, site_configuration().monthly_ai_ceiling) if ceiling is not None]
    return min(ceilings, default=None), ZoneInfo(zone)


def begin_of_month(zone: ZoneInfo) -> datetime:
    return datetime.now(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def price(asked: Asked, unit: str) -> Decimal:
    """US dollars for one unit; 0 where nobody knows, which reports say."""
    return known_price(asked.model, unit, provider=asked.provider) or FREE


def known_price(model: str, unit: str, *, provider: str) -> Decimal | None:
    """None where nobody knows."""
    prices: Any = settings.AI_PRICES
    return price_of(model, unit, provider=provider, prices=prices)


def never_affordable(asked: Asked, unit: str) -> Unaffordable | None:
    """Why it need not even be asked: a ceiling of nothing is a decision, not an accident; or nobody knows the price."""
    cost, ceiling = known_price(asked.model, unit, provider=asked.provider), budget().ceiling
    if ceiling is None or cost == FREE:
        return None
    if not ceiling:
        return OverCeiling(spent=FREE, ceiling=FREE, cost=cost or FREE)
    return PriceUnknown(provider=asked.provider, model=asked.model) if cost is None else None


def reserve(
    asked: Asked, purpose: str, unit: Unit, quantity: float, *, subject_id: UUID | None = None, user: Any = None
) -> AiCall:
    """Before the call, with the most units that it can use. Raises OverCeiling, PriceUnknown."""
    cost = known_price(asked.model, unit, provider=asked.provider)
    charge = Charge(asked.provider, asked.model, purpose, unit, Decimal(str(quantity)), cost)
    return ledger.reserve(charge, budget=budget(), subject_id=subject_id, user=user)


@contextmanager
def paid_call(
    asked: Asked, purpose: str, unit: Unit, quantity: float, *, subject_id: UUID | None = None, user: Any = None
) -> Iterator[Use]:
    """Stands around a call; what it raises was not paid, unless it says that it was answered.

    Raises OverCeiling and PriceUnknown before anything was asked.
    """
    call = reserve(asked, purpose, unit, quantity, subject_id=subject_id, user=user)
    use = Use()
    try:
        yield use
    except BaseException as error:
        end_badly(call, error)
        raise
    ledger.settle(call, use.quantity)


def end_badly(call: AiCall, error: BaseException) -> None:
    """Of a call that raised this: what was answered is paid for, with the most that it can have cost."""
    if was_answered(error):
        ledger.settle(call)
    else:
        ledger.fail(call)


def was_answered(error: BaseException) -> bool:
    """Whether the call that ended so is paid for all the same."""
    return isinstance(error, AiError) and error.was_answered


def waits_for_money(error: Unaffordable) -> JobPostponed:
    """How a job ends that may not pay now."""
    words = unaffordable_words(error)
    return JobPostponed(error.code, words, delay=LOOK_AGAIN_SECONDS, detail=str(error))


def unaffordable_words(error: Unaffordable) -> str:
    """For creators."""
    if isinstance(error, PriceUnknown):
        words = _(
            "There is a ceiling for paid services, and nobody knows what %(model)s of %(provider)s costs. "
            "Whoever runs this site can name its price (AI_PRICES)."
        )
        return words % {"model": error.model, "provider": error.provider}
    return _over_ceiling_words(error) if isinstance(error, OverCeiling) else str(error)


def _over_ceiling_words(error: OverCeiling) -> str:
    if not error.ceiling:
        return _("The ceiling for paid services is $0 a month, so nothing is paid. An owner may raise it.")
    words = _(
        "This month's ceiling for paid services is reached: $%(spent)s of $%(ceiling)s are spent. "
        "An owner may raise it; next month it is open again."
    )
    return words % {"spent": f"{error.spent:.2f}", "ceiling": f"{error.ceiling:.2f}"}
