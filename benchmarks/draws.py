"""Counts the normals that the engine really draws: replays when the market moves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from spv_sim.engine.summing import BLOCK
from spv_sim.engine.terms import Terms

Array = NDArray[np.float64]


def normals_of(terms: Terms) -> int:
    """Normals of a month in which the market moves."""
    market = terms.market
    jumps = len(market.gpu_price.jump_count_cdf) > 0
    rates = market.short_rate.step_volatility > 0.0
    return 2 + jumps + 2 * rates + market.follows_credit + (market.utilisation.step_volatility > 0.0)


def lane_order(terms: Terms, default_months: Array) -> NDArray[np.int64]:
    """Paths in the order in which lanes take them up: in each block, those that default first in front."""
    starts = range(0, default_months.size, BLOCK)
    return np.concatenate([s + np.argsort(default_months[s : s + BLOCK], kind="stable") for s in starts])


def sale_months(terms: Terms, default_months: Array) -> Array:
    """Month in which each path's units are sold, (n_paths,): the lease's last one without a default."""
    workout, lease_end = terms.deal.assets.workout, float(terms.deal.assets.lease.last_month)
    ready = default_months + workout.downtime
    if workout.remarkets:
        ready = np.maximum(ready, lease_end)
    return np.where(default_months < math.inf, np.minimum(ready, float(terms.deal.last_month)), lease_end)


def count_normals(terms: Terms, default_months: Array, lanes: int) -> int:
    """Normals drawn for paths 0, 1, … that fill whole blocks of `lanes`.

    The market moves for all lanes in every month up to the lease's last, and after it while any of them still
    owns units; where debt floats it moves beyond, which is not counted. Nor are the draws of the default.

    Parameters
    ----------
    default_months : (n_paths,) the engine's column `lessee.default_month`, infinite without a default.
    """
    order = lane_order(terms, default_months)
    sold = sale_months(terms, default_months)[order].reshape(-1, lanes).max(axis=1)
    return int(normals_of(terms) * np.maximum(sold, terms.deal.assets.lease.last_month).sum()) * lanes
