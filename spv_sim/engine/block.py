"""A block of paths: lanes after lanes, columns side by side, cash flows summed in an order that no width changes."""

from __future__ import annotations

from typing import Any

from spv_sim.engine.path import Terms, run_path
from spv_sim.kernel.jit import jit, kernel
from spv_sim.kernel.lanes import load, paths, store, width_of

BLOCK = 4096
"""Paths of one block: the unit over which sums are taken, whatever the chunks, threads and lanes."""

SLOTS = 32
"""Partial sums of a block; a multiple of every lane width, so that each slot adds the same paths in order."""


@jit
def add_flows(flows: Any, sums: Any, slot: int, template: Any, counted: int) -> None:
    """Add the lanes' monthly flows to their slots; lanes beyond `counted` do not exist."""
    lanes = width_of(template)
    for month in range(sums.shape[0]):
        if counted == lanes:
            row = sums[month]
            store(row, slot, load(row, slot, template) + load(flows, month * lanes, template))
        else:
            for lane in range(counted):
                sums[month, slot + lane] += flows[month * lanes + lane]


@kernel
def run_block(
    width: Any,
    terms: Terms,
    seed: Any,
    first_path: Any,
    n_paths: int,
    columns: Any,
    flow_sums: Any,
    scratch: Any,
    ledger: Any,
    stride: int,
) -> None:
    """Run `n_paths` from `first_path`, as many at a time as `width` has lanes.

    columns : (n, at least n_paths rounded up to SLOTS) float64, written row by row.
    flow_sums : (2, months + 1, SLOTS) float64, equity and lender flows, added to.
    scratch : (2, (months + 1) * lanes) float64, for the flows of the paths under way.
    ledger : () or (months + 1, fields, stride) float64 flattened, written.
    """
    lanes = len(width)
    equity_flows, lender_flows = scratch[0], scratch[1]
    for offset in range(0, n_paths, lanes):
        path = paths(width, first_path + offset)
        row = run_path(terms, seed, path, equity_flows, lender_flows, ledger, stride, offset)
        for column in range(len(row)):
            store(columns[column], offset, row[column])
        counted = min(lanes, n_paths - offset)
        add_flows(equity_flows, flow_sums[0], offset % SLOTS, row.equity_irr, counted)
        add_flows(lender_flows, flow_sums[1], offset % SLOTS, row.equity_irr, counted)
