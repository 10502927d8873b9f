"""The market lease rate at closing: exact monthly step of a log Ornstein-Uhlenbeck process."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.market.lease_rate import LeaseRateTerms

if TYPE_CHECKING:
    from spv_sim.scenario.lease_rate import LeaseRate

Array = NDArray[np.float64]

STEP = 1 / 12

NO_MARKET = LeaseRateTerms(initial=-math.inf, decay=1.0, drift=np.zeros(0), step_volatility=0.0)


def reversion_speed(half_life_months: float) -> float:
    """Mean reversion speed of a half-life [1/year]."""
    return 12 * math.log(2) / half_life_months


def noise_variance(kappa: float, volatility: float, years: float | Array) -> float | Array:
    """Variance of the log rate after a time [1]."""
    return volatility**2 * -np.expm1(-2 * kappa * np.asarray(years)) / (2 * kappa)


def log_moments(rate: LeaseRate, years: Array) -> tuple[Array, Array]:
    """Mean and variance of the log rate by time from closing.

    Source: model 3.2; Schwartz (1997), one factor, with a mean level that declines.
    """
    kappa = reversion_speed(rate.half_life)
    level = math.log(rate.mean_level)
    decayed = np.exp(-kappa * years)
    mean = level - rate.decline * years + (math.log(rate.initial) - level) * decayed
    mean = mean + rate.decline / kappa * (1 - decayed)
    return mean, np.asarray(noise_variance(kappa, rate.volatility, years))


def lease_rate_terms(rate: LeaseRate | None, last_month: int) -> LeaseRateTerms:
    """Kernel terms of the rate; a scenario without a lease market has rate zero."""
    if rate is None:
        return NO_MARKET._replace(drift=np.zeros(last_month + 1))
    kappa = reversion_speed(rate.half_life)
    decay = math.exp(-kappa * STEP)
    start = (np.arange(last_month + 1) - 1) * STEP
    level = math.log(rate.mean_level) - rate.decline * start
    drift = level * (1 - decay) - rate.decline * (STEP - (1 - decay) / kappa)
    drift[0] = 0.0
    return LeaseRateTerms(
        initial=math.log(rate.initial),
        decay=decay,
        drift=drift,
        step_volatility=math.sqrt(float(noise_variance(kappa, rate.volatility, STEP))),
    )


def step_correlation(correlation: float, kappa: float) -> float:
    """Correlation of a step's Ornstein-Uhlenbeck noise with a Brownian increment of the same step.

    Source: model 3.0: Cov(∫e^{-κ(Δ-s)}dW1, W2(Δ)) = ρ(1-e^{-κΔ})/κ.
    """
    covariance = -math.expm1(-kappa * STEP) / kappa
    return correlation * covariance / math.sqrt(float(noise_variance(kappa, 1.0, STEP)) * STEP)
