"""A rating chain: default curves from a generator or from an agency's yearly transition matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.hazard_bootstrap import hazards_of_cumulative_defaults
from spv_sim.closing.hazard_curve import HazardCurve

Array = NDArray[np.float64]

STEP = 1 / 12


def transitions(generator: Array, years: float) -> Array:
    """Matrix of transition probabilities over a time: expm(G years), (n, n) float64 [1].

    Parameters
    ----------
    generator : (n, n) float64, rows sum to 0, off the diagonal >= 0, the last state is default [1/year].
    years : [years].
    """
    from scipy.linalg import expm

    return np.asarray(expm(generator * years), dtype=np.float64)


def cumulative_defaults(generator: Array, years: float) -> Array:
    """Probability of default up to a time from each state but the last, (n - 1,) float64 [1]."""
    return transitions(generator, years)[:-1, -1]


def generator_of(yearly: Array) -> tuple[Array, float]:
    """The generator of a yearly transition matrix, made valid where its logarithm is not.

    Parameters
    ----------
    yearly : (n, n) float64, rows sum to 1, the last state absorbs [1].

    Returns
    -------
    generator : (n, n) float64 [1/year].
    error : largest absolute entry of expm(generator) - yearly [1].

    Source: Israel, Rosenthal and Wei (2001): negative rates off the diagonal are set to 0 and the rest of
    their row gives in proportion to its size.
    """
    from scipy.linalg import logm

    raw = np.real(np.asarray(logm(yearly)))
    off = ~np.eye(len(raw), dtype=bool)
    kept = np.where(off, np.maximum(raw, 0.0), raw)
    missing = np.where(off, np.minimum(raw, 0.0), 0.0).sum(axis=1, keepdims=True)
    size = np.abs(kept).sum(axis=1, keepdims=True)
    generator = kept + missing * np.abs(kept) / np.where(size > 0, size, 1.0)
    np.fill_diagonal(generator, 0.0)
    np.fill_diagonal(generator, -generator.sum(axis=1))
    return generator, float(np.abs(transitions(generator, 1.0) - yearly).max())


def hazards_of_rating(generator: Array, state: int, months: int) -> HazardCurve:
    """The hazard, flat by month, of an obligor that starts in a state of the chain, up to a last month."""
    monthly, row = transitions(generator, STEP), np.eye(len(generator))[state]
    defaults = [float((row := row @ monthly)[-1]) for _ in range(months)]
    times = [month * STEP for month in range(1, months + 1)]
    return hazards_of_cumulative_defaults(times, np.maximum.accumulate(defaults))
