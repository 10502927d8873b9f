"""Counts the normals that the engine really draws: replays when the market moves and when prices jump."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spv_sim.engine.block import BLOCK
from spv_sim.engine.path import Terms
from spv_sim.kernel.jit import guarded, kernel
from spv_sim.kernel.lanes import paths, store, where
from spv_sim.kernel.rng import JUMP_BLOCK, block_words, uniform_of

Array = NDArray[np.float64]

PAIR = 2
"""GPU price and lease rate."""
MOST = PAIR + 1
"""And the size of a jump, where some lane's price jumps in the month."""


@kernel
def mark_jumps(width: Any, seed: Any, first_path: Any, no_jump: float, hits: Any) -> None:
    """Write 1 where a path's price jumps in a month, else 0; hits is (months + 1, n_paths)."""
    for month in range(1, hits.shape[0]):
        for offset in range(0, hits.shape[1], len(width)):
            words = block_words(seed, paths(width, first_path + offset), month, JUMP_BLOCK)
            store(hits[month], offset, where(uniform_of(words) > no_jump, 1.0, 0.0))


def jumps(terms: Terms, seed: int, n_paths: int, lanes: int) -> NDArray[np.bool_]:
    """Which of the first paths jump in which month, (months + 1, n_paths)."""
    hits = np.zeros((terms.deal.last_month + 1, n_paths))
    cdf = terms.market.gpu_price.jump_count_cdf
    if len(cdf) > 0:
        no_jump, width = float(cdf[0]), (0,) * lanes
        guarded(lambda: mark_jumps(width, np.uint64(seed), np.uint64(0), no_jump, hits))
    return np.asarray(hits > 0)


def lane_order(terms: Terms, default_months: Array) -> NDArray[np.int64]:
    """Paths in the order in which lanes take them up: in each block, those that default first in front."""
    own_months = np.minimum(default_months, float(terms.deal.lease.last_month))
    starts = range(0, own_months.size, BLOCK)
    return np.concatenate([s + np.argsort(own_months[s : s + BLOCK], kind="stable") for s in starts])


def sale_months(terms: Terms, default_months: Array) -> Array:
    """Month in which each path's units are sold, (n_paths,): the lease's last one without a default."""
    workout, lease_end = terms.deal.workout, float(terms.deal.lease.last_month)
    ready = default_months + workout.downtime
    if workout.remarkets:
        ready = np.maximum(ready, lease_end)
    return np.where(default_months < math.inf, np.minimum(ready, float(terms.deal.last_month)), lease_end)


def count_normals(terms: Terms, default_months: Array, jumped: NDArray[np.bool_], lanes: int) -> int:
    """Normals drawn for paths 0, 1, … that fill whole blocks of `lanes`.

    The market moves for all lanes in every month up to the lease's last, and after it while any of them still
    owns units; the size of the jumps is drawn for all where any jumps.

    Parameters
    ----------
    default_months : (n_paths,) the engine's column `lessee.default_month`, infinite without a default.
    jumped : (months + 1, n_paths) of `jumps`.
    """
    order = lane_order(terms, default_months)
    sold = sale_months(terms, default_months)[order].reshape(-1, lanes).max(axis=1)
    moves_until = np.maximum(sold, terms.deal.lease.last_month)
    months = np.arange(jumped.shape[0])[:, None]
    moves = (months >= 1) & (months <= moves_until)
    sizes = moves & jumped[:, order].reshape(len(months), -1, lanes).any(axis=2)
    return int(PAIR * moves.sum() + sizes.sum()) * lanes
