"""Tests of the debt against the collateral: values by hand, cures in their order, and what follows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.replay import Replay
from spv_sim.spv.event_of_default import COVENANT
from tests.edge_cases.deal_x import LIQUIDATE, UNITS, at, price, replay

COST = 20e9 / UNITS
"""Of a unit of deal X [USD]."""
LESS = "capital.debt_share=40 %"
OFF = "capital.tranche.senior.lock_up_dscr=0.01"


def ltv(**settings: object) -> str:
    """An assignment of a test of loan to value."""
    words = ", ".join(f"{key} = {value!r}" for key, value in settings.items())
    return f"capital.covenant.value={{ kind = 'ltv', {words} }}"


def measured(path: Replay) -> np.ndarray:
    return path.months["covenant.value.measured"]


def cured(path: Replay, part: str) -> np.ndarray:
    return path.months[f"covenant.value.cured_{part}"]


def test_loan_to_value_is_debt_less_the_reserve_over_the_price() -> None:
    path = replay(ltv(level="95 %", haircut="10 %", consequence="lock_up"))
    months = path.months
    for row, k in enumerate(months["k"].astype(int).tolist()):
        value = 0.9 * UNITS * price(k)
        wanted = max(months["D"][row] - months["dsra"][row], 0.0) / value
        if k == months["k"][-1]:
            wanted = math.nan  # the last date: all is due
        assert measured(path)[row] == pytest.approx(wanted, rel=1e-9, nan_ok=True)
    np.testing.assert_array_equal(months["covenant.value.fails"], measured(path) > 0.95)
    assert 0 < months["covenant.value.fails"].sum() < len(months["k"])


def test_depreciated_cost_follows_its_list_by_year() -> None:
    path = replay(
        ltv(
            level=["90 %", "80 %"],
            appraisal="depreciated_cost",
            depreciated_cost=["90 %", "70 %", "40 %"],
            consequence="lock_up",
        )
    )
    shares = [0.9] * 12 + [0.7] * 12 + [0.4] * 36
    net = np.maximum(path.months["D"] - path.months["dsra"], 0.0)
    np.testing.assert_allclose(measured(path)[:-1], (net / (UNITS * COST * np.array(shares)))[:-1], rtol=1e-9)
    levels = [0.9] * 12 + [0.8] * 48
    np.testing.assert_allclose(path.months["covenant.value.level"], levels)


def test_a_borrowing_base_is_an_advance_rate_on_the_value() -> None:
    base = "capital.covenant.value={ kind = 'borrowing_base', appraisal = 'depreciated_cost', advance_rate = "
    path = replay(f"{base}['65 %', '50 %', '30 %', '10 %'] }}")
    months = path.months
    net = np.maximum(months["D"] - months["dsra"], 0.0)
    carried = UNITS * COST * np.array([0.65] * 12 + [0.5] * 12 + [0.3] * 12 + [0.1] * 24)
    after = months["k"] < months["k"][-1]
    held = net <= carried + 1e-9 * 21e9
    assert (held | (months["covenant.value.fails"] > 0) | (months["eod"] > 0))[after].all()


def test_an_excess_is_cured_from_the_trap_then_from_cash() -> None:
    """Months 10 to 16 are locked up; in 17 the level falls, beyond what trap and cash can cure."""
    shock = "lease.holiday.shock={start = '10 months', end = '16 months', paid = '60 %'}"
    lock = "capital.tranche.senior.lock_up_dscr=2"
    path = replay(LESS, shock, lock, ltv(level=["99 %", "70 %"], consequence="prepay"))
    months, row = path.months, path.months["k"].tolist().index(17)
    held = months["trap"][row - 1]
    assert held > 0
    excess = months["D"][row - 1] - months["prin_due"][row] - months["dsra"][row] - 0.7 * UNITS * price(17)
    assert excess > 0
    from_trap, from_cash = cured(path, "from_trap"), cured(path, "from_cash")
    assert from_trap[row] == pytest.approx(min(held, excess), rel=1e-9)
    spare = (
        months["inflow"][row] - months["costs_paid"][row] - months["int_paid"][row] - months["prin_due"][row]
    )
    assert from_cash[row] == pytest.approx(min(excess - from_trap[row], spare), rel=1e-9)
    assert months["prin_paid"][row] == pytest.approx(
        months["prin_due"][row] + from_trap[row] + from_cash[row], rel=1e-12
    )
    # What stays beyond the level fails the test, keeps cash from the shareholders, but defaults nothing.
    assert from_trap[row] + from_cash[row] < excess
    assert months["covenant.value.fails"][row] == 1
    assert months["dist"][row] == 0
    assert path.columns["senior.event_of_default_month"] == math.inf
    assert path.columns["spv.breach"] <= 1e-9


def test_a_cure_reaches_the_level_exactly() -> None:
    path = replay(OFF, ltv(level="62 %", equity_cures=1))
    assert cured(path, "by_equity")[0] > 0
    assert measured(path)[:3] == pytest.approx([0.62] * 3, rel=1e-12)
    assert not np.nan_to_num(path.months["covenant.value.fails"]).any()


def test_the_shareholders_cure_counts_as_paid_in() -> None:
    """Contributions, returns and value of the equity all know it."""
    path = replay(OFF, ltv(level="62 %", equity_cures=1))
    plain = replay(OFF)
    paid = float(path.months["equity_cure"].sum())
    flow = path.series["equity_cf"]
    k = np.arange(len(flow))
    first = path.months["k"][0]
    assert flow[int(first)] == pytest.approx(path.months["dist"][0] - path.months["equity_cure"][0])
    assert path.columns["equity.cures"] == paid == pytest.approx(cured(path, "by_equity").sum())
    contributed = float(path.series["equity_draws"].sum()) + paid
    assert path.columns["equity.moic"] == pytest.approx(path.months["dist"].sum() / contributed, rel=1e-12)
    assert path.columns["equity.npv"] == pytest.approx(float(flow @ 1.12 ** (-k / 12)), rel=1e-9)
    rate = (1 + path.columns["equity.irr"]) ** (1 / 12) - 1
    assert abs(float(flow @ (1 + rate) ** -k)) <= 1e-6 * contributed
    back = k[np.cumsum(flow) >= 0]
    assert path.columns["equity.payback"] == back[back > first - 1][0]
    assert path.columns["equity.moic"] < plain.columns["equity.moic"]
    assert path.columns["spv.breach"] <= 1e-9


def test_grace_runs_from_the_first_excess() -> None:
    path = replay(OFF, ltv(level="40 %", grace=3))
    assert path.columns["covenant.value.first_breach_month"] == 5
    assert path.columns["senior.event_of_default_month"] == 8
    assert path.columns["spv.event_of_default_cause"] == COVENANT
    assert [at(path, "covenant.value.fails", k) for k in (5, 6, 7)] == [1, 1, 1]
    assert math.isnan(measured(path)[3])


def test_nothing_is_cured_for_a_lessee_in_default() -> None:
    """Prices fall by half at the default in month 20, and the shareholders leave it at that."""
    path = replay(
        OFF,
        LESS,
        "credit.default_month=20 months",
        "gpu_price.fall_at_default=50 %",
        ltv(level="99 %", equity_cures=9),
    )
    assert at(path, "covenant.value.fails", 20) == 1
    assert path.columns["equity.cures"] == 0
    assert at(path, "covenant.value.measured", 20) == pytest.approx(
        (at(path, "D", 20) - at(path, "dsra", 20)) / (UNITS * 0.5 * price(20)), rel=1e-9
    )


def test_units_sold_by_parts_leave_the_collateral() -> None:
    """A forced sale over four months after no downtime: a quarter of the units is gone each month."""
    path = replay(
        LIQUIDATE,
        "workout.downtime=0 months",
        "workout.liquidation_months=4 months",
        "capital.tranche.senior.grace=9",
        "credit.default_month=40 months",
        ltv(level="99 %", consequence="lock_up"),
    )
    for part, k in enumerate((40, 41, 42), 1):
        value = UNITS * (1 - part / 4) * price(k)
        wanted = max(at(path, "D", k) - at(path, "dsra", k), 0.0) / value
        assert at(path, "covenant.value.measured", k) == pytest.approx(wanted, rel=1e-9)
