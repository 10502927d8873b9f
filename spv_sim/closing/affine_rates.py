"""Vasicek's and Cox, Ingersoll and Ross's processes in closed form: moments, and means of exp(-integral).

Source
------
O. Vasicek, J. Financial Economics 5 (1977); J. Cox, J. Ingersoll and S. Ross, Econometrica 53 (1985);
D. Lamberton and B. Lapeyre, Introduction to Stochastic Calculus Applied to Finance, proposition 6.2.5.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spv_sim.closing.hull_white import HullWhite, bond_slope, integral_variance, step_law

Array = NDArray[np.float64]


class Vasicek(NamedTuple):
    """dr = a (b - r) dt + sigma dW from r_0."""

    initial: float
    mean_reversion: float
    mean: float
    volatility: float


class VasicekMoments(NamedTuple):
    """Means, variances and covariance of the rate and of its integral."""

    mean: float
    variance: float
    integral_mean: float
    integral_variance: float
    covariance: float


class SquareRoot(NamedTuple):
    """dy = kappa (theta - y) dt + sigma sqrt(y) dW, kappa > 0: a short rate or an intensity [1/year]."""

    initial: float
    mean_reversion: float
    mean: float
    volatility: float

    @property
    def stays_positive(self) -> bool:
        """Feller's condition 2 kappa theta > sigma², under which 0 is never reached."""
        return 2 * self.mean_reversion * self.mean > self.volatility**2


def vasicek_bond(rate: Vasicek, years: ArrayLike) -> Array:
    """Price of a dollar at a time [1]."""
    times = np.asarray(years, dtype=np.float64)
    noise = HullWhite(rate.mean_reversion, rate.volatility)
    mean = rate.mean * times + (rate.initial - rate.mean) * bond_slope(noise, times)
    return np.asarray(np.exp(integral_variance(noise, times) / 2 - mean))


def vasicek_moments(rate: Vasicek, years: float) -> VasicekMoments:
    """Moments of the rate after a time and of its integral up to it."""
    law = step_law(HullWhite(rate.mean_reversion, rate.volatility), years)
    gap = rate.initial - rate.mean
    return VasicekMoments(
        mean=rate.mean + gap * law.decay,
        variance=law.variance,
        integral_mean=rate.mean * years + gap * law.integral_on_deviation,
        integral_variance=law.integral_variance,
        covariance=law.covariance,
    )


def square_root_transform(
    process: SquareRoot, years: ArrayLike, integral_weight: float = 1.0, end_weight: float = 0.0
) -> Array:
    """E[exp(-integral_weight · integral of y - end_weight · y at the end)].

    With the defaults it is the bond of a short rate, or the survival of an intensity.

    Parameters
    ----------
    years : float64, times [years], >= 0.
    integral_weight, end_weight : >= 0.

    Raises
    ------
    ValueError : a negative weight, where the mean may be infinite, or no mean reversion.
    """
    if integral_weight < 0 or end_weight < 0:
        raise ValueError("the weights of a square-root process must not be negative")
    if process.mean_reversion <= 0:
        raise ValueError("a square-root process without mean reversion is not covered")
    times = np.asarray(years, dtype=np.float64)
    y, kappa, theta, sigma = process
    if sigma == 0:
        faded = -np.expm1(-kappa * times)
        integral = theta * times + (y - theta) * faded / kappa
        end = theta + (y - theta) * (1 - faded)
        return np.asarray(np.exp(-integral_weight * integral - end_weight * end))
    root = np.sqrt(kappa**2 + 2 * sigma**2 * integral_weight)
    less = 2 * sigma**2 * integral_weight / (root + kappa)  # root - kappa, without its cancellation
    # Numerators and denominators are over e^{root t}, so that nothing overflows.
    kept, faded = np.exp(-root * times), -np.expm1(-root * times)
    grown = (sigma**2 * end_weight - less) * faded / (2 * root)
    slope = (end_weight * ((root + kappa) * kept + less) + 2 * integral_weight * faded) / (2 * root)
    log_level = -np.log1p(grown) - less * times / 2
    return np.asarray(np.exp(2 * kappa * theta / sigma**2 * log_level - slope / (1 + grown) * y))


def square_root_moments(process: SquareRoot, years: ArrayLike) -> tuple[Array, Array]:
    """Mean and variance of y after a time."""
    times = np.asarray(years, dtype=np.float64)
    y, kappa, theta, sigma = process
    kept, faded = np.exp(-kappa * times), -np.expm1(-kappa * times)
    mean = theta * faded + y * kept
    return mean, sigma**2 / kappa * faded * (y * kept + theta * faded / 2)
