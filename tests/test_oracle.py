"""The oracle meets the given deals; the engine meets the oracle month by month on random deals and paths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spv_sim.closing.close import Closed, close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import read
from tests.given import given as given_check
from tests.months import months_of
from tests.oracle import OWED, PAID, Oracle, run_deal
from tests.oracle_terms import close as close_slowly
from tests.oracle_terms import contract_rents, dates
from tests.strategies import examples
from tests.strategies.plain import claims, pairs, scenarios

GOLDEN = Path(__file__).parent / "golden"
DEALS = {
    "x1": "X1_base_no_default",
    "x2": "X2_default_m29_remarket",
    "x4": "X4_rent_shock_payment_eod",
    "x5": "X5_default_at_K",
    "y1": "Y1_two_tranche_sculpt_sweep_no_default",
    "y4": "Y4_two_tranche_default_m19_remarket",
}
USD = 1e-9
"""Amounts agree to this share of the total uses: the model's tolerance for what counts as nothing (0.7)."""
RATIO = 1e-8
"""Ratios and rates agree to this: a balance that is off by USD moves them by a few times as much."""
CLAIM = 1e-6
"""A mitigated claim agrees to this share of the lost rent: the engine interpolates what re-letting brings."""

RATIOS = {
    "equity.irr": "equity_irr_annual",
    "equity.moic": "equity_moic",
    "senior.yield": "senior_irr_annual",
    "spv.min_dscr": "min_dscr",
    "spv.average_dscr": "avg_dscr",
    "spv.lock_up_months": "lock_months",
}
MONEY = {"equity.npv", "spv.claim", "spv.sale"}
PLAIN = ("rent", "merchant", "sale", "guarantee", "opex", "enforcement", "costs_paid")
PLAIN += ("dist", "revenue", "trap", "dsra", "cost_arrears")
NAMES = {name: name for name in PLAIN} | {"account_interest": "interest"}
"""Amount in the engine's ledger -> amount in the oracle's rows."""

ADVANCE = "lease.timing=advance"
LIQUIDATE = "workout.mode=liquidate"
QUARTERLY = ("lease.payment_every=3 months", "capital.tranche.senior.payment_every=3 months")
HOLIDAY = ("lease.holiday.first.start=4 months", "lease.holiday.first.end=6 months")
REPAID = (
    "capital.debt_share=10 %",
    "capital.tranche.senior.tenor=12 months",
    "capital.tranche.senior.grace=30",
)
REPAID += ("grid.tail=24 months",)
CORNERS = [
    ("capital.debt_share=0 %",),
    ("capital.tranche.senior.dsra=0 months",),
    ("capital.tranche.senior.tenor=1 month", "capital.tranche.senior.dsra=0 months"),
    ("capital.tranche.senior.coupon=0 %", "accounts.interest_rate=0 %"),
    ("capital.tranche.senior.grace=60",),
    ("capital.tranche.senior.grace=60", *QUARTERLY, "grid.tail=12 months"),
    (ADVANCE, *QUARTERLY),
    (ADVANCE, *HOLIDAY, "lease.holiday.first.paid=0 %"),
    (ADVANCE, *HOLIDAY, "lease.holiday.first.paid=50 %", "opex.per_month=300 m USD/month"),
    (ADVANCE, "opex.per_month=900 m USD/month", "lease.first_payment=5 %"),
    (ADVANCE, "lease.first_payment=5 %", "lease.first_payment_to=equity"),
    ("lease.first_payment=5 %", "lease.first_payment_to=reduces_uses"),
    ("credit.default_month=5 months",),
    ("credit.default_month=5 months", ADVANCE, "workout.downtime=0 months", "lease.triple_net=true"),
    ("credit.default_month=64 months", "grid.tail=24 months"),
    ("credit.default_month=64 months", ADVANCE),
    (LIQUIDATE, "credit.default_month=60 months"),
    (LIQUIDATE, "credit.default_month=61 months"),
    (LIQUIDATE, "credit.default_month=62 months", "grid.tail=1 month"),
    (LIQUIDATE, "workout.downtime=0 months", "grid.tail=24 months"),
    ("workout.downtime=80 months", "grid.tail=12 months", "workout.claim_lag=200 months"),
    (
        "gpu_price.curve.decay=400 %",
        "gpu_price.scrap_value=5 USD",
        LIQUIDATE,
        "workout.claim_mitigation=true",
    ),
    ("gpu_price.fall_at_default=50 %", "gpu_price.volatility=30 %/sqrt(year)", LIQUIDATE),
    ("workout.market_haircut=100 %", "workout.claim_mitigation=true"),
    ("lease.escalation=-90 %", "grid.tail=3 months"),
    (LIQUIDATE, "credit.default_month=40 months", *REPAID, "workout.claim_lag=1 month"),
    ("credit.default_month=40 months", *REPAID),
]


