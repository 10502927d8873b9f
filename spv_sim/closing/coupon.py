"""The base case's coupon by month: fixed, or a base rate off the forward curve with floor and margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.forward_rates import ForwardRates, over_periods
from spv_sim.closing.periods import compounding, months_due
from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Tranche

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Coupon:
    """What a dollar owed costs, (months + 1,) float64 each.

    by_month : up to COD the coupon of the month, later that of the debt period that ends on the date, and
        zero between dates [1].
    discount : present value factor at the coupon, from closing [1].
    index : base rate of the debt period that ends on the date, zero elsewhere and with a fixed coupon
        [1/year].
    accrual : fraction of a year of that period, zero between dates [years].
    """

    by_month: Array
    discount: Array
    index: Array
    accrual: Array


def payment_dates(completion: int, every: int, last_month: int) -> NDArray[np.bool_]:
    """Months after COD on which debt is due, (last_month + 1,) bool."""
    months = np.arange(last_month + 1)
    return np.asarray((months > completion) & ((months - completion) % every == 0))


def floating_rate(tranche: Tranche, index: Array) -> Array:
    """Annual coupon above a base rate by month [1/year].

    Source: model 7.2.
    """
    margin = tranche.margin or 0.0
    base = index if tranche.floor is None else np.maximum(index, tranche.floor)
    return np.asarray(np.maximum(base + margin, 0.0))


def coupon(
    name: str, tranche: Tranche, completion: int, last_month: int, forward: ForwardRates | None
) -> Coupon:
    """The coupon of a tranche by month.

    A fixed coupon counts twelfths of a year, a floating one the days that its base rate counts.

    Parameters
    ----------
    forward : to `last_month`; needed where the tranche floats.

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
        discount = (1 + period_rate) ** (-months / every)
        return Coupon(by_month, discount, np.zeros(last_month + 1), np.where(pays, every / 12, 0.0))
    if forward is None:
        key = f"capital.tranche.{name}.base_rate"
        raise UserError(Problem("missing-curve", f"{key}: a floating coupon needs a forward curve", key=key))
    index = over_periods(forward, completion, every)
    index[0] = 0.0
    length = np.broadcast_to(forward.accrual, index.shape)
    accrual = np.where(pays, np.convolve(length, np.ones(every))[: last_month + 1], 0.0)
    annual = floating_rate(tranche, index)
    by_month = annual * np.where(before & (months > 0), length, accrual)
    return Coupon(
        by_month, _discount(by_month, before, completion, every), np.where(pays, index, 0.0), accrual
    )


def _discount(by_month: Array, before: NDArray[np.bool_], completion: int, every: int) -> Array:
    """Present value factor by month: what a period earns is spread evenly over its months."""
    months = np.arange(len(by_month))
    growth = np.where(before, by_month, 0.0)
    date_of = completion + -(-(months - completion) // every) * every
    inside = ~before & (date_of < len(by_month))
    growth[inside] = (1 + by_month[date_of[inside]]) ** (1 / every) - 1
    return np.asarray(1 / np.cumprod(1 + growth))
