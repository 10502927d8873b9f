"""Every kind of contract against slow, obvious Python on random paths, and what all of them must keep to."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from spv_sim.closing.close import close
from spv_sim.closing.utilisation_terms import mean_utilisation
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import LANES, launch, make_ready, run_chunk
from spv_sim.engine.summing import SLOTS
from spv_sim.kernel.jit import PLAIN
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import read
from tests.closing.deals import GOLDEN
from tests.months import months_of
from tests.spv.asset_oracle import NAMES, run_assets

PATHS = 8 if PLAIN else 64
WIDTH = 1 if PLAIN else LANES
"""Plain Python has one lane."""
MARKET = (
    "gpu_price.volatility=35 %/sqrt(year)",
    "lease_rate.volatility=40 %/sqrt(year)",
    "credit.hazard=15 %/year",
    "lease.term=24 months",
    "capital.tranche.senior.tenor=24 months",
    "capital.debt_share=30 %",
    "grid.tail=12 months",
)
LIQUIDATE = "workout.mode=liquidate"
GUARANTEE = "lease.residual_value_guarantee.amount=14_000 USD"
STAGGERED = ("lease.rent_start=per_batch", "fleet.batch.first.acceptance_lag=2 months")
USE = (
    "utilisation.initial=90 %",
    "utilisation.mean_level=60 %",
    "utilisation.half_life=6 months",
)
INDEX = (
    "lease.index.of_market=0.9x",
    "lease.index.floor=0.80 USD/GPU-hour",
    "lease.index.cap=1.60 USD/GPU-hour",
)
END = "lease.end_of_term"
KINDS: dict[str, tuple[str, ...]] = {
    "steps": ('lease.steps={ "6 months" = "1.1x", "12 months" = "0.8x" }',),
    "rate factor": ("lease.rate_factor=3 %/month",),
    "advance": ("lease.timing=advance", "lease.escalation=-6 %"),
    "hybrid": (*INDEX, "lease.index.weight=40 %"),
    "hybrid yearly": (*INDEX, "lease.index.weight=40 %", "lease.index.reset_every=12 months"),
    "hybrid in advance": (*INDEX, "lease.index.weight=70 %", "lease.timing=advance"),
    "hybrid by quarter": (
        *INDEX,
        "lease.index.weight=70 %",
        "lease.index.basis=net",
        "lease.index.reset_every=6 months",
        "lease.payment_every=3 months",
        "lease.timing=advance",
    ),
    "used hours": (*USE, "lease.billing=used", "lease.commitment=70 %"),
    "used hours, indexed": (*USE, *INDEX, "lease.index.weight=50 %", "lease.billing=used", LIQUIDATE),
    "per batch": (*STAGGERED, GUARANTEE, LIQUIDATE, "lease.residual_value_guarantee.on_default=true"),
    "per batch, re-let": (*STAGGERED, GUARANTEE, *INDEX, "lease.index.weight=30 %"),
    "per batch, by quarter": (
        "lease.rent_start=per_batch",
        "fleet.batch.second.acceptance_lag=2 months",
        *INDEX,
        "lease.index.weight=50 %",
        "lease.index.reset_every=3 months",
        "lease.payment_every=3 months",
    ),
    "per batch, bought": (*STAGGERED, f"{END}.option=fixed_price", f"{END}.price=12_000 USD"),
    "guarantee": (
        GUARANTEE,
        "lease.residual_value_guarantee.coverage=80 %",
        "lease.residual_value_guarantee.cap=900 m USD",
        "workout.shrinkage=5 %",
    ),
    "lessee's guarantee": (GUARANTEE, "lease.residual_value_guarantee.guarantor=lessee"),
    "fixed price": (f"{END}.option=fixed_price", f"{END}.price=12_000 USD", GUARANTEE),
    "fair market value": (f"{END}.option=fair_market_value",),
    "bargain": (f"{END}.option=bargain",),
    "renewal": (
        f"{END}.renewal_months=6 months",
        f"{END}.renewals=2",
        f"{END}.renewal_floor=1.60 USD/GPU-hour",
        f"{END}.re_let=6 months",
        f"{END}.re_let_after=2 months",
        GUARANTEE,
    ),
    "renewal, forced sale": (f"{END}.renewal_months=12 months", LIQUIDATE, "credit.hazard=40 %/year"),
    "re-let": (f"{END}.re_let=12 months", "capital.tranche.senior.tenor=36 months", *USE, GUARANTEE),
    "bought or re-let": (
        f"{END}.re_let=12 months",
        f"{END}.option=fixed_price",
        f"{END}.price=12_000 USD",
        "lease.triple_net=true",
        LIQUIDATE,
    ),
    "prepaid": ("lease.deposit.kind=prepaid_last", "lease.deposit.months=3 months"),
    "terminated": (
        "lease.early_termination.month=16 months",
        'lease.early_termination.stipulated_loss={ "12 months" = "60 %" }',
        "lease.early_termination.fee=5 m USD",
    ),
    "slow sale": (
        LIQUIDATE,
        "workout.liquidation_months=4 months",
        "workout.market_depth=200_000",
        "workout.price_impact=20 %",
        "grid.tail=2 months",
        "workout.shrinkage=3 %",
    ),
}


def load(*sets: str) -> Scenario:
    return read(GOLDEN / "x-base.toml", [*MARKET, *sets]).scenario


def ledger_of(scenario: Scenario, paths: int = PATHS) -> dict[str, NDArray[np.float64]]:
    return months_of(close(scenario), 5, 0, paths, WIDTH)


@pytest.mark.parametrize("kind", KINDS)
def test_the_units_bring_what_the_contract_says(kind: str) -> None:
    scenario = load(*KINDS[kind])
    ledger, kc = ledger_of(scenario), scenario.grid.construction
    room = 1e-9 * 2e10
    use = mean_utilisation(scenario.utilisation, len(ledger["price"]) - 1).tolist()
    met = dict.fromkeys(NAMES, 0)
    for path in range(PATHS):
        default = ledger["default_month"][-1, path]
        rows = run_assets(
            scenario,
            ledger["price"][:, path].tolist(),
            ledger["lease_rate"][:, path].tolist(),
            use,
            None if math.isinf(default) else int(default),
        )
        assert len(rows) == len(ledger["price"])
        for name in NAMES:
            expected = np.array([row[name] for row in rows])[kc + 1 :]
            met[name] += int((expected != 0).any())
            got = ledger[name][kc + 1 :, path]
            np.testing.assert_allclose(got, expected, rtol=1e-9, atol=room, err_msg=f"{path} {name}")
    assert met["rent"] > 0
    assert met["sale"] + met["purchase"] > 0


@pytest.mark.parametrize("kind", KINDS)
def test_rent_is_due_or_nothing(kind: str) -> None:
    """No rent from the default on, never more than is due, and the identities hold on every path."""
    scenario = load(*KINDS[kind])
    closed = close(scenario)
    ledger = months_of(closed, 5, 0, PATHS, WIDTH)
    months = np.arange(len(ledger["rent"]))[:, None]
    after = (months >= ledger["default_month"][-1]) & (months > scenario.grid.construction)
    assert after.any()
    assert not ledger["rent"][after].any()
    breach = run_chunk(closed.terms, 5, 0, PATHS, WIDTH).columns[
        column_names(closed.tranches).index("spv.breach")
    ]
    assert breach.max() <= 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_the_months_that_paths_share_are_those_of_each_path_alone(kind: str) -> None:
    """With a ledger kept every path runs every month for itself."""
    closed = close(load(*KINDS[kind]))
    months, paths = closed.terms.deal.last_month + 1, 32 if PLAIN else 512
    alone = np.empty((len(column_names(closed.tranches)), paths))
    ledger = np.empty(months * len(closed.ledger_rows) * paths)
    launch(
        make_ready(closed.terms), 5, 0, paths, WIDTH, alone, 0, np.zeros((2, months, SLOTS)), ledger, paths
    )
    assert np.array_equal(run_chunk(closed.terms, 5, 0, paths, WIDTH).columns, alone, equal_nan=True)
