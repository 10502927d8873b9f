"""The base case's coupon by month: fixed, or a base rate off the forward curve with floor and margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.periods import compounding, months_due
from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Tranche

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Coupon:
    """What a dollar owed costs.

    by_month : (months + 1,) float64: up to COD the coupon of the month, later that of the debt period that
        ends on the date, and zero between dates [1].
    discount : (months + 1,) float64, present value factor at the coupon, from closing [1].
    """

    by_month: Array
    discount: Array


def payment_dates(completion: int, every: int, last_month: int) -> NDArray[np.bool_]:
    """Months after COD on which debt is due, (last_month + 1,) bool."""
    months = np.arange(last_month + 1)
    return np.asarray((months > completion) & ((months - completion) % every == 0))


def over_periods(monthly: Array, completion: int, length: int) -> Array:
    """Rate of each month out of its period of `length` months, compounded and spread evenly.

    Periods are counted from COD both ways, so that the first one from closing may be shorter.

    Parameters
    ----------
    monthly : (months + 1,) float64, annual rate of the month that ends there; the first is not used [1/year].
    """
    if length == 1:
        return monthly.copy()
    period = (np.arange(1, len(monthly)) - completion - 1) // length
    rates = monthly.copy()
    for number in np.unique(period):
        inside = 1 + np.flatnonzero(period == number)
        rates[inside] = (np.prod(1 + monthly[inside] / 12) - 1) * 12 / len(inside)
    return rates


def floating_coupon(tranche: Tranche, forward_rates: Array, completion: int) -> Array:
    """Annual coupon of each month, (months + 1,) float64 [1/year].

    Source: model 7.2.
    """
    length = {"term_1m": 1, "term_3m": 3, "compounded": tranche.payment_every}[tranche.base_rate or "term_1m"]
    base = over_periods(forward_rates, completion, length)
    margin = tranche.margin or 0.0
    if tranche.floor is None:
        return np.maximum(base + margin, 0.0)
    return np.asarray(np.maximum(base, tranche.floor) + margin)


def coupon(
    name: str, tranche: Tranche, completion: int, last_month: int, forward_rates: Array | None
) -> Coupon:
    """The coupon of a tranche by month.

    Parameters
    ----------
    forward_rates : (last_month + 1,) float64, annual one-month rate fixed for the month that ends there
        [1/year]; needed where the tranche floats.

    Raises
    ------
    UserError : a floating tranche without a forward curve.
    """
    every, months = tranche.payment_every, np.arange(last_month + 1)
    pays = payment_dates(completion, every, last_month)
    before = months <= completion
    if tranche.coupon is not None:
        period_rate = tranche.coupon * every / 12
        accrues = months_due(compounding(every), completion, last_month)
        by_month = np.where(before, tranche.coupon * accrues / 12, np.where(pays, period_rate, 0.0))
        return Coupon(by_month, (1 + period_rate) ** (-months / every))
    if forward_rates is None:
        key = f"capital.tranche.{name}.base_rate"
        raise UserError(Problem("missing-curve", f"{key}: a floating coupon needs a forward curve", key=key))
    annual = floating_coupon(tranche, forward_rates, completion)
    annual[0] = 0.0
    by_month = np.where(before, annual / 12, 0.0)
    dates = np.flatnonzero(pays)
    by_month[dates] = [annual[date - every + 1 : date + 1].sum() / 12 for date in dates]
    growth = np.where(before, annual / 12, 0.0)
    date_of = completion + -(-(months - completion) // every) * every
    inside = ~before & (date_of <= last_month)
    growth[inside] = (1 + by_month[date_of[inside]]) ** (1 / every) - 1
    return Coupon(by_month, 1 / np.cumprod(1 + growth))
