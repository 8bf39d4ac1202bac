"""What paid calls may cost, and what they did."""

import runpy
import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from accounts.models import Organization
from config.settings import sources
from core.ai import ledger
from core.ai.ledger import Budget, Charge, OverCeiling, PriceUnknown
from core.ai.prices import is_local, price_of, read_prices
from core.models import AiCall, CallState, Unit
from core.tenancy import organization_scope, scoped_thread

SINCE = timezone.now() - timedelta(days=20)


def charge(cost: str, *, model: str = "gpt-transcribe") -> Charge:
    """A call that may cost so many US dollars."""
    return Charge("api.openai.com", model, "transcription", Unit.SECONDS, Decimal(cost), Decimal(1))


def budget(ceiling: str | None) -> Budget:
    return Budget(SINCE, None if ceiling is None else Decimal(ceiling))


def test_reserve_counts_the_greatest_cost_at_once(scope):
    ledger.reserve(charge("3"), budget=budget("5"))

    with pytest.raises(OverCeiling) as refused:
        ledger.reserve(charge("2.000001"), budget=budget("5"))

    assert (refused.value.spent, refused.value.ceiling, refused.value.cost) == (3, 5, Decimal("2.000001"))
    assert (AiCall.objects.count(), ledger.spent_since(SINCE)) == (1, 3)


def test_reserve_takes_what_just_fits(scope):
    ledger.reserve(charge("3"), budget=budget("5"))
    ledger.reserve(charge("2"), budget=budget("5"))

    assert ledger.spent_since(SINCE) == 5


def test_settle_counts_what_was_used(scope):
    call = ledger.reserve(charge("3"), budget=budget("5"))

    ledger.settle(call, Decimal("1.25"))

    call.refresh_from_db()
    assert (call.state, call.quantity, call.cost) == (CallState.PAID, Decimal("1.250"), Decimal("1.250000"))
    assert (ledger.spent_since(SINCE), call.finished_at is None) == (Decimal("1.25"), False)


def test_fail_costs_nothing(scope):
    call = ledger.reserve(charge("3"), budget=budget("5"))

    ledger.fail(call)

    assert (ledger.spent_since(SINCE), AiCall.objects.get().state) == (0, CallState.FAILED)


def test_without_a_ceiling_nothing_is_refused(scope):
    ledger.reserve(charge("900000"), budget=budget(None))

    assert ledger.spent_since(SINCE) == 900_000


def test_what_costs_nothing_is_never_over_a_ceiling(scope):
    ledger.reserve(charge("0"), budget=budget("0"))

    assert AiCall.objects.get().cost == 0


def test_earlier_months_do_not_count(scope):
    ledger.settle(ledger.reserve(charge("5"), budget=budget("5")))
    AiCall.objects.update(started_at=SINCE - timedelta(seconds=1))

    ledger.reserve(charge("5"), budget=budget("5"))

    assert ledger.spent_since(SINCE) == 5


def test_calls_of_another_organization_do_not_count(scope, other_organization):
    with organization_scope(other_organization):
        ledger.reserve(charge("5"), budget=budget("5"))

    ledger.reserve(charge("5"), budget=budget("5"))

    assert ledger.spent_since(SINCE) == 5


def test_reservations_of_the_dead_are_paid_after_a_day(scope):
    ledger.reserve(charge("5"), budget=budget("5"))
    AiCall.objects.update(started_at=timezone.now() - timedelta(hours=25))
    counted = ledger.spent_since(SINCE)

    released = (ledger.release_forgotten(), ledger.release_forgotten())

    call = AiCall.objects.get()
    assert (counted, released, call.state, call.cost) == (5, (1, 0), CallState.PAID, 5)


def test_calls_under_way_are_not_forgotten(scope):
    ledger.reserve(charge("5"), budget=budget("5"))

    assert (ledger.release_forgotten(), AiCall.objects.get().state) == (0, CallState.RESERVED)


