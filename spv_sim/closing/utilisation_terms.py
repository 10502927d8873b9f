"""Utilisation at closing: the monthly step of its logit, and what is expected of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.lease_rate_terms import STEP, noise_variance, reversion_speed
from spv_sim.market.utilisation import UtilisationTerms

if TYPE_CHECKING:
    from spv_sim.scenario.utilisation import Utilisation

Array = NDArray[np.float64]

NODES = 64
"""Nodes of the Gauss-Hermite rule for the smooth mean (model 3.5)."""

REACH = 9.0
"""Standard deviations beyond which a normal counts as never met."""

FULL = UtilisationTerms(False, 1.0, 0.0, 0.0, 1.0, np.zeros(0), 0.0)


def logit_of(use: Utilisation, level: float) -> float:
    """Logit of a utilisation between the bounds."""
    return math.log((level - use.lowest) / (use.highest - level))


def logit_moments(use: Utilisation, months: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of the logit by month from closing."""
    kappa, years = reversion_speed(use.half_life), months / 12
    level = logit_of(use, use.mean_level)
    mean = level + (logit_of(use, use.initial) - level) * np.exp(-kappa * years)
    return mean, np.sqrt(np.asarray(noise_variance(kappa, use.volatility, years)))


def utilisation_of(use: Utilisation, logit: Array) -> Array:
    """Utilisation of a logit [1]."""
    return np.asarray(use.lowest + (use.highest - use.lowest) / (1 + np.exp(-logit)))


def mean_utilisation(use: Utilisation | None, last_month: int) -> Array:
    """E[utilisation] by month from closing, (last_month + 1,) float64 [1]; 1 without a process.

    Source: model 3.5, a Gauss-Hermite rule of 64 points.
    """
    if use is None:
        return np.ones(last_month + 1)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    mean, deviation = logit_moments(use, np.arange(last_month + 1.0))
    values = utilisation_of(use, mean[:, None] + deviation[:, None] * nodes)
    return np.asarray(values @ (weights / weights.sum()))


def mean_billed(use: Utilisation | None, commitment: float, last_month: int) -> Array:
    """E[max(utilisation, commitment)] by month from closing, (last_month + 1,) float64 [1].

    The kink at the commitment is met exactly: the tail above it is integrated by itself.
    """
    if use is None:
        return np.ones(last_month + 1)
    if commitment <= use.lowest:
        return mean_utilisation(use, last_month)
    if commitment >= use.highest:
        return np.full(last_month + 1, commitment)
    mean, deviation = logit_moments(use, np.arange(last_month + 1.0))
    kink = logit_of(use, commitment)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    result = np.empty(last_month + 1)
    for month, (centre, spread) in enumerate(zip(mean, deviation, strict=True)):
        if spread == 0:
            result[month] = max(float(utilisation_of(use, centre)), commitment)
            continue
        low, high = max((kink - centre) / spread, -REACH), REACH
        z = low + max(high - low, 0.0) * (nodes + 1) / 2
        above = utilisation_of(use, centre + spread * z) - commitment
        density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
        result[month] = commitment + max(high - low, 0.0) / 2 * float(weights @ (density * above))
    return result


def utilisation_terms(use: Utilisation | None, last_month: int) -> UtilisationTerms:
    """Kernel terms of the process; every hour is in use without one."""
    if use is None:
        return FULL
    kappa = reversion_speed(use.half_life)
    decay = math.exp(-kappa * STEP)
    return UtilisationTerms(
        active=True,
        lowest=use.lowest,
        span=use.highest - use.lowest,
        initial=logit_of(use, use.initial),
        decay=decay,
        drift=np.full(last_month + 1, (1 - decay) * logit_of(use, use.mean_level)),
        step_volatility=math.sqrt(float(noise_variance(kappa, use.volatility, STEP))),
    )


def base_case_utilisation(use: Utilisation | None, last_month: int) -> UtilisationTerms:
    """The process at its mean in every month."""
    terms = utilisation_terms(use, last_month)
    if use is None:
        return terms
    mean = mean_utilisation(use, last_month)
    logit = np.log((mean - use.lowest) / (use.highest - mean))
    return terms._replace(decay=0.0, drift=logit, step_volatility=0.0)
