"""The base case: every factor at its mean, no default; what a banker's spreadsheet would show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.breach import refuse_breach
from spv_sim.closing.close import Closed
from spv_sim.closing.market_terms import base_case_market
from spv_sim.engine.cpu import ledgers, run_chunk
from spv_sim.engine.terms import Terms
from spv_sim.results.metric import COVENANT_PREFIX
from spv_sim.results.metrics import find_metric
from spv_sim.results.metrics_fleet import OF_FAILURES

Array = NDArray[np.float64]

UNITS_WORTH = ("sale", "purchase", "termination", "missing", "insurance", "guarantee")
"""What the units bring when they leave the vehicle."""

LABEL = "base case, no default"
SHOWN = (
    "irr",
    "moic",
    "npv",
    "payback",
    "min_dscr",
    "average_dscr",
    "llcr",
    "plcr",
    "loss",
    "yield",
    "wal",
    "wal_from_draws",
    "units_lost",
    "availability",
    "face",
    "coupon",
    "shortfall",
    "equity_paid",
    "premium",
)


@dataclass(frozen=True)
class BaseCase:
    """One path without a draw.

    values : by column name.  ledger : (months + 1,) float64 by name of the engine's ledger.
    """

    values: dict[str, float]
    ledger: dict[str, Array]

    def record(self) -> dict[str, Any]:
        """The `base_case` part of a run document."""
        shown = {name: value for name, value in self.values.items() if name.rpartition(".")[2] in SHOWN}
        units = {name: unit_of(name) for name in shown}
        return {"label": LABEL, "metrics": {n: {"value": v, "unit": units[n]} for n, v in shown.items()}}


def unit_of(column: str) -> str:
    """Unit of a column that the base case shows."""
    own = {"loss": "USD", "face": "USD", "plcr": "x", "wal_from_draws": "years"}.get(
        column.rpartition(".")[2]
    )
    if own is not None:
        return own
    metric = find_metric(column)
    return metric.unit if metric else ""


def run_base_case(closed: Closed) -> BaseCase:
    """Run the base case through the same path source as every other path.

    Raises
    ------
    IdentityError : where an identity of the cash does not hold on it.
    """
    market = base_case_market(closed.scenario, closed.terms.deal.last_month)
    terms = Terms(market, closed.terms.deal, closed.terms.hurdle)
    chunk = run_chunk(terms, seed=0, first_path=0, n_paths=1)
    values = dict(zip(closed.columns, (float(v) for v in chunk.columns[:, 0]), strict=True))
    refuse_breach(np.array([values["spv.breach"]]), None)
    if not closed.terms.deal.assets.fleet.active:
        values = {name: value for name, value in values.items() if name not in OF_FAILURES}
    kept = ledgers(terms, closed.ledger_rows, 0, 0, 1)
    ledger = {name: rows[:, 0] for name, rows in kept.items()}
    return BaseCase(values | further_ratios(closed, values, ledger), ledger)


def failing_tests(closed: Closed, base: BaseCase) -> list[str]:
    """Warnings of covenants that fail in the base case already; sweeps and what is kept are meant to act."""
    told = []
    for name, covenant in closed.scenario.capital.covenant.items():
        month = base.values[f"{COVENANT_PREFIX}{name}.first_breach_month"]
        if covenant.consequence not in ("sweep", "retain") and math.isfinite(month):
            told.append(f"capital.covenant.{name}: fails in month {month:.0f} of the base case already")
    return told


def further_ratios(closed: Closed, values: dict[str, float], ledger: dict[str, Array]) -> dict[str, float]:
    """Ratios that only a path without a draw is asked for.

    PLCR is the LLCR to the end of the units' life with their sale and its guarantee, of the tranche that is
    paid first; the average life from the draws counts each dollar from the month in which it was drawn.

    Source: model 13.3, 13.4.
    """
    deal, facts = closed.terms.deal, closed.capital.tranches
    found = {"spv.plcr": np.nan}
    for of in facts:
        drawn = float(np.arange(len(of.draws)) @ of.draws) / of.commitment if of.commitment else np.nan
        found[f"{of.name}.wal_from_draws"] = values[f"{of.name}.wal"] + (deal.completion - drawn) / 12
    for senior in facts[:1]:
        after = slice(deal.completion + 1, None)
        earned = ledger["rent"] + ledger["merchant"] - ledger["opex"] - ledger["enforcement"]
        income = (earned + sum(ledger[name] for name in UNITS_WORTH))[after]
        worth = float(income @ senior.coupon.discount[after]) / senior.coupon.discount[deal.completion]
        found["spv.plcr"] = worth / senior.commitment if senior.commitment else np.nan
    return found
