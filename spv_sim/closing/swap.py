"""Interest rate swaps and caps at closing, on a table of notionals: par rate, value, premium."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spv_sim.closing.discount_curve import Curve, discount_factor
from spv_sim.closing.hull_white import HullWhite, bond, caplet

Array = NDArray[np.float64]


class SwapLegs(NamedTuple):
    """Periods of a swap: (n,) float64 notionals [USD], start and end from closing and accruals [years].

    The floating leg pays the simple rate of each period, set at its start and quoted by the same accrual.
    """

    notional: Array
    start: Array
    end: Array
    accrual: Array


def monthly_legs(notional: ArrayLike, every: int = 1) -> SwapLegs:
    """Periods of `every` months from closing on, whose accruals are their months over twelve."""
    notionals = np.asarray(notional, dtype=np.float64)
    ends = every * np.arange(1, len(notionals) + 1) / 12
    starts = every * np.arange(len(notionals)) / 12
    return SwapLegs(notionals, starts, ends, np.full(len(notionals), every / 12))


def par_swap_rate(curve: Curve, legs: SwapLegs) -> float:
    """Fixed rate at which the swap is worth nothing at closing [1/year].

    K = sum N (P(start) - P(end)) / sum N accrual P(end). Source: model 7.6.

    Raises
    ------
    ValueError : no notional in any period.
    """
    paid = discount_factor(curve, legs.end)
    annuity = float(np.sum(legs.notional * legs.accrual * paid))
    if annuity == 0:
        raise ValueError("a swap without a notional has no par rate")
    return float(np.sum(legs.notional * (discount_factor(curve, legs.start) - paid))) / annuity


def swap_value(
    legs: SwapLegs,
    fixed_rate: float,
    curve: Curve,
    model: HullWhite,
    time: float = 0.0,
    deviation: float = 0.0,
) -> float:
    """Value to the payer of the fixed rate at a time on which a period begins or ends [USD].

    Parameters
    ----------
    fixed_rate : [1/year].
    model : a volatility of 0 gives the value on the forward curve.
    time : from closing [years]; earlier periods have been settled.
    deviation : x of the short rate at that time [1/year].
    """
    left = legs.start >= time - 1e-9
    ends = bond(model, curve, time, legs.end[left], deviation)
    starts = bond(model, curve, time, np.maximum(legs.start[left], time), deviation)
    return float(np.sum(legs.notional[left] * (starts - ends * (1 + fixed_rate * legs.accrual[left]))))


def cap_premium(
    legs: SwapLegs, strike: float, curve: Curve, model: HullWhite, in_arrears: bool = False
) -> float:
    """Value at closing of a cap: the sum of its caplets [USD].

    Parameters
    ----------
    strike : simple rate by the accruals of the legs [1/year].
    in_arrears : whether the rate compounds over the period and is known at its end.
    """
    length = legs.end - legs.start
    caplets = caplet(model, curve, strike * legs.accrual / length, legs.start, length, in_arrears)
    return float(np.sum(legs.notional * caplets))
