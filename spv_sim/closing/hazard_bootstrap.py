"""Hazards from quotes: par spreads of credit default swaps, a bond's price, default rates of an agency."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.hazard_curve import HazardCurve

Array = NDArray[np.float64]

HIGHEST_HAZARD = 100.0
"""Largest hazard that is looked for [1/year]."""

STEP = 1 / 12
HALF_YEAR = 0.5


class NoHazardError(ValueError):
    """No hazard of at least 0 explains a quote; holds the tenor of the quote [years] and its fault."""

    def __init__(self, tenor: float, fault: str) -> None:
        super().__init__(f"{12 * tenor:.0f} months: {fault}")
        self.tenor = tenor
        self.fault = fault


def excess_protection(curve: HazardCurve, tenor: float, spread: float, recovery: float, rate: float) -> float:
    """Value of the protection less that of the premium of a credit default swap, per unit of notional [1].

    Parameters
    ----------
    curve : the hazard.
    tenor : whole months [years].
    spread : premium [1/year], accrued monthly on the mean of the survival at both ends.
    recovery : share of the notional; the rest is paid at the end of the month of default.
    rate : flat, continuously compounded [1/year].

    Source: model 16.3.
    """
    times = np.linspace(0.0, tenor, round(tenor / STEP) + 1, dtype=np.float64)
    survival, discount = curve.survival(times), np.exp(-rate * times[1:])
    premium = spread * STEP * float(discount @ (survival[:-1] + survival[1:])) / 2
    return (1 - recovery) * float(discount @ (survival[:-1] - survival[1:])) - premium


def bootstrap_spreads(
    tenors: Sequence[float], spreads: Sequence[float], recovery: float, rate: float
) -> HazardCurve:
    """The hazard, flat between the tenors, at which every par spread is fair.

    Parameters
    ----------
    tenors : (n,) increasing [years].
    spreads : (n,) par spreads [1/year].
    recovery : share of the notional [1].
    rate : flat, continuously compounded [1/year].

    Raises
    ------
    NoHazardError : where a spread leaves no hazard of 0 or more for the time since the tenor before.

    Limits: monthly legs with payment at month ends; the standard contract's quarterly dates differ by less
    than 1 %.

    Source: model 16.3.
    """
    rates: list[float] = []
    for tenor, spread in zip(tenors, spreads, strict=True):
        knots = tuple(tenors[: len(rates) + 1])

        def excess(
            hazard: float,
            knots: tuple[float, ...] = knots,
            tenor: float = tenor,
            spread: float = spread,
        ) -> float:
            curve = HazardCurve(knots, (*rates, hazard))
            return excess_protection(curve, tenor, spread, recovery, rate)

        rates.append(solve_hazard(excess, tenor))
    return HazardCurve(tuple(tenors), tuple(rates))


def bond_value(hazard: float, coupon: float, maturity: float, recovery: float, rate: float) -> float:
    """Value of a semiannual bullet bond per unit of par at a flat hazard; recovery of par at period ends [1].

    Parameters
    ----------
    hazard : [1/year].
    coupon : nominal, half of it paid each half-year [1/year].
    maturity : whole half-years [years].
    recovery : share of par [1].
    rate : flat, continuously compounded [1/year].
    """
    times = HALF_YEAR * np.arange(round(maturity / HALF_YEAR) + 1)
    survival, discount = np.exp(-hazard * times), np.exp(-rate * times[1:])
    lost = survival[:-1] - survival[1:]
    coupons = coupon * HALF_YEAR * float(discount @ survival[1:])
    return coupons + float(discount[-1] * survival[-1]) + recovery * float(discount @ lost)


def bond_implied_hazard(
    coupon: float, maturity: float, price: float, recovery: float, rate: float
) -> HazardCurve:
    """The flat hazard at which a bond is worth its price (of par, clean on a coupon date) [1/year].

    Raises
    ------
    NoHazardError : where the bond costs more than without default, or less than its recovery at once.

    Source: model 16.3.
    """
    hazard = solve_hazard(lambda h: price - bond_value(h, coupon, maturity, recovery, rate), maturity)
    return HazardCurve((maturity,), (hazard,))


def hazards_of_cumulative_defaults(tenors: Sequence[float], defaults: Sequence[float] | Array) -> HazardCurve:
    """The hazard, flat between the tenors, with the given shares of defaults up to each.

    Parameters
    ----------
    tenors : (n,) increasing [years].
    defaults : (n,) cumulative default rates, not falling, below 1 [1].

    Raises
    ------
    NoHazardError : where the share of defaults falls.
    """
    cumulative = -np.log1p(-np.array([0.0, *defaults]))
    rates = np.diff(cumulative) / np.diff([0.0, *tenors])
    for tenor, rate in zip(tenors, rates, strict=True):
        if rate < 0:
            raise NoHazardError(tenor, "the cumulative default rate is below that of the tenor before")
    return HazardCurve(tuple(tenors), tuple(map(float, rates)))


def solve_hazard(excess: Callable[[float], float], tenor: float) -> float:
    """The root of a function that rises with the hazard [1/year]."""
    from scipy.optimize import brentq

    if excess(0.0) > 0:
        raise NoHazardError(tenor, "no hazard of 0 or more explains a quote so good")
    if excess(HIGHEST_HAZARD) < 0:
        raise NoHazardError(tenor, f"no hazard up to {HIGHEST_HAZARD:.0f} a year explains the quote")
    return float(brentq(excess, 0.0, HIGHEST_HAZARD, xtol=1e-16, rtol=1e-14, maxiter=500))
