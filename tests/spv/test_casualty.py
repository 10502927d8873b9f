"""Casualties and their insurance against slow Python path by path, closed forms in mean, and switched off."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from spv_sim.analysis.base_case import run_base_case
from spv_sim.closing.close import Closed, close
from spv_sim.closing.contract import lay_out_contract
from spv_sim.closing.termination import stipulated_loss
from spv_sim.engine.cpu import LANES, launch, ledgers, make_ready, run_chunk
from spv_sim.engine.summing import SLOTS
from spv_sim.engine.terms import Terms
from spv_sim.kernel.jit import PLAIN
from spv_sim.kernel.rng import CASUALTY_BLOCK, uniform
from tests.closing.deals import base

WIDTH = 1 if PLAIN else LANES
PATHS = 8 if PLAIN else 64
MANY = 200 if PLAIN else 20_000
SEED = 5
UNITS, COST = 500_000, 40_000.0
SHORT = ("lease.term=24 months", "capital.tranche.senior.tenor=24 months", "capital.debt_share=20 %")
HAZARD = ("credit.hazard=40 %/year",)
CASUALTY = "fleet.casualty"
STRIKES = (f"{CASUALTY}.rate=1.5 /year", f"{CASUALTY}.loss=20 %")
COVERED = (f"{CASUALTY}.deductible=50 m USD", f"{CASUALTY}.payment_lag=3 months")
AT_BOOK = (f"{CASUALTY}.covers_replacement=false",)
FAILS = ("fleet.failures.annual_rate=20 %/year",)
EARLY = ("lease.early_termination.hazard=5 %/year",)
TABLE = ('lease.early_termination.stipulated_loss={"0 months"="100 %", "24 months"="30 %"}',)
KINDS: dict[str, tuple[str, ...]] = {
    "at book": AT_BOOK,
    "at replacement": (f"{CASUALTY}.book_life=1 months",),
    "at the dearer, late, with an own share": COVERED,
    "at the present value of rents": (*AT_BOOK, *EARLY),
    "at stipulated values": (*AT_BOOK, *EARLY, *TABLE, f"{CASUALTY}.payment_lag=6 months"),
    "uninsured": (f"{CASUALTY}.insured=false",),
    "all at once": (*COVERED, f"{CASUALTY}.loss=100 %"),
    "abating": ("lease.triple_net=true", "lease.hell_or_high_water=false"),
    "failing too": (*FAILS, *COVERED, "fleet.failures.spares=200", "lease.hell_or_high_water=false"),
    "billed too": (
        *FAILS,
        "lease.triple_net=true",
        "fleet.failures.return_condition=stipulated_loss",
        "fleet.failures.missing_value=15_000 USD",
    ),
    "liquidated": (
        *COVERED,
        "workout.mode=liquidate",
        "workout.liquidation_months=4 months",
        "workout.shrinkage=3 %",
        "grid.tail=12 months",
    ),
    "two generations": (
        *COVERED,
        "fleet.batch.second.generation=double",
        "fleet.generation.double.h100_equivalents=2",
        "lease.rent_start=per_batch",
        "capital.tranche.senior.tenor=20 months",
    ),
}


def closed_of(*sets: str) -> Closed:
    return close(base("x-base", *SHORT, *HAZARD, *STRIKES, *sets))


def rows_of(closed: Closed, paths: int = PATHS) -> dict[str, NDArray[np.float64]]:
    return ledgers(closed.terms, closed.ledger_rows, SEED, 0, paths, WIDTH)


def insured_value(closed: Closed) -> NDArray[np.float64]:
    """Agreed value of an H100-equivalent by month [USD]."""
    scenario = closed.scenario
    casualty = scenario.fleet.casualty
    assert casualty is not None
    contract, months = lay_out_contract(scenario), np.arange(closed.terms.deal.last_month + 1)
    batches = scenario.fleet.batch.values()
    whole = sum(batch.units * scenario.fleet.weight(batch) for batch in batches)
    if scenario.lease.early_termination:
        owed = stipulated_loss(scenario, contract.expected, contract.completion, contract.contract_end)
        return np.asarray(owed / whole)
    cost = sum(batch.units * batch.unit_cost for batch in batches) / whole
    life = casualty.book_life or scenario.lease.term
    return np.asarray(cost * np.clip(1 - (months - contract.completion) / life, 0, 1))


@pytest.mark.parametrize("kind", KINDS)
def test_units_and_insurance_are_those_of_slow_python(kind: str) -> None:
    closed = closed_of(*KINDS[kind])
    scenario, rows, deal = closed.scenario, rows_of(closed), closed.terms.deal
    casualty, price = scenario.fleet.casualty, rows["price"]
    assert casualty is not None
    agreed, kc = insured_value(closed), deal.completion
    batches = scenario.fleet.batch.values()
    units = sum(batch.units for batch in batches)
    weight = sum(batch.units * scenario.fleet.weight(batch) for batch in batches) / units
    new_for_old = 1 - scenario.gpu_price.day_one_discount
    happened = 0
    for path in range(PATHS):
        due = np.zeros(deal.last_month + 1)
        before = float(units)
        for k in range(kc + 1, deal.last_month + 1):
            at = (k, path)
            count = stats.poisson.ppf(uniform(SEED, path, k, CASUALTY_BLOCK), casualty.rate / 12)
            owned = before > 0 and (rows["units"][k - 1 :, path] > 0).any()
            left = (1 - casualty.loss) ** count if owned or k == kc + 1 else 1.0
            destroyed = (1 - left) * before
            assert rows["units_destroyed"][at] == pytest.approx(destroyed, rel=1e-12, abs=1e-6), at
            if scenario.lease.rent_start == "common":  # else batches leave one after the other
                value = agreed[k]
                if casualty.covers_replacement:
                    value = max(value, price[at] / new_for_old)
                claim = max(weight * destroyed * value - count * casualty.deductible, 0.0)
                due[min(k + casualty.payment_lag, deal.last_month)] += claim if casualty.insured else 0.0
                assert rows["insurance"][at] == pytest.approx(due[k], rel=1e-12, abs=1e-3), at
            before = rows["units"][at]
            happened += count > 0
    assert happened > PATHS


@pytest.mark.parametrize("kind", KINDS)
def test_identities_hold_and_shared_months_are_those_of_each_path_alone(kind: str) -> None:
    closed = closed_of(*KINDS[kind])
    months, names = closed.terms.deal.last_month + 1, closed.columns
    alone = np.empty((len(names), PATHS))
    ledger = np.empty(months * len(closed.ledger_rows) * PATHS)
    ready = make_ready(closed.terms)
    launch(ready, SEED, 0, PATHS, WIDTH, alone, 0, np.zeros((2, months, SLOTS)), ledger, PATHS)
    columns = run_chunk(closed.terms, SEED, 0, PATHS, WIDTH).columns
    assert np.array_equal(columns, alone, equal_nan=True)
    assert columns[names.index("spv.breach")].max() <= 1e-9
    rows = rows_of(closed)
    lost = (rows["units_lost"] + rows["units_destroyed"])[closed.terms.deal.completion + 1 :].sum(axis=0)
    np.testing.assert_allclose(columns[names.index("spv.units_lost")], lost, atol=1e-6)


@pytest.mark.parametrize("kind", ["abating", "at book"])
def test_rent_abates_or_not_as_the_lease_says(kind: str) -> None:
    closed = closed_of(*KINDS[kind])
    rows, kc = rows_of(closed), closed.terms.deal.completion
    whole = rows_of(close(base("x-base", *SHORT, *HAZARD)))
    share = rows["working_share"] if kind == "abating" else 1.0
    np.testing.assert_allclose(rows["rent"][kc + 1 :], (share * whole["rent"])[kc + 1 :], rtol=1e-12)
    assert (rows["working_share"][kc + 1 :] < 1).any()


@pytest.mark.skipif(PLAIN, reason="one width")
def test_any_width_of_lanes_gives_the_same_bytes() -> None:
    terms = closed_of(*KINDS["failing too"]).terms
    wide, narrow = (run_chunk(terms, SEED, 0, 300, lanes).columns for lanes in (LANES, 1))
    assert wide.tobytes() == narrow.tobytes()


def test_no_casualties_are_no_table_bit_for_bit() -> None:
    """At a rate of zero, and with the fleet's own kernel at work on casualties that never come."""
    plain, zero = close(base("x-base", *SHORT, *HAZARD)), closed_of(f"{CASUALTY}.rate=0 /year")
    assert not zero.terms.deal.assets.fleet.active
    working = closed_of(*COVERED).terms
    never = working.market.failures.casualty._replace(count_cdf=np.ones(1))
    failures = working.market.failures._replace(casualty=never)
    at_work = Terms(working.market._replace(failures=failures), working.deal, working.hurdle)
    results = [run_chunk(terms, SEED, 0, 500, WIDTH) for terms in (plain.terms, zero.terms, at_work)]
    for other in results[1:]:
        assert other.columns.tobytes() == results[0].columns.tobytes()
    assert results[1].flow_sums.tobytes() == results[0].flow_sums.tobytes()


