"""Lessee credit at closing: cumulative hazard on the rent dates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.market.credit import CreditTerms

if TYPE_CHECKING:
    from spv_sim.scenario.credit import Credit

Array = NDArray[np.float64]


def cumulative_hazard(credit: Credit, completion: int, months: Array) -> Array:
    """Hazard integrated from the start of the credit clock to each month, piecewise flat by year [1]."""
    start = completion if credit.clock == "cod" else 0
    years = np.maximum(months - start, 0) / 12
    rates = np.array(credit.hazard)
    knots = np.concatenate(([0.0], np.cumsum(rates)))
    whole = np.minimum(years.astype(int), len(rates) - 1)
    return np.asarray(knots[whole] + rates[whole] * (years - whole))


def credit_terms(credit: Credit, completion: int, rent_due: Array) -> CreditTerms:
    """Kernel terms of the default clock.

    A default between two rent dates makes the later one the first unpaid, so the clock only moves on
    rent dates after completion. A scheduled default month makes the hazard infinite from there on.
    """
    months = np.arange(len(rent_due))
    if credit.default_month is not None:
        hazard = np.where(months >= credit.default_month, math.inf, 0.0)
    else:
        hazard = cumulative_hazard(credit, completion, months.astype(float))
    is_rent_date = (rent_due > 0) & (months > completion)
    last_rent_date = np.maximum.accumulate(np.where(is_rent_date, months, -1))
    return CreditTerms(np.where(last_rent_date >= 0, hazard[np.maximum(last_rent_date, 0)], 0.0))
