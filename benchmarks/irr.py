"""Internal rates of return in lanes against pyxirr, path by path, on the flows of the base scenario."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyxirr
from numpy.typing import NDArray

from benchmarks.row import Goal, Row, at_least, compare
from benchmarks.scenario import base_deal, base_terms
from spv_sim.bench.timing import interleave
from spv_sim.engine.cpu import LANES, ledgers
from spv_sim.kernel.irr import OK, irr
from spv_sim.kernel.jit import guarded, kernel
from spv_sim.kernel.lanes import paths, store

Array = NDArray[np.float64]

NANO = 1e9
AGREEMENT = 1e-10
"""Largest difference of two effective annual rates: far above rounding, far below a basis point."""


@kernel
def solve(width: Any, flows: Any, n_flows: int, last_call: int, rates: Any, flags: Any) -> None:
    """Rates and flags of blocks of paths, each block month-major."""
    lanes = len(width)
    for start in range(0, rates.size, lanes):
        block = flows[start * n_flows : (start + lanes) * n_flows]
        rate, flag = irr(block, n_flows, last_call, paths(width, 0))
        store(rates, start, rate)
        store(flags, start, flag)


def equity_flows(n_paths: int) -> Array:
    """(n_paths, months + 1) flows of the shareholders of the first paths [USD]."""
    deal = base_terms().deal
    paid = ledgers(base_terms(), base_deal().ledger_rows, 0, 0, n_paths)["dist"]
    paid[: deal.completion + 1] = deal.equity.net_flow[: deal.completion + 1, None]
    return np.ascontiguousarray(paid.T)


def compare_solvers(name: str, rows: Array, last_call: int, goal: Goal, quick: bool) -> Row:
    """Row of one set of flows, (n_paths, n_flows) with whole blocks of lanes.

    Raises
    ------
    RuntimeError : the two solvers disagree about a path that ours calls certain.
    """
    n_paths, n_flows = rows.shape
    buffer = rows.reshape(-1, LANES, n_flows).transpose(0, 2, 1).ravel()
    rates, flags = np.empty(n_paths), np.empty(n_paths)
    few = rows[: 64 if quick else 512]

    def in_lanes() -> None:
        guarded(lambda: solve((0,) * LANES, buffer, n_flows, last_call, rates, flags))

    def one_by_one() -> list[float | None]:
        return [pyxirr.irr(row, silent=True) for row in few]

    in_lanes()
    monthly = np.array([np.nan if rate is None else rate for rate in one_by_one()])
    certain = (flags[: len(few)] == OK) & ~np.isnan(monthly)
    apart = np.abs((1 + monthly) ** 12 - 1 - rates[: len(few)])[certain]
    if apart.size == 0 or apart.max() > AGREEMENT:
        raise RuntimeError(f"rates that differ by {apart.max(initial=0.0)} on {apart.size} paths")
    ours, theirs = interleave(in_lanes, one_by_one, repetitions=3 if quick else 15)
    note = f"{apart.size} of {len(few)} compared, apart by at most {apart.max():.0e}"
    return compare(
        name,
        "ns/IRR",
        [NANO * seconds / n_paths for seconds in ours],
        [NANO * seconds / len(few) for seconds in theirs],
        goal,
        note,
        is_gain=True,
    )


def measure(quick: bool) -> list[Row]:
    """Time per IRR of flows that lie ready for each solver; one thread (`thread_time`)."""
    rows = equity_flows(256 if quick else 4096)
    last_call = base_terms().deal.equity.last_call
    late = rows.copy()
    late[:, 30] -= 0.2 * np.abs(rows[:, 0])
    return [
        compare_solvers("IRR: pyxirr / lanes, equity flows", rows, last_call, at_least(500), quick),
        compare_solvers("IRR: pyxirr / lanes, with a late call", late, last_call, at_least(100), quick),
    ]
