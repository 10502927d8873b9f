"""Lessee credit: the month of the first unpaid rent, by whichever engine, from the path's address alone."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, where
from spv_sim.kernel.rng import DEFAULT_BLOCK, uniform
from spv_sim.kernel.vmath import log
from spv_sim.market.first_passage import WalkTerms, first_passage
from spv_sim.market.intensity import IntensityTerms, first_reached

NEVER = math.inf

HAZARD = 0
PASSAGE = 1
INTENSITY = 2


class CreditTerms(NamedTuple):
    """The default clock in kernel units.

    engine : HAZARD (a deterministic hazard), PASSAGE (a walk that meets zero) or INTENSITY (a random hazard).
    cumulative_hazard : (months + 1,) float64, -ln of the probability of no unpaid rent up to each month,
        whatever the engine: a default between two rent dates makes the later one the first unpaid [1].
    rent_dates : (months + 1,) float64, first rent date at or after each month, NEVER after the last.
    """

    engine: int
    cumulative_hazard: Any
    rent_dates: Any
    walk: WalkTerms
    intensity: IntensityTerms


@jit
def default_threshold(seed: Any, path: Any) -> Any:
    """Unit exponential that the cumulative hazard has to reach: the one draw of step 0."""
    return -log(uniform(seed, path, 0, DEFAULT_BLOCK))


@jit
def month_reached(cumulative_hazard: Any, threshold: Any) -> Any:
    """First month in which a cumulative hazard has reached the threshold, `NEVER` where it does not."""
    reached = like(threshold, NEVER)
    for month in range(len(cumulative_hazard) - 1, 0, -1):
        reached = where(threshold <= cumulative_hazard[month], 1.0 * month, reached)
    return reached


@jit
def draw_first_unpaid_month(terms: CreditTerms, seed: Any, path: Any) -> Any:
    """Month of the first unpaid rent of a path, `NEVER` where the lessee pays to the end."""
    if terms.engine == PASSAGE:
        unpaid = first_passage(terms.walk, terms.rent_dates, seed, path)
    elif terms.engine == INTENSITY:
        threshold = default_threshold(seed, path)
        unpaid = first_reached(terms.intensity, terms.rent_dates, threshold, seed, path)
    else:
        unpaid = month_reached(terms.cumulative_hazard, default_threshold(seed, path))
    return unpaid