def test_no_other_draw_changes() -> None:
    mine, theirs = rows_of(closed_of(*FAILS)), rows_of(close(base("x-base", *SHORT, *HAZARD, *FAILS)))
    kc = base("x-base").grid.construction
    np.testing.assert_array_equal(mine["default_month"], theirs["default_month"])
    sold = theirs["sale"][kc + 1 :] > 0
    np.testing.assert_array_equal(mine["price"][kc + 1 :][sold], theirs["price"][kc + 1 :][sold])


def test_units_decay_and_the_insurer_pays_as_the_closed_forms() -> None:
    """E[(1 - l)^N] = exp(-λ l t), its square alike; E[Σ insurance] = n Σ book_k (L_{k-1} - L_k)."""
    closed = closed_of("credit.hazard=0 %/year", *AT_BOOK)
    kc, end = closed.terms.deal.completion, closed.terms.deal.assets.lease.contract_end
    rate, loss = 1.5 / 12, 0.2
    rows = rows_of(closed, MANY)
    months = np.arange(end - kc + 1)
    left = np.exp(-rate * loss * months)
    for k in (1, 12, end - kc - 1):
        variance = math.exp(-rate * (1 - (1 - loss) ** 2) * k) - left[k] ** 2
        units = rows["units"][kc + k] / UNITS
        assert abs(units.mean() - left[k]) <= 4 * math.sqrt(variance / MANY)
    paid = rows["insurance"][kc + 1 :].sum(axis=0)
    expected = UNITS * float((insured_value(closed)[kc + 1 : end + 1] * -np.diff(left)).sum())
    assert abs(paid.mean() - expected) <= 4 * paid.std(ddof=1) / math.sqrt(MANY)
    late = rows_of(closed_of("credit.hazard=0 %/year", *AT_BOOK, f"{CASUALTY}.payment_lag=9 months"), MANY)
    np.testing.assert_allclose(late["insurance"][kc + 1 :].sum(axis=0), paid, rtol=1e-12)


