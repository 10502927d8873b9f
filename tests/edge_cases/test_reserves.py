"""Reserves of deal X by hand: one filled from the cash flow, and one for the upkeep of the units."""

from __future__ import annotations

import pytest

from spv_sim.closing.close import close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.read import read
from tests.edge_cases.deal_x import LAST, OPEX, RENT, UNITS, at, replay
from tests.test_metamorphic import DEAL_X

SWEEP = "capital.tranche.senior.dsra_kind=sweep"
ENFORCEMENT = 15e6
PER_MONTH, TARGET = 10.0, 100.0
"""What a unit puts into the reserve each month, and what the reserve holds for it [USD]."""

UPKEEP = (
    f"accounts.maintenance.target={TARGET} USD",
    f"accounts.maintenance.contribution={PER_MONTH} USD/month",
)
RATE = 0.03 / 12


def test_a_reserve_filled_by_sweep_takes_the_cash_behind_the_senior_debt() -> None:
    """It starts empty, is no use of funds, and lets nothing through to equity until it is full."""
    path = replay(SWEEP)
    service = at(path, "int_paid", 5) + at(path, "prin_paid", 5)
    held, target = 0.0, 3 * service
    for month in range(5, 12):
        cash = RENT - OPEX - service + held * RATE
        top_up = min(target - held, cash)
        held += top_up
        assert at(path, "dsra", month) == pytest.approx(held, rel=1e-12)
        assert at(path, "dist", month) == pytest.approx(cash - top_up, rel=1e-9, abs=1.0)
    assert held == pytest.approx(target, rel=1e-12)
    assert at(path, "dist", 5) == 0.0
    paid_in = replay()
    assert path.series["uses"].sum() < paid_in.series["uses"].sum() - 0.9 * target
    assert at(path, "dsra", LAST) == 0.0


def test_the_maintenance_reserve_is_filled_by_contributions_up_to_its_target() -> None:
    path, plain = replay(*UPKEEP), replay()
    for month in range(5, LAST):
        held = min((month - 4) * PER_MONTH, TARGET) * UNITS
        assert at(path, "maintenance", month) == pytest.approx(held, rel=1e-12)
    assert at(path, "dist", 5) == pytest.approx(at(plain, "dist", 5) - PER_MONTH * UNITS, rel=1e-12)
    assert at(path, "maintenance", LAST) == 0.0
    gained = at(path, "dist", LAST) - at(plain, "dist", LAST)
    assert gained == pytest.approx(TARGET * UNITS * (1 + RATE), rel=1e-9)


@pytest.mark.parametrize("alone", UPKEEP)
def test_a_target_or_a_contribution_is_enough(alone: str) -> None:
    path = replay(alone)
    first = PER_MONTH if "contribution" in alone else TARGET
    assert at(path, "maintenance", 5) == pytest.approx(first * UNITS, rel=1e-12)
    last = PER_MONTH * (LAST - 5) if "contribution" in alone else TARGET
    assert at(path, "maintenance", LAST - 1) == pytest.approx(last * UNITS, rel=1e-12)


DEFAULT = ("credit.default_month=29 months", "capital.tranche.senior.grace=4")


def test_the_maintenance_reserve_pays_for_enforcement_before_the_debt_is_in_default() -> None:
    """50 m USD meet three months at 15 m and a third of the fourth; the rest is for the other accounts."""
    path = replay(*DEFAULT, *UPKEEP)
    held = TARGET * UNITS
    for month in range(29, 33):
        held -= min(held, ENFORCEMENT)
        assert at(path, "maintenance", month) == pytest.approx(held, abs=1e-3)
    plain = replay(*DEFAULT)
    assert at(path, "dsra", 29) > at(plain, "dsra", 29) + 0.9 * ENFORCEMENT
    assert path.columns["spv.breach"] <= 1e-9


def test_a_reserve_that_pays_all_costs_pays_the_opex_too() -> None:
    path = replay(*UPKEEP, "accounts.maintenance.pays=costs")
    put_in = PER_MONTH * UNITS
    assert at(path, "maintenance", 5) == put_in
    assert at(path, "maintenance", 6) == put_in - min(put_in, OPEX) + put_in


def test_the_maintenance_reserve_joins_the_cash_in_an_event_of_default() -> None:
    path = replay("credit.default_month=29 months", *UPKEEP)
    assert at(path, "eod", 30) == 1.0
    assert at(path, "maintenance", 29) == pytest.approx(TARGET * UNITS - ENFORCEMENT, rel=1e-12)
    assert at(path, "maintenance", 30) == 0.0


WORKING = "accounts.working_capital=3 months"


def test_working_capital_is_paid_in_at_completion_and_comes_free_with_the_last_costs() -> None:
    path, plain = replay(WORKING), replay()
    gained = path.series["uses"].sum() - plain.series["uses"].sum()
    assert gained > 3 * OPEX  # and the debt's own costs on its part of it
    held = [at(path, "working_capital", month) for month in (5, 60, 61, 62, 63, LAST)]
    assert held == pytest.approx([3 * OPEX, 3 * OPEX, 3 * OPEX, 2 * OPEX, OPEX, 0.0])
    assert path.columns["spv.breach"] <= 1e-9


def test_working_capital_pays_costs_before_the_debt_service_reserve_and_is_filled_again() -> None:
    """No rent for one month: 7 m of costs come out of it, not out of the reserve for debt service."""
    holiday = [f"lease.holiday.poor.{each}" for each in ("start=10 months", "end=10 months", "paid=0 %")]
    path, plain = replay(WORKING, *holiday), replay(*holiday)
    interest = at(path, "account_interest", 10)
    spent = OPEX - interest
    assert at(path, "working_capital", 10) == pytest.approx(3 * OPEX - spent, rel=1e-12)
    assert at(path, "dsra", 10) > at(plain, "dsra", 10) + 0.5 * OPEX
    assert at(path, "working_capital", 12) == pytest.approx(3 * OPEX, rel=1e-12)


def test_working_capital_joins_the_cash_in_an_event_of_default() -> None:
    path = replay(WORKING, "credit.default_month=29 months")
    assert at(path, "working_capital", 30) == 0.0
    assert path.columns["spv.breach"] <= 1e-9


@pytest.mark.parametrize(
    "extra", [(), (WORKING,), ("workout.mode=liquidate",), ("lease.payment_every=3 months", WORKING)]
)
def test_reserves_keep_every_identity_on_random_paths(extra: tuple[str, ...]) -> None:
    noise = ("credit.hazard=20 %/year", "gpu_price.volatility=35 %/sqrt(year)")
    closed = close(read(DEAL_X, [SWEEP, *UPKEEP, *noise, *extra]).scenario)
    columns = run_chunk(closed.terms, 0, 0, 512).columns
    assert columns[column_names(closed.tranches).index("spv.breach")].max() <= 1e-9


def test_with_rent_in_advance_the_replay_begins_with_what_was_paid_in() -> None:
    path = replay(WORKING, "lease.timing=advance", "capital.tranche.senior.dsra_kind=letter_of_credit")
    assert at(path, "working_capital", 4) == pytest.approx(3 * OPEX)
    due = path.series["sched_ds"]
    assert at(path, "letter_of_credit", 4) == pytest.approx(due[5:8].sum(), rel=1e-12)
    assert path.columns["spv.breach"] <= 1e-9
