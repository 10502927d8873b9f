"""Sculpted debt: the largest loan whose debt service is a given series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.amortisation import Schedule
from spv_sim.errors import Problem, UserError

Array = NDArray[np.float64]


def sculpt(debt_service: Array, rates: Array, negative: str = "clamp") -> tuple[float, Schedule]:
    """Size of the loan and its schedule in USD; months without debt service at the end shorten it.

    Clamped, the loan takes the whole debt service on every date, so that the target cover holds, and is
    repaid before the last date where a poor month has kept it small.

    Parameters
    ----------
    debt_service : (n,) float64, what the cash flow leaves on each date [USD].
    rates : (n,) float64, coupon of each period [1].
    negative : "clamp" sizes the loan down until interest never exceeds the debt service, "allow" lets the
        balance grow where it does.

    Raises
    ------
    NoCashFlowError : a date without debt service while the loan is still owed.

    Source: model 7.3.
    """
    dates = len(debt_service)
    balance = np.zeros(dates + 1)
    for date in range(dates - 1, -1, -1):
        service, rate, left = float(debt_service[date]), float(rates[date]), float(balance[date + 1])
        if service <= 0:
            if left > 0:
                raise NoCashFlowError(date)
            continue
        balance[date] = (left + service) / (1 + rate)
        if negative == "clamp" and rate > 0:
            balance[date] = min(balance[date], service / rate)
    if np.all(balance[:-1] >= balance[1:]) or negative == "allow":
        return float(balance[0]), Schedule(rates * balance[:-1], -np.diff(balance))
    for date in range(dates):
        # What was sized is the most that may be owed; a poor month before it may have left less.
        interest = rates[date] * balance[date]
        balance[date + 1] = max(balance[date] - max(debt_service[date] - interest, 0.0), 0.0)
    return float(balance[0]), Schedule(rates * balance[:-1], -np.diff(balance))


class NoCashFlowError(Exception):
    """Raised where debt is owed on a date without cash flow; the caller knows the month and the tranche."""

    def __init__(self, date: int) -> None:
        self.date = date
        super().__init__(date)

    def at(self, name: str, month: int, case: str) -> UserError:
        """The fault in the words of the scenario; `case` is what the tranche is sized on."""
        of_case = "" if case == "base" else f" in the {case.upper()} case"
        key = f"capital.tranche.{name}.amortisation"
        return UserError(
            Problem(
                "infeasible-sculpt",
                f"{key}: month {month} leaves no cash flow for debt service{of_case} while the sculpted debt "
                "is still owed; shorten its tenor to end before, or choose another profile",
                key=key,
            )
        )
