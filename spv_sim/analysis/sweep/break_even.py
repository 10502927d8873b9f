"""Where a metric passes a level on the grid of a sweep: the break-even contour, by linear interpolation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Passing:
    """A place at which a metric passes a level.

    at : value of the setting.  error : standard error of it, that of the metric over its slope; NaN where a
        point of the grid meets the level.
    """

    at: float
    error: float


def passings(settings: Array, values: Array, errors: Array, level: float) -> list[Passing]:
    """Every place along one setting where the metric passes the level.

    Parameters
    ----------
    settings : (n,) values of the setting, in any order.
    values, errors : (n,) metric there and its standard error; NaN where a point has none.

    Limits
    ------
    Linear between neighbouring points, so it errs by the curvature between them; where the metric only
    touches the level between two points, nothing is found. A gap in the values is not bridged.
    """
    order = np.argsort(settings, kind="stable")
    points = [(float(settings[i]), float(values[i]) - level, float(errors[i])) for i in order]
    found = [Passing(at, math.nan) for at, gap, _ in points if gap == 0.0]
    for (low, left, error_low), (high, right, error_high) in pairwise(points):
        if left * right < 0.0:
            share = left / (left - right)
            slope = (right - left) / (high - low)
            # Points share their paths, so that their errors move together: the bound is nearly met.
            error = (1.0 - share) * error_low + share * error_high
            found.append(Passing(low + share * (high - low), error / abs(slope)))
    return sorted(found, key=lambda passing: passing.at)
