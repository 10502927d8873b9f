"""Lessee credit: default when the cumulative hazard reaches an exponential threshold drawn once."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, where
from spv_sim.kernel.vmath import log

NEVER = math.inf


class CreditTerms(NamedTuple):
    """The default clock in kernel units.

    cumulative_hazard : (months + 1,) float64, hazard integrated up to the last rent date at or before
        each month: a default between two rent dates makes the later one the first unpaid [1].
    """

    cumulative_hazard: Any


@jit
def default_threshold(uniform: Any) -> Any:
    """Unit exponential that the cumulative hazard has to reach."""
    return -log(uniform)


@jit
def first_unpaid_month(terms: CreditTerms, threshold: Any) -> Any:
    """Month of the first unpaid rent, `NEVER` where the lessee pays to the end."""
    unpaid = like(threshold, NEVER)
    for month in range(len(terms.cumulative_hazard) - 1, 0, -1):
        unpaid = where(threshold <= terms.cumulative_hazard[month], 1.0 * month, unpaid)
    return unpaid
