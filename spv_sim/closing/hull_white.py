"""Hull and White's one-factor short rate in closed form: moments, fit to the curve, bonds, caplets.

r = x + shift, dx = -a x dt + sigma dW, x = 0 at closing.

Source
------
J. Hull and A. White, Pricing interest-rate-derivative securities, Review of Financial Studies 3 (1990);
F. Jamshidian, An exact bond option formula, J. Finance 44 (1989). Model 3.4.

Limits
------
One factor: rates of all maturities move together. Normal, so that rates fall below zero now and then.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from spv_sim.closing.discount_curve import Curve, discount_factor, instantaneous_forward, log_discount

Array = NDArray[np.float64]

SERIES_BELOW = 1.0
"""Below this mean reversion times time a power series is taken, as the closed form cancels."""
SERIES = np.array([(-1) ** n * (2 - 2 ** (n - 1)) / math.factorial(n) for n in range(3, 29)])
"""Of (y - 2(1 - e^-y) + (1 - e^-2y)/2)/y^3 in powers of y; what is left out is below 1e-21 at y = 1."""


class HullWhite(NamedTuple):
    """Parameters: mean reversion a > 0 [1/year], absolute volatility sigma [1/year/sqrt(year)]."""

    mean_reversion: float
    volatility: float


class StepLaw(NamedTuple):
    """Law of x and of its integral over a step, given x at its start: means per unit of x, and covariance."""

    decay: float
    integral_on_deviation: float
    variance: float
    integral_variance: float
    covariance: float


def bond_slope(model: HullWhite, years: ArrayLike) -> Array:
    """B = (1 - e^{-a t})/a: minus the derivative of ln of a bond by x [years]."""
    a = model.mean_reversion
    return np.asarray(-np.expm1(-a * np.asarray(years, dtype=np.float64)) / a)


def variance(model: HullWhite, years: ArrayLike) -> Array:
    """Variance of x after a time [1/year²]."""
    a, times = model.mean_reversion, np.asarray(years, dtype=np.float64)
    return np.asarray(model.volatility**2 * -np.expm1(-2 * a * times) / (2 * a))


def integral_variance(model: HullWhite, years: ArrayLike) -> Array:
    """V: variance of the integral of x over a time, x starting from a known value [1].

    V = sigma²/a² [t - 2(1 - e^{-at})/a + (1 - e^{-2at})/(2a)].
    """
    a, times = model.mean_reversion, np.asarray(years, dtype=np.float64)
    y = a * times
    small = np.minimum(y, SERIES_BELOW)
    large = np.maximum(y, SERIES_BELOW)
    by_series = np.polynomial.polynomial.polyval(small, SERIES)
    closed = (large + 2 * np.expm1(-large) - np.expm1(-2 * large) / 2) / large**3
    return np.asarray(model.volatility**2 * times**3 * np.where(y < SERIES_BELOW, by_series, closed))


def step_law(model: HullWhite, years: float) -> StepLaw:
    """Exact joint law of x and its integral over a step."""
    slope = float(bond_slope(model, years))
    return StepLaw(
        decay=math.exp(-model.mean_reversion * years),
        integral_on_deviation=slope,
        variance=float(variance(model, years)),
        integral_variance=float(integral_variance(model, years)),
        covariance=model.volatility**2 * slope**2 / 2,
    )


def shift(model: HullWhite, curve: Curve, years: ArrayLike) -> Array:
    """The part of the short rate that is not random, with which it fits the curve [1/year]."""
    convexity = model.volatility**2 * bond_slope(model, years) ** 2 / 2
    return np.asarray(instantaneous_forward(curve, years) + convexity)


def shift_integral(model: HullWhite, curve: Curve, start: ArrayLike, end: ArrayLike) -> Array:
    """The shift integrated from one time to another [1]."""
    convexity = (integral_variance(model, end) - integral_variance(model, start)) / 2
    return np.asarray(log_discount(curve, start) - log_discount(curve, end) + convexity)


def log_bond(model: HullWhite, curve: Curve, start: ArrayLike, end: ArrayLike) -> Array:
    """ln of the bond from a time to a later one where x is 0 at its start [1]."""
    start, end = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    convexity = (
        integral_variance(model, end - start)
        - integral_variance(model, end)
        + integral_variance(model, start)
    )
    return np.asarray(log_discount(curve, end) - log_discount(curve, start) + convexity / 2)


def bond(model: HullWhite, curve: Curve, start: ArrayLike, end: ArrayLike, deviation: ArrayLike) -> Array:
    """Price P(start, end) at `start` of a dollar at `end`, by the deviation x there [1]."""
    slope = bond_slope(model, np.asarray(end, dtype=np.float64) - np.asarray(start, dtype=np.float64))
    return np.asarray(np.exp(log_bond(model, curve, start, end) - slope * np.asarray(deviation)))


def caplet(
    model: HullWhite,
    curve: Curve,
    strike: ArrayLike,
    start: ArrayLike,
    accrual: ArrayLike,
    in_arrears: bool = False,
) -> Array:
    """Value at closing of a caplet on a notional of one dollar: a put on the bond of its period.

    Parameters
    ----------
    strike : simple rate [1/year].
    start : float64, time at which the period begins [years].
    accrual : float64, length of the period, by the end of which it pays [years].
    in_arrears : whether the rate compounds over the period, so that it goes on moving in it, and is not set
        at its start. Source: A. Lyashenko and F. Mercurio, Looking forward to backward-looking rates (2019).
    """
    strike = np.asarray(strike, dtype=np.float64)
    start, accrual = np.asarray(start, dtype=np.float64), np.asarray(accrual, dtype=np.float64)
    paid = discount_factor(curve, start + accrual)
    struck = discount_factor(curve, start) / (1 + strike * accrual)
    spread_2 = variance(model, start) * bond_slope(model, accrual) ** 2
    if in_arrears:
        spread_2 = spread_2 + integral_variance(model, accrual)
    deviation = np.sqrt(spread_2)
    certain = deviation == 0
    spread = np.where(certain, 1.0, deviation)
    h = np.log(paid / struck) / spread + spread / 2
    put = struck * ndtr(spread - h) - paid * ndtr(-h)
    intrinsic = np.maximum(struck - paid, 0.0)
    return np.asarray((1 + strike * accrual) * np.where(certain, intrinsic, put))
