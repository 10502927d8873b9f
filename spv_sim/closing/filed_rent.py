"""The rents that filed figures imply: what the maturity table pays by period, scaled to the lease's total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.day_count import add_months, thirty_360
from spv_sim.closing.fleet import hardware_cost, unit_count
from spv_sim.closing.lessee_liability import HIGHEST, LEAST, LOWEST, ROUNDED, LesseeLiability, implicit_rate
from spv_sim.closing.rent import HOURS_PER_MONTH
from spv_sim.closing.root import falling_root
from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.scenario.filed_lease import FiledLease, MaturityTable
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MaturitySolution:
    """The rate at which principal by period and interest on the balance sum to the payments left.

    rate : nominal annual, compounded each payment interval [1/year].
    payments : (periods,) float64, each of the equal payments of a period [USD].
    """

    rate: float
    payments: Array


def payments_by_period(table: MaturityTable, every: int, rate: float) -> tuple[Array, Array]:
    """Number of payments of each period and the equal amounts that repay its principal at a rate.

    Payments fall at the end of each interval counted from the date of the table. Of a balance B that n
    payments p bring down to b: b = B g^n - p (g^n - 1) / (g - 1), g the growth of an interval.
    """
    last_days = [table.at, *(day for day, _ in table.periods)]
    starts, ends = last_days[:-1], last_days[1:]
    counts = np.array([round(12 * thirty_360(a, b) / every) for a, b in zip(starts, ends, strict=True)])
    principal = np.array([amount for _, amount in table.periods])
    principal *= table.balance / principal.sum()
    after = table.balance - np.cumsum(principal)
    before = after + principal
    growth = 1 + rate * every / 12
    grown = growth**counts
    return counts, (before * grown - after) * (growth - 1) / (grown - 1)


def solve_maturity(table: MaturityTable, every: int) -> MaturitySolution:
    """The one rate that the table implies, and the payments that follow."""

    def shortfall(rate: float) -> float:
        counts, payments = payments_by_period(table, every, rate)
        return 1 - float(counts @ payments) / table.payments_left

    rate = falling_root(shortfall, LOWEST, HIGHEST, ROUNDED, LEAST)
    return MaturitySolution(rate, payments_by_period(table, every, rate)[1])


def commencement(scenario: Scenario) -> date | None:
    """The day of COD, on which the lease begins; None where the day of closing is not told."""
    closing = scenario.deal.closing
    return None if closing is None else add_months(closing, scenario.grid.construction)


def course_of_rents(filed: FiledLease, scenario: Scenario) -> Array:
    """Payments after the first one, up to a factor, (n,) float64: level, or as the table's on each date.

    Dates before the table are in its first period, dates after it in its last.
    """
    lease, begin = scenario.lease, commencement(scenario)
    count = lease.term // lease.payment_every
    if filed.rents == "level" or filed.maturity is None or begin is None:
        return np.ones(count)
    levels = solve_maturity(filed.maturity, lease.payment_every).payments
    last_days = [day for day, _ in filed.maturity.periods]
    days = [add_months(begin, lease.payment_every * (number + 1)) for number in range(count)]
    return levels[[min(sum(last < day for last in last_days), len(levels) - 1) for day in days]]


def lessee_liability(scenario: Scenario) -> LesseeLiability | None:
    """The lease as the lessee books it; None without filed figures.

    Raises
    ------
    UserError : where the first payment alone exceeds what is owed.
    """
    lease, begin = scenario.lease, commencement(scenario)
    if lease.filed is None or begin is None:
        return None
    first = lease.first_payment.amount(hardware_cost(scenario.fleet))
    owed, left = lease.filed.opening.amount - first, lease.filed.total.amount - first
    if owed <= 0:
        message = "lease.first_payment: exceeds the opening liability, lease.filed.opening.amount"
        raise UserError(Problem("infeasible-closing", message, key="lease.first_payment"))
    course = course_of_rents(lease.filed, scenario)
    payments = course * (left / course.sum())
    rate = implicit_rate(payments, owed, lease.payment_every)
    return LesseeLiability(begin, lease.filed.opening.amount, first, payments, lease.payment_every, rate)


def with_filed_rents(scenario: Scenario, liability: LesseeLiability | None) -> Scenario:
    """The scenario with the rents of the liability written into its lease as a rate and its steps."""
    if liability is None:
        return scenario
    lease, first = scenario.lease, liability.payments[0]
    hours = unit_count(scenario.fleet) * HOURS_PER_MONTH * lease.commitment * liability.every
    steps = {
        f"{number * liability.every} months": float(payment / first)
        for number, payment in enumerate(liability.payments)
        if number > 0 and payment != liability.payments[number - 1]
    }
    rents = {"rate": float(first / hours), "steps": steps}
    return scenario.model_copy(update={"lease": lease.model_copy(update=rents)})
