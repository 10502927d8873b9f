"""Failing units against the slow oracle path by path, against closed forms in mean, and switched off."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from spv_sim.closing.close import Closed, close
from spv_sim.closing.fleet_terms import monthly_probability
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import LANES, launch, ledgers, make_ready, run_chunk
from spv_sim.engine.summing import SLOTS
from spv_sim.engine.terms import Terms
from spv_sim.kernel.jit import PLAIN
from tests.closing.deals import base
from tests.spv.fleet_oracle import run_units

WIDTH = 1 if PLAIN else LANES
PATHS = 8 if PLAIN else 64
MANY = 200 if PLAIN else 20_000
SEED = 5
SHORT = ("lease.term=24 months", "capital.tranche.senior.tenor=24 months", "capital.debt_share=20 %")
FAILURES = "fleet.failures"
AFR = f"{FAILURES}.annual_rate=20 %/year"
HAZARD = ("credit.hazard=40 %/year",)
SMALL = tuple(f"fleet.batch.{name}.units={400 * n}" for n, name in enumerate(("first", "second", "third"), 1))
BATHTUB = (
    f"{FAILURES}.bathtub.early_shape=0.5",
    f"{FAILURES}.bathtub.early_scale=40 years",
    f"{FAILURES}.bathtub.constant_rate=4 %/year",
    f"{FAILURES}.bathtub.wear_shape=3",
    f"{FAILURES}.bathtub.wear_scale=4 years",
)
SPARES = (f"{FAILURES}.spares=20", f"{FAILURES}.spare_lag=2 months", f"{FAILURES}.spare_cost=30_000 USD")
WARRANTY = (f"{FAILURES}.warranty=9 months", f"{FAILURES}.replacement_lag=2 months")
MIXED = (
    "fleet.batch.second.generation=B200",
    "fleet.batch.fourth.generation=own",
    "fleet.generation.own.h100_equivalents=0.4",
)
NET = ("lease.triple_net=true",)
BILLED = (*NET, f"{FAILURES}.return_condition=stipulated_loss", f"{FAILURES}.missing_value=15_000 USD")
LIQUIDATED = (
    "workout.mode=liquidate",
    "workout.liquidation_months=4 months",
    "workout.shrinkage=3 %",
    "grid.tail=12 months",
)
KINDS: dict[str, tuple[str, ...]] = {
    "lost": (AFR,),
    "small cohorts, bathtub": (*SMALL, *BATHTUB),
    "warranty": (AFR, *SMALL, *WARRANTY),
    "warranty at once": (
        AFR,
        *SMALL,
        f"{FAILURES}.warranty=9 months",
        f"{FAILURES}.replacement_lag=0 months",
    ),
    "spares": (AFR, *SMALL, *SPARES, *WARRANTY),
    "mixed generations": (AFR, *SMALL, *SPARES, *MIXED, f"{FAILURES}.common_variance=0.5"),
    "triple net": (AFR, *NET, *SPARES, *SMALL),
    "billed": (AFR, *BILLED, *WARRANTY, *MIXED),
    "abating": (AFR, *NET, "lease.hell_or_high_water=false", f"{FAILURES}.replacement_lag=3 months"),
    "abating, the vehicle's": (AFR, "lease.hell_or_high_water=false", *SPARES),
    "liquidated": (AFR, *LIQUIDATED, *SMALL, *SPARES, *WARRANTY),
    "per batch": (AFR, *BILLED, "lease.rent_start=per_batch", "capital.tranche.senior.tenor=20 months"),
}


def closed_of(*sets: str) -> Closed:
    return close(base("x-base", *SHORT, *HAZARD, *sets))


def rows_of(closed: Closed) -> dict[str, NDArray[np.float64]]:
    return ledgers(closed.terms, closed.ledger_rows, SEED, 0, PATHS, WIDTH)


def without_failures(closed: Closed) -> Closed:
    """The same deal with units that do not fail."""
    sets = {"fleet": closed.scenario.fleet.model_copy(update={"failures": None})}
    sets["lease"] = closed.scenario.lease.model_copy(update={"hell_or_high_water": True})
    return close(closed.scenario.model_copy(update=sets))


@pytest.mark.parametrize("kind", KINDS)
def test_units_and_their_cash_are_the_oracles(kind: str) -> None:
    closed = closed_of(*KINDS[kind])
    scenario, rows, whole = closed.scenario, rows_of(closed), rows_of(without_failures(closed))
    failures, price = scenario.fleet.failures, rows["price"]
    assert failures is not None
    met = 0.0
    for path in range(PATHS):
        default = rows["default_month"][-1, path]
        gone = int(np.flatnonzero(whole["sale"][:, path])[-1])
        months = run_units(scenario, SEED, path, None if math.isinf(default) else int(default), gone)
        for k in range(scenario.grid.construction + 1, gone + 1):
            row, at = months[k], (k, path)
            for name, expected in (
                ("units", row.units),
                ("units_failed", row.failed),
                ("units_replaced", row.replaced),
                ("units_lost", row.lost),
            ):
                assert rows[name][at] == pytest.approx(expected, abs=1e-6), (name, k, path)
            cost = failures.spare_cost or 0.0
            assert rows["spares"][at] == pytest.approx(cost * row.bought, abs=1e-3), k
            share = 1.0 if scenario.lease.hell_or_high_water else row.share
            assert rows["rent"][at] == pytest.approx(share * whole["rent"][at], rel=1e-12)
            assert rows["merchant"][at] == pytest.approx(row.share * whole["merchant"][at], rel=1e-12)
            performing = k < default
            sold = row.returned_share if performing else row.share
            by_force = scenario.workout.mode == "liquidate" and not performing
            cut = scenario.gpu_price.liquidation_cost if by_force else scenario.gpu_price.sell_cost
            extra = row.spares * price[at] * (1 - cut)
            assert rows["sale"][at] == pytest.approx(sold * whole["sale"][at] + extra, rel=1e-12)
            owed = (failures.missing_value or 0.0) * row.missing if performing else 0.0
            assert rows["missing"][at] == pytest.approx(owed, rel=1e-12, abs=1e-3)
            met += row.failed
    assert met > 0


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
    lost = rows_of(closed)["units_lost"][closed.terms.deal.completion + 1 :].sum(axis=0)
    np.testing.assert_allclose(columns[names.index("spv.units_lost")], lost, atol=1e-6)


@pytest.mark.skipif(PLAIN, reason="one width")
@pytest.mark.parametrize("kind", ["spares", "mixed generations"])
def test_any_width_of_lanes_gives_the_same_bytes(kind: str) -> None:
    terms = closed_of(*KINDS[kind]).terms
    wide, narrow = (run_chunk(terms, SEED, 0, 300, lanes).columns for lanes in (LANES, 1))
    assert wide.tobytes() == narrow.tobytes()


def test_no_failures_are_no_table_bit_for_bit() -> None:
    """At a rate of zero, and with the fleet's own kernel at work on a probability of zero."""
    plain, zero = closed_of(), closed_of(f"{FAILURES}.annual_rate=0 %/year")
    assert not zero.terms.deal.assets.fleet.active
    working = closed_of(AFR, *WARRANTY).terms
    none = working.market.failures._replace(probability=np.zeros_like(working.market.failures.probability))
    at_work = Terms(working.market._replace(failures=none), working.deal, working.hurdle)
    results = [run_chunk(terms, SEED, 0, 500, WIDTH) for terms in (plain.terms, zero.terms, at_work)]
    for other in results[1:]:
        assert other.columns.tobytes() == results[0].columns.tobytes()
    assert results[1].flow_sums.tobytes() == results[0].flow_sums.tobytes()


