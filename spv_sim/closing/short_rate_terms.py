"""The short rate at closing: exact monthly step, and the curve laid out by month."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing import hull_white
from spv_sim.closing.day_count import DAY_COUNTS, add_months
from spv_sim.closing.discount_curve import log_discount
from spv_sim.closing.hull_white import HullWhite
from spv_sim.market.short_rate import ShortRateTerms

if TYPE_CHECKING:
    from spv_sim.closing.discount_curve import Curve
    from spv_sim.scenario.rates import Rates

Array = NDArray[np.float64]

STEP = 1 / 12
NO_SPEED = 1.0
"""Mean reversion of a rate that does not move, where any does."""


class NoRates:
    """The curve of a scenario without one: money has no time value."""

    def log_discount(self, years: Array) -> Array:
        """Zero."""
        return np.zeros_like(years)

    def forward(self, years: Array) -> Array:
        """Zero."""
        return np.zeros_like(years)


def hull_white_of(rates: Rates | None) -> HullWhite:
    """The model's parameters; without a model its volatility is 0."""
    if rates is None or rates.mean_reversion is None or rates.volatility is None:
        return HullWhite(NO_SPEED, 0.0)
    return HullWhite(rates.mean_reversion, rates.volatility)


def forward_curve(rates: Rates | None) -> Rates | None:
    """The same rates when the forward rates of the curve come true."""
    if rates is None:
        return None
    return rates.model_copy(update={"model": "none", "mean_reversion": None, "volatility": None})


def accruals(day_count: str, closing: date | None, starts: NDArray[np.int64], last_month: int) -> Array:
    """Fractions of a year from each start month to months 0, 1, …; twelfths by 30/360 [years].

    Month 0, where no period ends, has 1, over which nothing is earned.
    """
    months = np.arange(last_month + 1)
    if day_count == "30/360" or closing is None:
        years = (months - starts) / 12
    else:
        dates = [add_months(closing, month) for month in range(last_month + 1)]
        years = np.array(
            [DAY_COUNTS[day_count](dates[start], dates[month]) for month, start in enumerate(starts)]
        )
    return np.where(months > 0, years, 1.0)


def short_rate_terms(rates: Rates | None, last_month: int, closing: date | None = None) -> ShortRateTerms:
    """Kernel terms of the short rate; a scenario without rates has rates of zero.

    Under P the drift of x is higher by the price of risk times the volatility (model 0.6), which a step adds
    exactly: by (1 - e^{-a t})/a of it to x, and by (t - (1 - e^{-a t})/a)/a to its integral.
    """
    model = hull_white_of(rates)
    curve: Curve = rates.curve if rates is not None else NoRates()
    day_count = rates.day_count if rates is not None else "30/360"
    risk = rates.rate_risk * model.volatility if rates is not None else 0.0
    months = np.arange(last_month + 1)
    law = hull_white.step_law(model, STEP)
    moves = law.variance > 0
    on_rate = law.covariance / math.sqrt(law.variance) if moves else 0.0
    start_1m, start_3m = np.maximum(months - 1, 0), np.maximum(months - 3, 0)
    return ShortRateTerms(
        decay=law.decay,
        step_volatility=math.sqrt(law.variance),
        integral_on_deviation=law.integral_on_deviation,
        drift=risk * law.integral_on_deviation,
        integral_drift=risk * (STEP - law.integral_on_deviation) / model.mean_reversion,
        integral_on_rate=on_rate,
        integral_alone=math.sqrt(max(law.integral_variance - on_rate**2, 0.0)),
        shift=hull_white.shift(model, curve, months / 12),
        shift_integral_1m=hull_white.shift_integral(model, curve, start_1m / 12, months / 12),
        shift_integral_3m=hull_white.shift_integral(model, curve, start_3m / 12, months / 12),
        log_growth_1m=-hull_white.log_bond(model, curve, start_1m / 12, months / 12),
        log_growth_3m=-hull_white.log_bond(model, curve, start_3m / 12, months / 12),
        slope_1m=float(hull_white.bond_slope(model, 1 / 12)),
        slope_3m=float(hull_white.bond_slope(model, 3 / 12)),
        accrual_1m=accruals(day_count, closing, start_1m, last_month),
        accrual_3m=accruals(day_count, closing, start_3m, last_month),
        log_discount=log_discount(curve, months / 12) - hull_white.integral_variance(model, months / 12) / 2,
        half_variance=hull_white.integral_variance(model, months / 12) / 2,
        slope=hull_white.bond_slope(model, months / 12),
    )
