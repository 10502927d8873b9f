"""Zero rates, discount factors and forwards of a yield curve."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Curve(Protocol):
    """A yield curve: ln of its discount factors and their slope, as every kind of the scenario gives them."""

    def log_discount(self, years: Array) -> Array:
        """ln of the discount factor by time [1]."""

    def forward(self, years: Array) -> Array:
        """Instantaneous forward rate by time [1/year]."""


def log_discount(curve: Curve, years: ArrayLike) -> Array:
    """ln of the discount factor by time from closing, in the shape of `years` [1]."""
    return _shaped(curve.log_discount, years)


def discount_factor(curve: Curve, years: ArrayLike) -> Array:
    """Value at closing of a dollar at a time [1]."""
    return np.asarray(np.exp(log_discount(curve, years)))


def zero_rate(curve: Curve, years: ArrayLike) -> Array:
    """Continuously compounded zero rate; at time 0 its limit, the short rate [1/year]."""
    times = np.asarray(years, dtype=np.float64)
    later = np.where(times > 0, times, 1.0)
    return np.where(times > 0, -log_discount(curve, later) / later, instantaneous_forward(curve, 0.0))


def instantaneous_forward(curve: Curve, years: ArrayLike) -> Array:
    """Forward rate of an instant, continuously compounded [1/year]."""
    return _shaped(curve.forward, years)


def simple_forward(curve: Curve, start: ArrayLike, end: ArrayLike, accrual: ArrayLike) -> Array:
    """Forward rate of a period, simple: (P(start)/P(end) - 1)/accrual [1/year].

    Parameters
    ----------
    start, end : float64, the period's times from closing [years].
    accrual : float64, its fraction of a year by the rate's day count [years].
    """
    growth = np.expm1(log_discount(curve, start) - log_discount(curve, end))
    return np.asarray(growth / np.asarray(accrual))


def _shaped(of_row: Any, years: ArrayLike) -> Array:
    times = np.asarray(years, dtype=np.float64)
    return np.reshape(of_row(times.ravel()), times.shape)
