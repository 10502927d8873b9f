"""Repayment schedules against the given loan and their own definition."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.amortisation import AMORTISATIONS, level, level_payment, straight_line
from tests.given import agrees, given


def test_level_pay_given() -> None:
    inputs, expected, tolerance = given("level_pay_given")
    rate, n, face = inputs["rate"] / 12, inputs["n"], inputs["P"]
    payment = level_payment(face, rate, n, inputs["balloon"])
    unit = level(rate, n)
    balance = face * (1 - np.cumsum(unit.principal))
    assert agrees(payment, expected["pmt"], tolerance)
    assert agrees(payment / (1 + rate), expected["pmt_advance"], tolerance)
    for months, left in expected["bal"].items():
        assert agrees(float(balance[int(months) - 1]), left, tolerance)
    assert agrees(float(face * unit.interest.sum()), expected["total_interest"], tolerance)
    assert agrees(float(unit.principal @ np.arange(1, n + 1)) / 12, expected["WAL"], tolerance)


def test_a_balloon_is_what_the_payments_leave() -> None:
    payment = level_payment(100.0, 0.01, 36, balloon=40.0)
    balance = 100.0
    for _ in range(36):
        balance = balance * 1.01 - payment
    assert balance == pytest.approx(40.0, abs=1e-10)


@pytest.mark.parametrize("kind", AMORTISATIONS)
@pytest.mark.parametrize("rate", [0.0, 0.008, 0.05])
def test_every_kind_repays_a_dollar_with_interest_on_what_is_owed(kind: str, rate: float) -> None:
    schedule = AMORTISATIONS[kind](rate, 20)
    opening = 1 - np.concatenate(([0.0], np.cumsum(schedule.principal)))
    assert opening[-1] == pytest.approx(0, abs=1e-12)
    assert np.allclose(schedule.interest, rate * opening[:-1], atol=1e-12)
    assert np.all(schedule.principal > 0)


def test_straight_line_repays_equal_parts() -> None:
    assert np.allclose(straight_line(0.02, 8).principal, 1 / 8, rtol=1e-15)
