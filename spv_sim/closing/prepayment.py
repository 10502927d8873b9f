"""The price of prepaying: a premium by year, or the lender made whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def make_whole(payments: Array, period_rate: float, balance: float) -> float:
    """Premium that gives the lender the remaining payments at a safe rate, never below zero [USD].

    Parameters
    ----------
    payments : (n,) float64, scheduled payments that a prepayment takes away [USD].
    period_rate : Treasury yield and spread of one payment period [1].
    balance : what is prepaid [USD].

    Source: model 7.11.
    """
    discount = (1 + period_rate) ** -np.arange(1, len(payments) + 1, dtype=np.float64)
    return max(0.0, float(payments @ discount) - balance)


def premium_by_month(shares: Sequence[float] | None, completion: int, last_month: int) -> Array:
    """Premium on a prepayment, one share for each year from COD, then none: (last_month + 1,) float64 [1]."""
    table = np.append(np.array(shares or (), dtype=np.float64), 0.0)
    year = np.maximum(np.arange(last_month + 1) - completion - 1, 0) // 12
    return np.asarray(table[np.minimum(year, len(table) - 1)])
