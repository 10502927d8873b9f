"""Refinancings on drawn paths: who loses, what the new coupon is, identities, lanes."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing import hull_white
from spv_sim.closing.close import close
from spv_sim.closing.hull_white import HullWhite
from spv_sim.engine.cpu import run_chunk
from spv_sim.kernel.jit import PLAIN
from spv_sim.scenario.read import read
from tests.edge_cases.deal_x import LAST
from tests.floating.deals import FILE
from tests.identities import EXACT
from tests.identities_lease import holds
from tests.paths import Paths, run_paths
from tests.spv.refinanced import FIRST, MONTH, NOISE, TABLE, terms
from tests.test_metamorphic import DEAL_X

PATHS = 32 if PLAIN else 512


def paths_of(*sets: str, count: int = PATHS, file: object = DEAL_X) -> Paths:
    """Some paths of a deal with noise."""
    lanes = (1,) if PLAIN else ()
    return run_paths(close(read(file, sets).scenario), count, *lanes)


@pytest.mark.parametrize(
    "sets",
    [
        terms(coupon="9 %", max_ltv="100 %", fee="1 %", dsra="3 months"),
        terms(coupon="9 %", min_dscr="1.2x", cash_out="true", amortisation="bullet"),
        [
            *terms(coupon="14 %", max_ltv="60 %", amortisation="straight_line", tenor="24 months"),
            "capital.tranche.senior.tenor=24 months",
            "capital.tranche.senior.amortisation=bullet",
            "capital.tranche.senior.cash_sweep=50 %",
        ],
    ],
    ids=["reserve", "cash out", "rollover"],
)
def test_the_identities_hold_with_a_new_loan(sets: list[str]) -> None:
    ran = paths_of(*NOISE, TABLE, *sets)
    holds(ran)
    assert (ran.columns["refinancing.face"] > 0).any()


def test_nothing_is_refinanced_where_the_draws_stop_before_completion() -> None:
    ran = paths_of(*NOISE, *terms(coupon="9 %"), "credit.clock=closing", "credit.hazard=60 %/year")
    stopped = ran.columns["lessee.default_month"] < FIRST
    assert stopped.any()
    assert (ran.columns["refinancing.face"] > 0).any()
    assert not ran.columns["refinancing.outcome"][stopped].any()
    assert not ran.columns["refinancing.pv"][stopped].any()
    assert ran.columns["spv.breach"].max() <= EXACT


def test_a_new_lender_loses_what_it_is_not_repaid_and_the_old_one_nothing_any_more() -> None:
    """With the lessee gone after the refinancing the loss is the new lender's alone."""
    ran = paths_of(*NOISE, "workout.mode=liquidate", *terms(coupon="9 %"), "credit.hazard=30 %/year")
    lent = ran.columns["refinancing.face"] > 0
    assert ((ran.columns["refinancing.loss"] > 0) & lent).any()
    assert not ran.columns["senior.loss"][lent].any()
    assert not ran.columns["refinancing.loss"][~lent].any()
    assert (ran.columns["refinancing.outcome"][ran.columns["lessee.default_month"] <= MONTH] == 0).all()


def test_the_coupon_is_the_swap_rate_of_the_path_and_a_spread_of_its_hazard() -> None:
    """Hull and White's bonds at the path's short rate; (1 - 60 %) of 8 % a year twice, as Q is twice P."""
    spread = terms(liquidity_spread="150 bps", recovery_rate="60 %")
    ran = paths_of("credit.hazard=8 %/year", "credit.risk_premium=2", *spread, count=8, file=FILE)
    rates = ran.closed.scenario.rates
    model = HullWhite(rates.mean_reversion, rates.volatility)
    now, dates = MONTH / 12, np.arange(MONTH + 1, LAST + 1) / 12
    rate = ran.ledger["short_rate"][ran.months[:, 0] == MONTH][0]
    x = (rate - hull_white.shift(model, rates.curve, now))[:, None]
    bonds = hull_white.bond(model, rates.curve, now, dates, x)
    swap = (1 - bonds[:, -1]) / (bonds.sum(axis=1) / 12)
    lent = ran.columns["refinancing.face"] > 0
    assert lent.sum() >= 4
    expected = swap + 0.4 * 2 * 0.08 + 0.015
    np.testing.assert_allclose(ran.columns["refinancing.coupon"][lent], expected[lent], rtol=1e-11)
    assert np.ptp(swap[lent]) > 1e-3


def test_a_deal_that_is_not_refinanced_is_the_deal_without() -> None:
    """At 12 % it is never worth it; two loans in one step of the priority round otherwise than one."""
    with_it = paths_of(*NOISE, *terms(coupon="12 %", exercise="if_cheaper"))
    without = paths_of(*NOISE)
    assert set(np.unique(with_it.columns["refinancing.outcome"])) == {0.0, 4.0}
    for name, values in without.columns.items():
        atol = EXACT * with_it.uses if name.endswith(("loss", "pv")) else EXACT
        np.testing.assert_allclose(with_it.columns[name], values, rtol=1e-11, atol=atol, err_msg=name)


@pytest.mark.skipif(PLAIN, reason="plain Python has no lanes")
def test_lanes_and_scalars_agree_bit_for_bit() -> None:
    closed = close(read(DEAL_X, [*NOISE, *terms(coupon="9 %", max_ltv="100 %", dsra="3 months")]).scenario)
    together, alone = (run_chunk(closed.terms, 0, 0, 64, lanes).columns for lanes in (16, 1))
    np.testing.assert_array_equal(together, alone)
