"""Repayment schedules of a loan of one dollar, by kind of amortisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


def level_payment(principal: float, period_rate: float, n_periods: int, balloon: float = 0.0) -> float:
    """Constant payment in arrears that leaves `balloon` after the last one [USD].

    Source: model 7.3.
    """
    if period_rate == 0:
        return (principal - balloon) / n_periods
    present = (1 + period_rate) ** -n_periods
    return (principal - balloon * present) * period_rate / (1 - present)


def level(period_rate: float, n_periods: int) -> Schedule:
    """Equal payments of interest and principal together."""
    payment = level_payment(1.0, period_rate, n_periods)
    principal = np.asarray(
        (payment - period_rate) * (1 + period_rate) ** np.arange(n_periods, dtype=np.float64)
    )
    return Schedule(payment - principal, principal)


def straight_line(period_rate: float, n_periods: int) -> Schedule:
    """Equal payments of principal."""
    principal = np.full(n_periods, 1 / n_periods)
    opening = 1 - np.arange(n_periods) / n_periods
    return Schedule(period_rate * opening, principal)


AMORTISATIONS: dict[str, Callable[[float, int], Schedule]] = {"level": level, "straight_line": straight_line}
