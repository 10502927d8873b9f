"""When each batch's rent starts and when the last lease ends, as rules and closing both count it."""

from __future__ import annotations

from spv_sim.scenario.fleet import Batch, Fleet
from spv_sim.scenario.grid import Grid
from spv_sim.scenario.lease import Lease


def rent_start(lease: Lease, batch: Batch, completion: int) -> int:
    """Month in which the first rental month of a batch begins (model 1.2)."""
    return completion if lease.rent_start == "common" else batch.delivery + batch.acceptance_lag


def contract_end(lease: Lease, fleet: Fleet, grid: Grid) -> int:
    """Month in which the last batch's lease ends."""
    starts = [rent_start(lease, batch, grid.construction) for batch in fleet.batch.values()]
    return max(starts) + lease.term
