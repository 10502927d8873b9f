"""Time-changed first passage at closing: the clock on which a Brownian motion has a given default curve."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from spv_sim.market.first_passage import WalkTerms

Array = NDArray[np.float64]

SUREST_DEFAULT = 1 - 1e-12
"""Probability of default above which the clock would not be finite."""


def passage_clock(defaults: Array) -> Array:
    """Variance A at which 1 + W(A) has met zero with the given probabilities.

    Parameters
    ----------
    defaults : (n,) float64, probability of default up to each month, not falling [1].

    Returns
    -------
    (n,) float64, 0 where nothing has defaulted [1].

    Source: model 4.5: P(min W <= -1 up to A) = 2 Φ(-1/√A).
    """
    from scipy.special import ndtri

    capped = np.minimum(defaults, SUREST_DEFAULT)
    distance = ndtri(np.where(capped > 0, capped, 1.0) / 2)
    return np.where(capped > 0, 1 / np.where(distance < 0, distance, -1.0) ** 2, 0.0)


def passage_probability(distance: Array | float, clock: Array) -> Array:
    """Probability that a Brownian motion has gone `distance` down by each variance of `clock` [1]."""
    from scipy.special import ndtr

    running = clock > 0
    return np.where(running, 2 * ndtr(-distance / np.sqrt(np.where(running, clock, 1.0))), 0.0)


def walk_terms(initial: float, drift: Array, variance: Array) -> WalkTerms:
    """Kernel terms of a walk with the given monthly drifts and variances, (months,) float64 each."""
    moves = variance > 0
    return WalkTerms(
        initial=initial,
        first_month=int(np.argmax(moves)) if moves.any() else len(variance),
        drift=drift,
        volatility=np.sqrt(variance),
        bridge=np.where(moves, -2 / np.where(moves, variance, 1.0), 0.0),
    )


def first_passage_terms(cumulative_hazard: Array) -> WalkTerms:
    """The walk whose first passages have the default curve of a cumulative hazard.

    Parameters
    ----------
    cumulative_hazard : (months,) float64, from closing [1].

    Limits: the steps of the clock do not have the lengths of the months, so that a correlation with other
    drivers belongs to the monthly step.

    Source: model 4.5.
    """
    clock = passage_clock(-np.expm1(-cumulative_hazard))
    variance = np.maximum(np.diff(clock, prepend=0.0), 0.0)
    return walk_terms(1.0, np.zeros_like(variance), variance)


def bridge_crossing(before: float, after: float, variance: float) -> float:
    """Probability that a Brownian bridge between two values above zero has met zero [1]."""
    return math.exp(-2 * before * after / variance)