def test_units_that_nobody_replaces_decay_as_their_closed_form() -> None:
    """n (1 - q)^T units remain after T months, with the binomial variance (model 5.1)."""
    closed = close(base("x-base", *SHORT, AFR, "credit.hazard=0 %/year"))
    kc, end = closed.scenario.grid.construction, closed.terms.deal.assets.lease.contract_end
    n = 500_000
    rows = ledgers(closed.terms, closed.ledger_rows, SEED, 0, MANY, WIDTH)
    for k in (kc + 1, kc + 12, end - 1):
        alive = (1 - monthly_probability(0.20)) ** (k - kc)
        sd = math.sqrt(n * alive * (1 - alive))
        units = rows["units"][k]
        assert abs(units.mean() - n * alive) <= 4 * sd / math.sqrt(MANY)
        assert units.std(ddof=1) == pytest.approx(sd, rel=4 / math.sqrt(2 * MANY))
    lost = run_chunk(closed.terms, SEED, 0, MANY, WIDTH).columns[
        column_names(["senior"]).index("spv.units_lost")
    ]
    alive = (1 - monthly_probability(0.20)) ** (end - kc)
    assert abs(lost.mean() - n * (1 - alive)) <= 4 * math.sqrt(n * alive * (1 - alive) / MANY)


def test_the_base_case_loses_what_is_expected() -> None:
    from spv_sim.analysis.base_case import run_base_case

    closed = closed_of(AFR)
    case, kc = run_base_case(closed), closed.scenario.grid.construction
    end = closed.terms.deal.assets.lease.contract_end
    alive = (1 - monthly_probability(0.20)) ** np.arange(1, end - kc)
    np.testing.assert_allclose(case.ledger["units"][kc + 1 : end], 500_000 * alive, rtol=1e-12)
    worked = np.append(alive, (1 - monthly_probability(0.20)) ** (end - kc))
    assert case.values["spv.availability"] == pytest.approx(worked.mean(), rel=1e-12)