def test_what_nobody_knows_the_price_of_is_not_paid_below_a_ceiling(scope):
    unknown = replace(charge("5", model="mystery"), price=None)

    with pytest.raises(PriceUnknown) as refused:
        ledger.reserve(unknown, budget=budget("5"))
    call = ledger.reserve(unknown, budget=budget(None))

    assert (refused.value.model, refused.value.provider) == ("mystery", "api.openai.com")
    assert (AiCall.objects.get(), call.cost) == (call, 0)


def test_costs_are_rounded_up_to_what_is_kept(scope):
    call = ledger.reserve(
        Charge("api.openai.com", "m", "question", Unit.TOKENS, Decimal(7), Decimal("0.00000013")), budget=budget(None)
    )

    assert (call.cost, AiCall.objects.get().cost) == (Decimal("0.000001"), Decimal("0.000001"))


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_time_cannot_pass_the_ceiling():
    organization = Organization.objects.create(name="Harbor School", slug="harbor")
    reserved, refused, begin = [], [], threading.Barrier(20)

    def reserve() -> None:
        begin.wait(30)
        try:
            reserved.append(ledger.reserve(charge("0.30"), budget=budget("2.00")).cost)
        except OverCeiling:
            refused.append(1)
        finally:
            connection.close()

    with organization_scope(organization):
        threads = [scoped_thread(reserve) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        spent = ledger.spent_since(SINCE)

    assert (len(reserved), len(refused), spent) == (6, 14, Decimal("1.80"))


@pytest.mark.parametrize(
    ("model", "unit", "provider", "prices", "price"),
    [
        ("gpt-transcribe", Unit.SECONDS, "api.openai.com", {}, Decimal("0.000075")),
        ("text-embedding-3-large", Unit.TOKENS, "api.openai.com", {}, Decimal("0.00000013")),
        ("gpt-transcribe", Unit.SECONDS, "proxy.example.com", {}, Decimal("0.000075")),
        ("gpt-transcribe", Unit.SECONDS, "api.openai.com", {"gpt-transcribe": {"minute": 0.003}}, Decimal("0.00005")),
        ("gpt-transcribe", Unit.SECONDS, "127.0.0.1", {}, Decimal(0)),
        ("gpt-transcribe", Unit.SECONDS, "127.0.0.1", {"gpt-transcribe": {"minute": "0.06"}}, Decimal("0.001")),
        ("whatever", Unit.SECONDS, "speaches", {}, Decimal(0)),
        ("whatever", Unit.SECONDS, "api.openai.com", {}, None),
        ("gpt-transcribe", Unit.TOKENS, "api.openai.com", {}, None),
    ],
)
def test_price_is_the_operators_else_the_list_price(model, unit, provider, prices, price):
    assert price_of(model, unit, provider=provider, prices=prices) == price


@pytest.mark.parametrize(
    "prices",
    [[], "x", {"m": 1}, {"m": {}}, {"m": {"hour": 1}}, {"m": {"minute": -1}}, {"m": {"minute": "free"}},
     {"m": {"minute": None}}, {"m": {"minute": float("nan")}}, {"m": {"minute": 1e9}}],
)  # fmt: skip
def test_prices_that_are_none_are_refused(prices):
    with pytest.raises(ValueError, match="AI_PRICES"):
        read_prices(prices)


@pytest.mark.parametrize("prices", ['{"x": 0.1}', "[]", '{"x": {"minute": "free"}}'])
def test_nothing_starts_with_prices_that_are_none(monkeypatch, prices):
    monkeypatch.setenv("AI_PRICES", prices)

    with pytest.raises(ImproperlyConfigured, match="AI_PRICES"):
        runpy.run_path(sources.__file__)


def test_prices_are_read_as_they_were_written():
    assert read_prices({"m": {"minute": 0.1, "million_tokens": "2"}}) == {
        "m": {"minute": Decimal("0.1"), "million_tokens": Decimal(2)}
    }


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("10.1.2.3", True), ("::1", True), ("localhost", True), ("gpu.lan", True),
     ("speaches", True), ("8.8.8.8", False), ("api.openai.com", False)],
)  # fmt: skip
def test_local_is_what_is_not_reached_from_outside(host, local):
    assert is_local(host) is local