def test_the_base_case_loses_and_is_paid_what_is_expected() -> None:
    closed = closed_of(*AT_BOOK)
    case, kc = run_base_case(closed), closed.terms.deal.completion
    end = closed.terms.deal.assets.lease.contract_end
    left = np.exp(-1.5 / 12 * 0.2 * np.arange(end - kc + 1))
    np.testing.assert_allclose(case.ledger["units"][kc + 1 : end], UNITS * left[1:-1], rtol=1e-12)
    paid = UNITS * -np.diff(left) * insured_value(closed)[kc + 1 : end + 1]
    np.testing.assert_allclose(case.ledger["insurance"][kc + 1 : end + 1], paid, rtol=1e-12, atol=1e-3)


def test_more_insurance_leaves_the_shareholders_more() -> None:
    """Path by path, after the lessee is gone for good or not: cash never harms who is behind the debt."""
    column = closed_of().columns.index("equity.npv")
    kinds = ((f"{CASUALTY}.insured=false",), (*COVERED, *AT_BOOK), AT_BOOK, ())
    npv = [run_chunk(closed_of(*sets).terms, SEED, 0, MANY, WIDTH).columns[column] for sets in kinds]
    uses = float(closed_of().table.uses.sum())
    for less, more in pairwise(npv):
        assert (more - less).min() >= -1e-9 * uses
        assert (more > less).any()
