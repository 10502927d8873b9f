"""A hazard that is flat between knots, and the survival that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class HazardCurve:
    """A piecewise flat hazard.

    Parameters
    ----------
    knots : (n,) ends of the pieces, increasing, > 0 [years]; the last rate goes on after the last knot.
    rates : (n,) hazard of each piece [1/year].
    """

    knots: tuple[float, ...]
    rates: tuple[float, ...]

    def cumulative(self, years: Array) -> Array:
        """Hazard integrated from 0 to each time [1].

        Parameters
        ----------
        years : (m,) float64, >= 0 [years].
        """
        ends = np.array(self.knots)
        starts = np.concatenate(([0.0], ends[:-1]))
        rates = np.array(self.rates)
        before = np.concatenate(([0.0], np.cumsum(rates * (ends - starts))))
        piece = np.minimum(np.searchsorted(ends, years, side="right"), len(rates) - 1)
        return np.asarray(before[piece] + rates[piece] * (years - starts[piece]))

    def survival(self, years: Array) -> Array:
        """Probability of no default up to each time [1]."""
        return np.exp(-self.cumulative(years))

    def scaled(self, factor: float) -> HazardCurve:
        """The curve with every rate multiplied."""
        return HazardCurve(self.knots, tuple(factor * rate for rate in self.rates))


def yearly_curve(rates: tuple[float, ...]) -> HazardCurve:
    """The curve of one rate for each year."""
    return HazardCurve(tuple(float(year) for year in range(1, len(rates) + 1)), tuple(rates))
