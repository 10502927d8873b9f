"""Black and Cox's default at closing: an asset value that falls to a growing barrier."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.first_passage import walk_terms
from spv_sim.market.first_passage import WalkTerms

Array = NDArray[np.float64]

STEP = 1 / 12


@dataclass(frozen=True)
class BlackCox:
    """dX = drift dt + volatility dW of the log distance to default; default when X first meets zero.

    Parameters
    ----------
    distance : X at the start, above 0 [1].
    drift : m [1/year].
    volatility : above 0 [1/sqrt(year)].
    """

    distance: float
    drift: float
    volatility: float

    def default_probability(self, years: Array) -> Array:
        """Probability of default up to each time.

        Parameters
        ----------
        years : (n,) float64, since the start, >= 0 [years].

        Source: Black and Cox (1976); reflection principle.
        """
        from scipy.special import log_ndtr

        started = years > 0
        time = np.where(started, years, 1.0)
        spread = self.volatility * np.sqrt(time)
        direct = np.exp(log_ndtr((-self.distance - self.drift * time) / spread))
        weight = -2 * self.drift * self.distance / self.volatility**2
        reflected = np.exp(weight + log_ndtr((-self.distance + self.drift * time) / spread))
        return np.where(started, np.minimum(direct + reflected, 1.0), 0.0)

    def weighted_by_price(self, correlation: float, price_volatility: float) -> BlackCox:
        """The law under weights P_T / E[P_T] of a lognormal price whose increments are correlated.

        E[(P_T / E P_T) 1{default up to T}] is the default probability of this law.

        Source: model 4.6; Girsanov's theorem.
        """
        return replace(self, drift=self.drift + correlation * self.volatility * price_volatility)

    def terms(self, years: Array) -> WalkTerms:
        """Kernel terms; `years` since the start by month, (months,) float64, 0 before it."""
        moves = np.diff(years, prepend=0.0)
        return walk_terms(self.distance, self.drift * moves, self.volatility**2 * moves)


def black_cox_of_assets(
    asset_value: float, barrier: float, growth: float, volatility: float, barrier_growth: float
) -> BlackCox:
    """The distance of dV/V = growth dt + volatility dW to a barrier that grows at `barrier_growth`.

    Source: model 4.6: x0 = ln(V0/B0), m = growth - volatility^2/2 - barrier_growth.
    """
    drift = growth - volatility**2 / 2 - barrier_growth
    return BlackCox(math.log(asset_value / barrier), drift, volatility)
