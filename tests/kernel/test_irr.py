"""Rates of return: given examples, another library, every flag, and lanes that do not see each other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from spv_sim.kernel.irr import MULTIPLE, NO_ROOT, OK, TOTAL_LOSS, UNDEFINED, irr_roots, mirr
from spv_sim.kernel.irr_roots import worth
from spv_sim.kernel.jit import PLAIN
from tests.given import agrees, given, is_same
from tests.kernel.sample import irr_in_lanes

WIDTH = 1 if PLAIN else 16


def in_lanes(flows: Any, last_call: int = 0) -> tuple[float, float]:
    """Monthly rate and flag of one row by the lane solver, beside fifteen rows of another kind."""
    row = np.asarray(flows, dtype=np.float64)
    rows = np.zeros((WIDTH, row.size))
    rows[:, 0] = -1.0
    rows[:, -1] = 1.01
    rows[0] = row
    rate, flag = irr_in_lanes(rows, last_call, WIDTH)
    return float((1.0 + rate[0]) ** (1.0 / 12.0) - 1.0), float(flag[0])


def monthly_negative() -> np.ndarray:
    rent = np.concatenate([np.full(12, 90e6), np.full(24, 110e6), np.full(24, 60e6)])
    rent[-1] += 1.2e9
    return np.concatenate([[-7.5e9], rent])


@pytest.mark.parametrize(("name", "count"), [("y5", 6), ("y4", 5), ("y2", 3)])
def test_documented_irr(name: str, count: int) -> None:
    inputs, expected, tolerance = given("irr_microsoft")
    flows = inputs["values"][:count]
    assert agrees(irr_roots(flows).rate, expected[name], tolerance)
    rate, flag = in_lanes(flows)
    assert agrees(rate, expected[name], tolerance)
    assert flag == OK


def test_documented_mirr() -> None:
    inputs, expected, tolerance = given("mirr_microsoft")
    assert agrees(mirr(inputs["values"], 0.10, 0.12), expected, tolerance)
    assert math.isnan(mirr([1.0, 2.0], 0.1, 0.1))


def test_several_roots_are_listed_and_the_falling_one_taken() -> None:
    inputs, expected, tolerance = given("irr_multiple_roots")
    rates = irr_roots(inputs["values"])
    assert rates.flag == MULTIPLE
    assert all(agrees(*pair, tolerance) for pair in zip(rates.roots, expected["roots"], strict=True))
    rate, flag = in_lanes(inputs["values"])
    assert flag == MULTIPLE
    assert agrees(rate, rates.rate, 1e-12)
    assert agrees(rate, 4.0, tolerance)


def test_the_hurdle_chooses_among_falling_roots() -> None:
    # Roots 1 %, 5 % and 20 % a period, the value falling at the first and the last.
    flows = np.poly([1.01, 1.05, 1.20])
    assert irr_roots(-flows, 0.01).rate == pytest.approx(0.01, rel=1e-9)
    assert irr_roots(-flows, 0.01).roots == pytest.approx((0.01, 0.05, 0.20), rel=1e-9)
    assert irr_roots(-flows, 0.60).rate == pytest.approx(0.20, rel=1e-9)
    rate, flag = in_lanes(-flows)
    assert flag == MULTIPLE
    assert rate == pytest.approx(0.01, rel=1e-9)


@pytest.mark.parametrize("every", [2, 3, 12])
def test_months_without_flows_may_be_left_out(every: int) -> None:
    random = np.random.default_rng(every)
    rows = np.zeros((4 * WIDTH, 85))
    dates = np.arange(0, 85, every)
    rows[:, dates] = random.uniform(0.0, 3.0, (4 * WIDTH, dates.size))
    rows[:, 0] = -20.0
    rows[1::4, dates[3]] = -5.0  # a call before later distributions
    rows[2::4, dates[2:]] = -1.0  # and rows that change sign twice
    rows[3::4, 1:] = 0.0  # and total losses
    monthly, flags = irr_in_lanes(rows, 0, WIDTH)
    strided, same_flags = irr_in_lanes(rows, 0, WIDTH, every)
    assert np.array_equal(flags, same_flags)
    # Both stop below 1e-14 in the log-rate of a month; a year has twelve, and rounding is of the same size.
    np.testing.assert_allclose(strided, monthly, rtol=0, atol=5e-13)


def test_no_root() -> None:
    inputs, expected, tolerance = given("irr_none")
    assert irr_roots(inputs["values"]).flag == NO_ROOT
    assert is_same(None if math.isnan(irr_roots(inputs["values"]).rate) else 0.0, expected, tolerance)
    rate, flag = in_lanes(inputs["values"])
    assert math.isnan(rate)
    assert flag == NO_ROOT


def test_total_loss_is_exactly_minus_one() -> None:
    inputs, expected, tolerance = given("irr_total_loss")
    assert agrees(irr_roots(inputs["values"]).rate, expected, tolerance)
    assert irr_roots(inputs["values"]).flag == TOTAL_LOSS
    assert in_lanes(inputs["values"]) == (expected, TOTAL_LOSS)


def test_undefined_without_a_call() -> None:
    assert irr_roots([0.0, 1.0]).flag == UNDEFINED
    assert irr_roots([0.0, 0.0]).flag == UNDEFINED
    rate, flag = in_lanes([0.0, 1.0, 0.0])
    assert math.isnan(rate)
    assert flag == UNDEFINED


def test_negative_monthly_rate() -> None:
    _, expected, tolerance = given("irr_monthly_negative")
    flows = monthly_negative()
    assert agrees(irr_roots(flows).rate, expected["monthly"], tolerance)
    rows = np.tile(flows, (WIDTH, 1))
    rate, flag = irr_in_lanes(rows, 0, WIDTH)
    assert agrees(rate[0], expected["annual"], tolerance)
    assert np.all(flag == OK)


@pytest.mark.parametrize("last_call", [0, 6, 84])
def test_conventional_flows_against_another_library(last_call: int) -> None:
    pyxirr = pytest.importorskip("pyxirr")
    rng = np.random.default_rng(5)
    rows = np.abs(rng.normal(2.0, 1.0, (320, 85))) * np.exp(rng.normal(0.0, 0.5, (320, 1)))
    rows[:, : min(last_call, 6) + 1] = -rng.uniform(1.0, 40.0, (320, min(last_call, 6) + 1))
    rate, flag = irr_in_lanes(rows, last_call, WIDTH)
    expected = np.array([pyxirr.irr(row) for row in rows])
    assert np.all(flag == OK)
    # The other library stops at |f| < 1e-9 or so.
    np.testing.assert_allclose((1.0 + rate) ** (1.0 / 12.0), 1.0 + expected, rtol=1e-9)


def test_any_signs_against_all_roots() -> None:
    rng = np.random.default_rng(6)
    rows = rng.normal(0.4, 1.0, (160, 24))
    rows[:80, 0] = -10.0
    rate, flag = irr_in_lanes(rows, 3, WIDTH)
    for row, got, why in zip(rows, rate, flag, strict=True):
        rates = irr_roots(row)
        assert why == rates.flag
        if not math.isnan(rates.rate):
            # A root where the value is nearly flat is known no better than rounding over its slope, an annual
            # rate near -100 % no better than rounding over 1 + rate.
            slope = abs(worth(row, np.arange(24.0), math.log1p(rates.rate) + 1e-6)) / 1e-6
            slack = 1e-13 * np.abs(row).sum() / slope + 1e-15 / max(1.0 + got, 1e-15)
            assert abs((1.0 + got) ** (1.0 / 12.0) - 1.0 - rates.rate) <= (1e-12 + slack) * (1.0 + rates.rate)


def test_value_at_the_rate_is_nothing() -> None:
    rng = np.random.default_rng(8)
    rows = np.abs(rng.normal(2.0, 1.0, (64, 85)))
    rows[:, 0] = -rng.uniform(20.0, 400.0, 64)
    rate, _ = irr_in_lanes(rows, 0, WIDTH)
    for row, got in zip(rows, rate, strict=True):
        x = math.log1p(got) / 12.0
        assert abs(worth(row, np.arange(85.0), x)) <= 1e-10 * np.abs(row).sum()


def test_extreme_rates_go_to_the_scan_and_come_back() -> None:
    rows = np.zeros((16, 85))
    rows[:, 0] = -1e9
    rows[:, 1] = 10.0 ** np.arange(-3, 13)
    rate, flag = irr_in_lanes(rows, 0, WIDTH)
    assert np.all(flag == OK)
    np.testing.assert_allclose(1.0 + rate, (rows[:, 1] / 1e9) ** 12, rtol=1e-12, atol=1e-15)


def test_a_path_does_not_see_its_neighbours() -> None:
    rng = np.random.default_rng(9)
    rows = np.abs(rng.normal(2.0, 1.0, (16, 85)))
    rows[:, 0] = -100.0
    alone, _ = irr_in_lanes(rows, 0, WIDTH)
    rows[1:] = rng.normal(0.0, 1.0, (15, 85))
    beside, _ = irr_in_lanes(rows, 0, WIDTH)
    assert alone[0] == beside[0]
