"""Scenarios of every credit engine, and the market step alone over many paths."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from spv_sim.closing.close import close
from spv_sim.engine.terms import Terms
from spv_sim.kernel.jit import kernel
from spv_sim.kernel.lanes import paths, store, width_of
from spv_sim.market.market import (
    MarketTerms,
    draw_default_month,
    move_market,
    observe,
    open_market,
)
from tests.closing.deals import base

SEED = 7
CIR_TABLE = (
    'credit.cir={ level = "4 %%", half_life = "17 months", initial = "%s", volatility = "%s %%/sqrt(year)" }'
)
CIR, WILD = CIR_TABLE % ("2 %", 12), CIR_TABLE % ("1 %", 50)
SHOCK_TABLE = 'credit.regulatory={ events = "%s /year", severity = "6 %%", half_life = "%s months"%s }'
SHOCKS = SHOCK_TABLE % (0.4, 17, "")
ON_TOP = SHOCK_TABLE % (30, 9, ", curve_includes = false")
RISING = 'credit.hazard=["8 %", "9 %", "11 %", "12 %", "12 %"]'
LATE = 'credit.hazard=["0 %", "9 %", "0 %", "12 %", "40 %"]'
ASSETS = (
    'credit.black_cox={ asset_value = "100 bn USD", barrier = "45 bn USD", asset_growth = "6 %", '
    'barrier_growth = "3 %", volatility = "35 %/sqrt(year)" }'
)
COUPLED = "correlation.lessee_credit={ gpu_price = 0.4, lease_rate = 0.3 }"

ENGINES: dict[str, tuple[str, ...]] = {
    "hazard": ("e4", RISING),
    "first passage": ("e4", RISING, "credit.engine=first_passage"),
    "first passage, quarters": ("vci-h100", LATE, "credit.engine=first_passage", COUPLED),
    "black cox": ("e5a",),
    "black cox, quarters": ("vci-h100", "credit.engine=black_cox", ASSETS, COUPLED),
    "cir": ("e4", RISING, "credit.engine=cir", CIR),
    "cir, wild": ("e4", RISING, "credit.engine=cir", WILD),
    "shocks": ("e4", RISING, SHOCKS),
    "shocks on top": ("e4", RISING, ON_TOP),
    "cir and shocks": ("vci-h100", "credit.hazard=12 %", "credit.engine=cir", CIR, SHOCKS),
}


def terms_of(name: str) -> Terms:
    deal, *sets = ENGINES[name]
    return close(base(deal, *sets)).terms


@kernel
def draw_defaults(width: Any, terms: MarketTerms, seed: Any, n: int, out: Any) -> None:
    """Default months of paths 0 to n - 1."""
    for first in range(0, n, width_of(paths(width, 0))):
        store(out, first, draw_default_month(terms, seed, paths(width, first)))


@kernel
def run_market(width: Any, terms: MarketTerms, seed: Any, n: int, months: int, out: Any) -> None:
    """Rows of n: default month, then price and lease rate after `months`."""
    for first in range(0, n, width_of(paths(width, 0))):
        path = paths(width, first)
        state = open_market(terms, seed, path, draw_default_month(terms, seed, path))
        for month in range(1, months + 1):
            state = move_market(terms, month, seed, path, state)
        market = observe(terms, months, state, True)
        store(out, first, state.default_month)
        store(out, n + first, market.price)
        store(out, 2 * n + first, market.lease_rate)


def default_months(terms: MarketTerms, n: int, lanes: int = 16) -> np.ndarray:
    out = np.empty(n)
    draw_defaults((0,) * lanes, terms, np.uint64(SEED), n, out)
    return out


def market_rows(terms: MarketTerms, n: int, months: int, lanes: int = 16) -> np.ndarray:
    out = np.empty(3 * n)
    run_market((0,) * lanes, terms, np.uint64(SEED), n, months, out)
    return out.reshape(3, n)


if __name__ == "__main__":
    rows = {name: market_rows(terms_of(name).market, 48, 60, 1).tolist() for name in ENGINES}
    json.dump(rows, sys.stdout)
