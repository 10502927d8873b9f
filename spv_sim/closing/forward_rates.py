"""Forward rates of the curve by month, as base case and closing take them for the rates to come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.discount_curve import Curve, simple_forward
from spv_sim.closing.hull_white import HullWhite
from spv_sim.closing.short_rate_terms import NO_SPEED, NoRates, accruals, hull_white_of

if TYPE_CHECKING:
    from spv_sim.scenario.rates import Rates

Array = NDArray[np.float64]


class ForwardRates(NamedTuple):
    """Simple rates of one month each, with the curve that they come from and the short rate around it.

    rate : (months + 1,) float64, of the month that ends there; the first is not used [1/year].
    accrual : (months + 1,) float64 or one for all, that month's fraction of a year [years].
    curve, model : what hedges are priced on.
    """

    rate: Array
    accrual: Array | float = 1 / 12
    curve: Curve = NoRates()
    model: HullWhite = HullWhite(NO_SPEED, 0.0)


def forward_rates(rates: Rates | None, last_month: int, closing: date | None) -> ForwardRates | None:
    """The curve's one-month rates by its own day count; None without a curve."""
    if rates is None:
        return None
    months = np.arange(last_month + 1)
    starts = np.maximum(months - 1, 0)
    accrual = accruals(rates.day_count, closing, starts, last_month)
    rate = simple_forward(rates.curve, starts / 12, months / 12, accrual)
    return ForwardRates(rate, accrual, rates.curve, hull_white_of(rates))


def over_periods(forward: ForwardRates, completion: int, length: int) -> Array:
    """Simple rate of the period of `length` months that each month lies in, (months + 1,) float64 [1/year].

    Periods are counted from COD both ways, so that the first one from closing may be shorter.
    """
    if length == 1:
        return forward.rate.copy()
    accrual = np.broadcast_to(forward.accrual, forward.rate.shape)
    period = (np.arange(1, len(forward.rate)) - completion - 1) // length
    rates = forward.rate.copy()
    for number in np.unique(period):
        inside = 1 + np.flatnonzero(period == number)
        growth = np.prod(1 + forward.rate[inside] * accrual[inside])
        rates[inside] = (growth - 1) / accrual[inside].sum()
    return rates
