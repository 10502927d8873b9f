"""Repayment schedules against the given loans and their own definition."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from spv_sim.closing.amortisation import (
    Schedule,
    bullet,
    custom,
    level,
    level_payment,
    scheduled_share,
    straight_line,
)
from spv_sim.closing.prepayment import make_whole, premium_by_month
from tests.given import agrees, given

Array = NDArray[np.float64]

KINDS: dict[str, Callable[[Array], Schedule]] = {
    "level": level,
    "level, balloon": lambda rates: level(rates, 0.3),
    "straight line": straight_line,
    "straight line, balloon": lambda rates: straight_line(rates, 0.3),
    "bullet": bullet,
    "scheduled share": lambda rates: scheduled_share(rates, 0.02),
    "scheduled share, repaid early": lambda rates: scheduled_share(rates, 0.06),
    "custom": lambda rates: custom(rates, np.linspace(1, 3, len(rates)) / (2 * len(rates))),
}
RATES = {
    "none": np.zeros(20),
    "flat": np.full(20, 0.008),
    "high": np.full(20, 0.05),
    "rising": np.linspace(0.002, 0.02, 20),
}


def test_level_pay_given() -> None:
    inputs, expected, tolerance = given("level_pay_given")
    rate, n, face = inputs["rate"] / 12, inputs["n"], inputs["P"]
    payment = level_payment(face, rate, n, inputs["balloon"])
    unit = level(np.full(n, rate), inputs["balloon"] / face)
    balance = face * (1 - np.cumsum(unit.principal))
    assert agrees(payment, expected["pmt"], tolerance)
    assert agrees(payment / (1 + rate), expected["pmt_advance"], tolerance)
    for months, left in expected["bal"].items():
        assert agrees(float(balance[int(months) - 1]), left, tolerance)
    assert agrees(float(face * unit.interest.sum()), expected["total_interest"], tolerance)
    assert agrees(float(unit.principal @ np.arange(1, n + 1)) / 12, expected["WAL"], tolerance)


@pytest.mark.parametrize("balloon", [0.0, 0.15, 0.4])
def test_the_given_loan_with_a_balloon_pays_what_discounting_says(balloon: float) -> None:
    """The loan is worth its face: payments and balloon at the coupon."""
    inputs, _, tolerance = given("level_pay_given")
    rate, n, face = inputs["rate"] / 12, inputs["n"], inputs["P"]
    discount = (1 + rate) ** -np.arange(1.0, n + 1)
    payment = (face - balloon * face * discount[-1]) / discount.sum()
    unit = level(np.full(n, rate), balloon)
    assert agrees(level_payment(face, rate, n, balloon * face), float(payment), tolerance)
    np.testing.assert_allclose(face * unit.debt_service[:-1], payment, rtol=tolerance)
    assert agrees(face * float(unit.debt_service[-1]), float(payment) + balloon * face, tolerance)


def test_a_balloon_is_what_the_payments_leave() -> None:
    payment = level_payment(100.0, 0.01, 36, balloon=40.0)
    balance = 100.0
    for _ in range(36):
        balance = balance * 1.01 - payment
    assert balance == pytest.approx(40.0, abs=1e-10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rates", RATES)
def test_every_kind_repays_a_dollar_with_interest_on_what_is_owed(kind: str, rates: str) -> None:
    schedule = KINDS[kind](RATES[rates])
    opening = 1 - np.concatenate(([0.0], np.cumsum(schedule.principal)))
    # 20 payments of order 1 are added up, each rounded to 1.1e-16.
    assert opening[-1] == pytest.approx(0, abs=1e-13)
    assert np.allclose(schedule.interest, RATES[rates] * opening[:-1], rtol=0, atol=1e-13)
    assert np.allclose(schedule.balance, opening, rtol=0, atol=1e-13)
    assert np.all(schedule.principal >= 0)
    discount = np.cumprod(1 / (1 + RATES[rates]))
    assert schedule.debt_service @ discount == pytest.approx(1, abs=1e-12)


def test_level_is_level_on_a_forward_curve_too() -> None:
    service = level(RATES["rising"], 0.25).debt_service
    np.testing.assert_allclose(service[:-1], service[0], rtol=1e-14)
    assert service[-1] == pytest.approx(service[0] + 0.25, rel=1e-14)


def test_straight_line_repays_equal_parts() -> None:
    assert np.allclose(straight_line(np.full(8, 0.02)).principal, 1 / 8, rtol=1e-15)
    assert np.allclose(straight_line(np.full(8, 0.02), 0.2).principal[:-1], 0.1, rtol=1e-15)


def test_a_scheduled_share_ends_when_nothing_is_left() -> None:
    assert np.allclose(scheduled_share(np.zeros(4), 0.4).principal, [0.4, 0.4, 0.2, 0.0], atol=1e-15)
    assert np.allclose(scheduled_share(np.zeros(4), 0.1).principal, [0.1, 0.1, 0.1, 0.7], atol=1e-15)


def test_make_whole_given() -> None:
    inputs, expected, tolerance = given("make_whole_given")
    rate, n, k = inputs["rate"] / 12, inputs["n"], inputs["k"]
    unit = level(np.full(n, rate))
    balance = inputs["P"] * float(unit.balance[k])
    left = inputs["P"] * unit.debt_service[k:]
    premium = make_whole(left, (inputs["treasury"] + inputs["spread"]) / 12, balance)
    assert agrees(balance, expected["balance"], tolerance)
    assert agrees(premium, expected["premium"], tolerance)
    assert make_whole(left, 2 * rate, balance) == 0


def test_a_premium_falls_by_year_from_completion_and_ends() -> None:
    premium = premium_by_month([0.03, 0.01], completion=2, last_month=30)
    assert premium[:15].tolist() == [0.03] * 15
    assert premium[15:27].tolist() == [0.01] * 12
    assert not premium[27:].any()
    assert not premium_by_month(None, 2, 30).any()


@pytest.mark.parametrize("rate", [1e-17, 1e-12, 0.0])
def test_a_coupon_next_to_nothing_repays_in_equal_parts(rate: float) -> None:
    """At a rate i the payment is 1/n (1 + i (n + 1)/2) and terms of i squared."""
    assert level_payment(1.0, rate, 20) == pytest.approx(1 / 20, rel=1e-10)