def meet(got: Sequence[float], expected: Sequence[Any], floor: float) -> None:
    """Agreement to 1e-8 of the value or to `floor`, as the given deals ask for; None is NaN."""
    wanted = [math.nan if value is None else float(value) for value in expected]
    np.testing.assert_allclose(got, wanted, rtol=1e-8, atol=floor)


@pytest.mark.parametrize("file", DEALS)
def test_oracle_meets_the_given_deals(file: str) -> None:
    """Closing, every month, flows and summary of the reference deals (Annex R)."""
    inputs, expected, _ = given_check(DEALS[file])
    scenario = read(GOLDEN / f"{file}.toml").scenario
    months, room = range(dates(scenario)[2] + 1), USD * expected["total_uses"]
    price = [40_000 * 0.62 * math.exp(-0.40 * k / 12) for k in months]
    rate = [2.20 * math.exp(-0.28 * k / 12) for k in months]
    deal = run_deal(scenario, price, rate, inputs["tau"])
    series, closing, rows = expected["series"], deal.closing, deal.rows
    senior = closing["tranche"]["senior"]

    meet([senior["commitment"], closing["total_uses"]], [expected["C"], expected["total_uses"]], room)
    meet(senior["draws"], series["draws"], room)
    for mine, theirs in (("uses", "uses"), ("equity_calls", "equity_draws")):
        meet(closing[mine], series[theirs], room)
    plan = [senior["plan"].get(k, (0.0, 0.0)) for k in months]
    meet([principal for _, principal in plan], series["sched_principal"], room)
    meet([sum(service) for service in plan], series["sched_ds"], room)
    meet(deal.equity, series["equity_cf"], room)
    meet(deal.lenders["senior"], series["senior_cf"], room)
    if "mezz" in deal.lenders:
        meet([closing["tranche"]["mezz"]["commitment"]], [expected["M"]], room)
        meet(deal.lenders["mezz"], series["mezz_cf"], room)
        meet([rows[k]["mezz.debt"] for k in series["k"]], series["Q"], room)
        meet([deal.summary["mezz.loss"]], [expected["mezz_loss"]], room)
        meet([deal.summary["mezz.yield"]], [expected["mezz_irr_annual"]], RATIO)
    for row in rows:
        row |= {"D": row["senior.debt"], "int_paid": row["senior.interest_paid"]}
        row |= {"prin_paid": row["senior.principal_paid"] + row["senior.prepaid"]}
        row |= {"int_due": row["senior.interest_current"]}
    for name in ("D", "dsra", "trap", "int_paid", "prin_paid"):
        meet([rows[k][name] for k in series["k"]], series[name], room)
    for name in ("eod", "dscr"):
        meet([rows[k][name] for k in series["k"]], series[name], RATIO)
    for k, snap in expected["snap"].items():
        row = rows[int(k)]
        rent = row["rent"] + row["merchant"]
        inflow = rent + row["sale"] + row["claim"] + row["guarantee"] + row["interest"]
        got = {**row, "rent": rent, "inflow": inflow, "Q": row.get("mezz.debt", 0.0)}
        meet([got[name] for name in snap], list(snap.values()), room)
    summary = deal.summary
    meet([summary["senior.loss"], summary["spv.claim"]], [expected["senior_loss"], expected["claim"]], room)
    meet([summary[mine] for mine in RATIOS], [expected[theirs] for theirs in RATIOS.values()], RATIO)


def paths_to_compare(
    closed: Closed, count: int
) -> list[tuple[int, int | None, dict[str, Any], dict[str, Any]]]:
    """Up to `count` of 16 paths with different default months: number, default month, ledger and columns."""
    seed = closed.scenario.monte_carlo.seed
    ledger = months_of(closed, seed, 0, 16)
    columns = run_chunk(closed.terms, seed, 0, 16).columns
    names = column_names(closed.tranches)
    chosen: dict[float, int] = {}
    for path, month in enumerate(ledger["default_month"][-1]):
        chosen.setdefault(month, path)
    return [
        (
            path,
            None if math.isinf(month) else int(month),
            {name: values[:, path] for name, values in ledger.items()},
            dict(zip(names, columns[:, path].tolist(), strict=True)),
        )
        for month, path in list(chosen.items())[:count]
    ]


