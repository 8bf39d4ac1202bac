"""What calls of model providers cost, in US dollars. What the operator sets (`AI_PRICES`) stands over the list below.

Prices change, and discounts are nobody's business but the operator's: these are the list prices of their date.
"""

import ipaddress
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

#: model: {measure: US dollars}. From research/contracts.md, sections 1.1 and 1.3 to 1.5, of November 2026.
LIST_PRICES: dict[str, dict[str, str]] = {
    "gpt-transcribe": {"minute": "0.0045"},  # platform docs
    "whisper-1": {"minute": "0.006"},  # from memory; shut down on 2027-02-26
    "gpt-4o-transcribe": {"minute": "0.006"},  # from memory; shut down on 2027-02-26
    "gpt-4o-transcribe-diarize": {"minute": "0.006"},  # as its sister; shut down on 2027-02-26
    "gpt-4o-mini-transcribe": {"minute": "0.003"},  # from memory; shut down on 2027-02-26
    "text-embedding-3-large": {"million_tokens": "0.13"},  # platform docs
    "gpt-5.6-luna": {"million_tokens_read": "0.20", "million_tokens_written": "1.20"},  # platform docs
    "gpt-5.6-terra": {"million_tokens_read": "2", "million_tokens_written": "12"},  # platform docs
}
#: By the unit of a call (core.models.Unit); settings read this before there are models.
MEASURES = {
    "seconds": ("minute", 60),
    "tokens": ("million_tokens", 1_000_000),
    "read": ("million_tokens_read", 1_000_000),
    "written": ("million_tokens_written", 1_000_000),
}
FREE = Decimal(0)


def price_of(model: str, unit: str, *, provider: str, prices: Mapping[str, Any]) -> Decimal | None:
    """US dollars for one second or one token; None where nobody knows. `prices` are the operator's.

    A server on one's own machine or network costs nothing unless the operator says so.
    """
    measure, units = MEASURES[unit]
    if (own := prices.get(model, {}).get(measure)) is not None:
        return Decimal(str(own)) / units
    if is_local(provider):
        return FREE
    known = LIST_PRICES.get(model, {}).get(measure)
    return None if known is None else Decimal(known) / units


def read_prices(prices: Any) -> dict[str, dict[str, Decimal]]:
    """`{"model": {"minute": 0.0045}}` as it was set. Raises ValueError that names what cannot be."""
    if not isinstance(prices, Mapping):
        raise ValueError('AI_PRICES is a JSON object such as {"gpt-transcribe": {"minute": 0.0045}}.')
    return {model: _measured(model, measures) for model, measures in prices.items()}


def is_local(provider: str) -> bool:
    """Whether a host is of one's own network: a private address, or a name that no public one can be."""
    try:
        return not ipaddress.ip_address(provider).is_global
    except ValueError:
        return "." not in provider or provider.endswith((".local", ".internal", ".localhost", ".lan"))


def _measured(model: str, measures: Any) -> dict[str, Decimal]:
    known = {measure for measure, _units in MEASURES.values()}
    if not isinstance(measures, Mapping) or not measures or measures.keys() - known:
        words = ", ".join(f"“{measure}”" for measure in sorted(known))
        raise ValueError(f"AI_PRICES: the price of {model} is for one of {words}.")
    return {measure: _amount(model, value) for measure, value in measures.items()}


def _amount(model: str, value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and 0 <= amount < 10_000):
        raise ValueError(f"AI_PRICES: {value!r} is no price of {model} in US dollars.")
    return amount
