"""Expectations of what is cut off at a strike, under a lognormal law: Black's formulas, undiscounted."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

normal_cdf = np.vectorize(lambda z: 0.5 * math.erfc(-z / math.sqrt(2)), otypes=[np.float64])


def call(forward: ArrayLike, strike: float, deviation: ArrayLike) -> Array:
    """E[max(X - strike, 0)] of a lognormal X.

    Parameters
    ----------
    forward : (n,) float64, E[X], >= 0.
    strike : what X has to exceed; at or below 0 the whole of X less the strike is expected.
    deviation : (n,) float64, standard deviation of ln X, >= 0.

    Source: Black (1976), without the discount factor.
    """
    mean, spread = np.broadcast_arrays(
        np.asarray(forward, dtype=np.float64), np.asarray(deviation, dtype=np.float64)
    )
    certain = (spread == 0) | (mean == 0)
    if strike <= 0:
        return np.asarray(mean - strike)
    safe = np.where(certain, 1.0, spread)
    d = np.log(np.where(certain, strike, mean) / strike) / safe + safe / 2
    value = mean * normal_cdf(d) - strike * normal_cdf(d - safe)
    return np.asarray(np.where(certain, np.maximum(mean - strike, 0.0), value))


def put(forward: ArrayLike, strike: float, deviation: ArrayLike) -> Array:
    """E[max(strike - X, 0)] of a lognormal X."""
    return np.asarray(call(forward, strike, deviation) - np.asarray(forward) + strike)


def collar(
    forward: ArrayLike, deviation: ArrayLike, share: float, cost: float, floor: float, cap: float
) -> Array:
    """E[min(max(share (X - cost), floor), cap)] of a lognormal X: the floor and a call spread on it.

    Source: model 6.1.
    """
    low = cost + floor / share
    value = floor + share * call(forward, low, deviation)
    if math.isinf(cap):
        return np.asarray(value)
    return np.asarray(value - share * call(forward, max(cost + cap / share, low), deviation))
