"""How the short rate's step moves with credit, GPU price and lease rate: its rows of the step's factor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.hull_white import HullWhite, step_law
from spv_sim.closing.loadings import loadings
from spv_sim.market.short_rate import ShortRateLoadings

if TYPE_CHECKING:
    from spv_sim.scenario.correlation import Correlation

Array = NDArray[np.float64]

STEP = 1 / 12
STILL = ShortRateLoadings(0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
"""Of a short rate that moves alone or not at all."""


def decay_integral(speed: float) -> float:
    """Integral of e^{-speed u} over a step [years]."""
    return -math.expm1(-speed * STEP) / speed if speed else STEP


def step_correlations(correlation: Array, lease_speed: float, model: HullWhite) -> Array:
    """Correlations of a step's noises of credit, price, lease rate, short rate and what its integral adds.

    Each noise is an integral of a function of the time u to the end of the step over a Brownian motion: 1 for
    the credit and the log price, e^{-speed u} for the two rates, and for the short rate's integral
    (1 - e^{-a u})/a less its part that the rate itself explains.

    Parameters
    ----------
    correlation : (4, 4) float64, of the Brownian motions of credit, price, lease rate and short rate.
    lease_speed : mean reversion of the log lease rate [1/year].

    Returns
    -------
    (5, 5) float64 [1].

    Source
    ------
    Model 3.0: the covariance of the step vector, not that of the increments.
    """
    a = model.mean_reversion
    law = step_law(HullWhite(a, 1.0), STEP)
    explained = law.covariance / law.variance
    alone = law.integral_variance - explained * law.covariance
    speeds = [0.0, 0.0, lease_speed, a]
    overlap = np.empty((5, 5))
    for row, one in enumerate(speeds):
        for column, other in enumerate(speeds):
            overlap[row, column] = decay_integral(one + other)
        with_both = decay_integral(one + a)
        overlap[row, 4] = overlap[4, row] = (decay_integral(one) - with_both) / a - explained * with_both
    overlap[3, 4] = overlap[4, 3] = 0.0
    overlap[4, 4] = alone
    drivers = np.array([0, 1, 2, 3, 3])
    size = np.sqrt(np.diag(overlap))
    return np.asarray(correlation[np.ix_(drivers, drivers)] * overlap / np.outer(size, size))


def short_rate_loadings(
    correlation: Correlation, lease_speed: float, model: HullWhite, credit_walks: bool = False
) -> ShortRateLoadings:
    """The rows of the short rate and of its integral.

    Parameters
    ----------
    lease_speed : mean reversion of the log lease rate [1/year].
    credit_walks : whether the lessee's credit has a normal each month, that others can load on.
    """
    if model.volatility == 0:
        return STILL
    drivers = ("lessee_credit", "gpu_price", "lease_rate", "short_rate")
    brownian = np.array([[1.0 if a == b else correlation.between(a, b) for b in drivers] for a in drivers])
    if not credit_walks:
        brownian[0, 1:] = brownian[1:, 0] = 0.0
    factor = loadings(step_correlations(brownian, lease_speed, model))
    return ShortRateLoadings(*(float(value) for value in (*factor[3, :4], *factor[4])))
