"""Periods of the cash flow: months, or years of which each has one date.

The market moves, and the lessee's default comes, in months: every step is exact, so that the law of a yearly
date does not depend on the months between. On a yearly grid nothing is paid, earned or accrued between dates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

YEAR = 12


def months_due(length: int, completion: int, last_month: int) -> Array:
    """How many months' costs, income and interest fall on each month, (last_month + 1,) float64.

    Parameters
    ----------
    length : months of a period: each month bears its own, or each yearly date, counted from COD, twelve.
    """
    months = np.arange(last_month + 1)
    return np.where((months - completion) % length == 0, float(length), 0.0)


def compounding(payment_every: int) -> int:
    """Months over which a nominal rate compounds: a year on a yearly grid, where all is due once a year."""
    return YEAR if payment_every == YEAR else 1


def monthly_growth(rate: float, length: int) -> float:
    """Growth of a month at a nominal rate that compounds every `length` months [1]."""
    return float((1 + rate * length / 12) ** (1 / length))
