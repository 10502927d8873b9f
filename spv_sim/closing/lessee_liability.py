"""A lease as its lessee books it: a liability that accrues at one rate and falls with each payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.day_count import add_months, thirty_360
from spv_sim.closing.root import falling_root

Array = NDArray[np.float64]

LOWEST, HIGHEST = 1e-6, 100.0
"""Rates between which an implicit rate is looked for [1/year]."""

ROUNDED = 1e-12
"""Resolution of a rate, above the rounding of its sums of up to some hundred payments [1]."""
LEAST = 1e-13
"""What rounding leaves of a rate near zero [1/year]: a sum of n payments is known to 1e-16 n, over a duration
of a month or more, and so is the growth of a month, 1 + rate / 12."""


def implicit_rate(payments: Array, owed: float, every: int) -> float:
    """Nominal annual rate, compounded each payment interval, at which payments in arrears repay what is owed.

    Parameters
    ----------
    payments : (n,) float64, one at the end of each interval [USD]; they sum to more than is owed.
    owed : at the start [USD].
    every : months of an interval.

    Source: ASC 842-20-30, the rate implicit in a lease.
    """
    number = np.arange(1, len(payments) + 1)

    def excess(rate: float) -> float:
        return float(payments @ (1 + rate * every / 12) ** -number.astype(float)) / owed - 1

    return falling_root(excess, LOWEST, HIGHEST, ROUNDED, LEAST)


@dataclass(frozen=True)
class LesseeLiability:
    """The liability by date.

    begin : day on which the lease begins.
    opening : liability on that day before the first payment [USD].
    first : paid on that day [USD].
    payments : (n,) float64, at the end of each interval from it [USD].
    every : months of an interval.
    rate : nominal annual, compounded each interval [1/year].
    """

    begin: date
    opening: float
    first: float
    payments: Array
    every: int
    rate: float

    def count(self, day: date) -> int:
        """Payments in arrears up to the end of a day."""
        days = (add_months(self.begin, self.every * (n + 1)) for n in range(len(self.payments)))
        return sum(due <= day for due in days)

    def balance(self, day: date) -> float:
        """Liability at the end of a day, with the interest accrued since the last payment [USD]."""
        if day < self.begin:
            return 0.0
        growth, owed, paid = 1 + self.rate * self.every / 12, self.opening - self.first, self.count(day)
        if paid == len(self.payments):
            return 0.0
        for payment in self.payments[:paid]:
            owed = owed * growth - payment
        since = 12 * thirty_360(add_months(self.begin, self.every * paid), day) / self.every
        return float(owed * growth**since)

    def paid(self, start: date, end: date) -> float:
        """Payments after the end of one day and up to the end of another [USD]."""
        return self._paid_by(end) - self._paid_by(start)

    def _paid_by(self, day: date) -> float:
        return self.first + float(self.payments[: self.count(day)].sum()) if day >= self.begin else 0.0

    def principal(self, start: date, end: date) -> float:
        """Fall of the liability over a period, what was taken on in it left out [USD]."""
        taken_on = self.opening if start < self.begin <= end else 0.0
        return self.balance(start) + taken_on - self.balance(end)

    def interest(self, start: date, end: date) -> float:
        """Interest accrued over a period [USD]."""
        return self.paid(start, end) - self.principal(start, end)

    @property
    def eve(self) -> date:
        """The day before the lease begins, from whose end on everything counts."""
        return self.begin - timedelta(days=1)