def repeat(scenario: Scenario, d: int | None, ledger: dict[str, Any], claim: float | None) -> Oracle:
    """The oracle on the market of a ledger."""
    return run_deal(scenario, ledger["price"].tolist(), ledger["lease_rate"].tolist(), d, claim)


@examples(100)
@given(st.one_of(scenarios(), pairs()))
def test_closing_meets_the_oracle(scenario: Scenario) -> None:
    """Sources and uses by the affine solve equal those by plain repetition."""
    closed, slow = close(scenario), close_slowly(scenario)
    table = closed.table
    room = USD * slow["total_uses"]
    for mine, theirs in (
        (table.uses, "uses"),
        (table.equity, "equity_calls"),
    ):
        np.testing.assert_allclose(mine, slow[theirs], rtol=0, atol=room, err_msg=theirs)
    for tranche in closed.capital.tranches:
        own = slow["tranche"][tranche.name]
        for mine, theirs in (
            (tranche.draws, "draws"),
            (tranche.net_proceeds, "net_draws"),
            (tranche.interest_during_construction, "interest"),
            (tranche.commitment_fee, "commitment_fees"),
            (tranche.commitment, "commitment"),
        ):
            np.testing.assert_allclose(mine, own[theirs], rtol=0, atol=room, err_msg=theirs)


def compare(
    closed: Closed, path: int, d: int | None, ledger: dict[str, Any], columns: dict[str, Any]
) -> None:
    """Every month and every figure of a path; the claim as the engine has it."""
    deal = repeat(closed.scenario, d, ledger, float(np.nansum(ledger["claim"])))
    room = USD * deal.closing["total_uses"]
    for k in range(closed.scenario.grid.construction + 1, len(deal.rows)):
        row, at = deal.rows[k], f"path {path}, default {d}, month {k}: "
        for theirs, mine in NAMES.items():
            assert abs(ledger[theirs][k] - row[mine]) <= room, (
                f"{at}{theirs} {ledger[theirs][k]}, {row[mine]}"
            )
        for name in closed.tranches:
            for mine in (*OWED, *PAID):
                got, wanted = ledger[f"{name}.{mine}"][k], row[f"{name}.{mine}"]
                assert abs(got - wanted) <= room, f"{at}{name}.{mine} {got}, {wanted}"
        assert ledger["dscr"][k] == pytest.approx(row["dscr"], rel=RATIO, abs=RATIO, nan_ok=True), at
    for name, value in deal.summary.items():
        money = name in MONEY or name.endswith(".loss")
        tolerance = {"rel": 0, "abs": room} if money else {"rel": RATIO, "abs": RATIO}
        assert columns[name] == pytest.approx(value, **tolerance, nan_ok=True), f"path {path}: {name}"


@examples(150)
@given(scenarios())
def test_engine_meets_the_oracle(scenario: Scenario) -> None:
    """Some paths of random deals; whether the claim is right, see below."""
    closed = close(scenario)
    for path in paths_to_compare(closed, 3):
        compare(closed, *path)


@examples(150)
@given(pairs())
def test_engine_meets_the_oracle_on_two_tranches(scenario: Scenario) -> None:
    """Junior or beside each other, in kind, swept, with reserves and lock-up tests of their own."""
    closed = close(scenario)
    for path in paths_to_compare(closed, 3):
        compare(closed, *path)


@pytest.mark.parametrize("change", CORNERS, ids=" ".join)
def test_engine_meets_the_oracle_in_the_corners(change: tuple[str, ...]) -> None:
    """Deal X with single terms at the edge of what they may be."""
    hazard = () if any("credit" in assignment for assignment in change) else ("credit.hazard=20 %",)
    closed = close(read(GOLDEN / "x-base.toml", [*change, *hazard]).scenario)
    for path in paths_to_compare(closed, 4):
        compare(closed, *path)


@examples(100)
@given(claims())
def test_claim_meets_the_oracle(scenario: Scenario) -> None:
    """The claim paid, against month-by-month expectations of what the fleet brings after the default."""
    for path, d, ledger, columns in paths_to_compare(close(scenario), 3):
        if d is None:
            continue
        lost = sum(rent for month, rent in contract_rents(scenario).items() if month >= d)
        paid = repeat(scenario, d, ledger, None).summary["spv.claim"]
        room = CLAIM * scenario.workout.claim_recovery * lost
        assert abs(columns["spv.claim"] - paid) <= room, (
            f"path {path}, default {d}: {columns['spv.claim']}, {paid}"
        )
