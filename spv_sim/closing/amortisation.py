"""Repayment schedules of a loan of one dollar, by kind of amortisation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Tranche

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Schedule:
    """Scheduled debt service by payment date, per USD of face.

    interest, principal : (n,) float64 [1].
    """

    interest: Array
    principal: Array

    @property
    def debt_service(self) -> Array:
        """Interest and principal, (n,) float64 [1]."""
        return self.interest + self.principal

    @property
    def balance(self) -> Array:
        """Balance before the first payment and after each, (n + 1,) float64 [1]."""
        return _left(self.principal)


def _left(principal: Array) -> Array:
    """What is repaid from each date on, (n + 1,) float64 [1]."""
    return np.cumsum(np.append(principal, 0.0)[::-1])[::-1]


def with_interest(principal: Array, rates: Array) -> Schedule:
    """Interest on what is owed before each payment.

    Parameters
    ----------
    principal : (n,) float64, repaid on each date [1].
    rates : (n,) float64, coupon of each period [1].
    """
    return Schedule(rates * _left(principal)[:-1], principal)


def level_payment(principal: float, period_rate: float, n_periods: int, balloon: float = 0.0) -> float:
    """Constant payment in arrears that leaves `balloon` after the last one [USD].

    Source: model 7.3.
    """
    if period_rate == 0:
        return (principal - balloon) / n_periods
    grown = n_periods * math.log1p(period_rate)  # a coupon may be smaller than the last bit of one
    return (principal - balloon * math.exp(-grown)) * period_rate / -math.expm1(-grown)


def level(rates: Array, balloon: float = 0.0) -> Schedule:
    """Equal payments of interest and principal together, and a balloon with the last of them.

    Under floating rates the payment is constant on the forward curve.
    """
    dates = len(rates)
    if np.all(rates == rates[0]):
        rate = float(rates[0])
        payment = level_payment(1.0, rate, dates, balloon)
        principal = np.asarray((payment - rate) * (1 + rate) ** np.arange(dates, dtype=np.float64))
        interest = payment - principal
    else:
        discount = np.cumprod(1 / (1 + rates))
        payment = (1 - balloon * float(discount[-1])) / float(discount.sum())
        interest, principal = np.empty(dates), np.empty(dates)
        owed = 1.0
        for date, rate in enumerate(rates.tolist()):
            interest[date] = owed * rate
            principal[date] = payment - interest[date]
            owed -= principal[date]
    principal[-1] += balloon
    return Schedule(interest, principal)


def straight_line(rates: Array, balloon: float = 0.0) -> Schedule:
    """Equal payments of principal, and a balloon with the last of them."""
    dates = len(rates)
    principal = np.full(dates, (1 - balloon) / dates)
    principal[-1] += balloon
    opening = 1 - (1 - balloon) * np.arange(dates) / dates
    return Schedule(rates * opening, principal)


def bullet(rates: Array) -> Schedule:
    """All principal on the last date."""
    return scheduled_share(rates, 0.0)


def scheduled_share(rates: Array, share: float) -> Schedule:
    """The same share of the face on each date while it lasts, the rest on the last date [1]."""
    dates = len(rates)
    owed = np.maximum(1 - share * np.arange(dates + 1), 0.0)
    owed[-1] = 0.0
    return with_interest(-np.diff(owed), rates)


def custom(rates: Array, shares: Array) -> Schedule:
    """Stated shares of the face, (n,) float64 [1]."""
    return with_interest(shares, rates)


def unit_schedule(tranche: Tranche, rates: Array) -> Schedule:
    """Repayment of one dollar of a tranche that is not sculpted, by payment date."""
    if tranche.amortisation == "level":
        return level(rates, tranche.balloon)
    if tranche.amortisation == "straight_line":
        return straight_line(rates, tranche.balloon)
    if tranche.amortisation == "custom":
        return custom(rates, np.array(tranche.repayment))
    if tranche.amortisation == "scheduled_share":
        return scheduled_share(rates, (tranche.scheduled_share or 0.0) * tranche.payment_every)
    return bullet(rates)
