"""The probability of an event at which a value that it decides is nothing on average."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from spv_sim.results.estimate import Estimate, undefined_estimate
from spv_sim.results.intervals import student_bound
from spv_sim.results.stakeholder import Array


def break_even(values: Array, happens: NDArray[np.bool_], unit: str = "share") -> Estimate:
    """p = a / (a − b) with a the mean value without the event and b with it; delta method.

    Parameters
    ----------
    values : (paths,) float64.  happens : (paths,) bool.

    Limits
    ------
    What happens at the event and its month stay as they are simulated; only how often it happens moves.
    """
    without, with_it = values[~happens], values[happens]
    if len(without) == 0 or len(with_it) == 0:
        return undefined_estimate(unit, "undefined: the lessee defaults on all paths or on none", len(values))
    a, b = float(without.mean()), float(with_it.mean())
    if a <= 0.0 or b >= 0.0:
        worth = "positive with a default too" if b >= 0.0 else "not positive without a default either"
        return undefined_estimate(unit, f"undefined: the value is {worth}", len(values))
    least = min(len(without), len(with_it))
    error = math.nan
    if least > 1:
        spread = b * b * float(without.var(ddof=1)) / len(without)
        spread += a * a * float(with_it.var(ddof=1)) / len(with_it)
        error = math.sqrt(spread) / (a - b) ** 2
    reach = student_bound(least - 1) * error
    value = a / (a - b)
    return Estimate(value, error, (value - reach, value + reach), len(values), {}, unit)
