"""Sizes of a tranche out of what the base case earns and the fleet is worth, behind what ranks before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.amortisation import Schedule, unit_schedule
from spv_sim.closing.coupon import Coupon
from spv_sim.closing.hedge import UNHEDGED, Hedge
from spv_sim.closing.sculpting import NoCashFlowError, sculpt

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Tranche

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """A tranche before its size is known.

    dates : (n,) months in which it is repaid.  coupon : by month.  hedge : as found in the round before.
    """

    name: str
    tranche: Tranche
    dates: NDArray[np.int64]
    coupon: Coupon
    hedge: Hedge = UNHEDGED

    @property
    def hedge_cost(self) -> Array:
        """What a dollar owed pays on its hedge for each debt period at forward rates, (n,) float64 [1]."""
        return self.hedge.cost(self.coupon.index[self.dates], self.coupon.accrual[self.dates])

    @property
    def rates(self) -> Array:
        """What a dollar owed costs in each debt period, its hedge included, (n,) float64 [1]."""
        return self.coupon.by_month[self.dates] + self.hedge_cost


@dataclass(frozen=True)
class Before:
    """What ranks before a tranche or beside it with a size of its own, and who shares the rest with it.

    debt_service, balance : (months + 1,) float64 [USD].
    beside : tranches of the rank, this one included, that share what is left in equal parts.
    """

    debt_service: Array
    balance: Array
    beside: int


def balance_by_month(plan: Plan, unit: Schedule, last_month: int) -> Array:
    """Scheduled balance after each month's payment from COD on, (months + 1,) float64 [1]."""
    first = int(plan.dates[0]) - plan.tranche.payment_every
    owed = np.zeros(last_month + 1)
    edges = [first, *plan.dates.tolist()]
    for start, end, left in zip(edges, edges[1:], unit.balance.tolist(), strict=False):
        owed[start:end] = left
    return owed


def service_by_month(plan: Plan, unit: Schedule, last_month: int) -> Array:
    """Scheduled debt service, per USD of face: (months + 1,) float64 [1]."""
    due = np.zeros(last_month + 1)
    due[plan.dates] = unit.debt_service
    return due


def left_for(plan: Plan, target: float, cash_flow: Array, before: Before) -> Array:
    """Debt service that keeps the target cover on each date, (n,) float64 [USD].

    Cash flow and prior debt service are those since the date before.
    Source: model 7.3, R3.
    """
    every = plan.tranche.payment_every
    earned, prior = (np.concatenate(([0.0], np.cumsum(flow))) for flow in (cash_flow, before.debt_service))
    start, end = plan.dates - every + 1, plan.dates + 1
    if every == 1:
        return (cash_flow[plan.dates] / target - before.debt_service[plan.dates]) / before.beside
    return np.asarray(((earned[end] - earned[start]) / target - (prior[end] - prior[start])) / before.beside)


def repay(plan: Plan, cash_flow: Array, before: Before) -> tuple[Schedule, float]:
    """Repayment of one dollar, and the face that the target cover allows (inf without a target) [USD].

    Raises
    ------
    UserError : a sculpted tranche is owed in a month without cash flow.

    Source: model 2.4 c and d.
    """
    tranche = plan.tranche
    target = tranche.target_dscr
    if target is None:
        return unit_schedule(tranche, plan.rates), math.inf
    service = left_for(plan, target, cash_flow, before)
    if tranche.amortisation != "sculpted":
        unit = unit_schedule(tranche, plan.rates)
        asked = unit.debt_service > 0
        faces = service[asked] / unit.debt_service[asked]
        return unit, max(float(faces.min()), 0.0) if faces.size else math.inf
    try:
        face, schedule = sculpt(service, plan.rates, tranche.negative_amortisation)
    except NoCashFlowError as fault:
        raise fault.at(plan.name, int(plan.dates[fault.date]), tranche.sizing_case) from None
    if face == 0:
        return Schedule(schedule.interest, schedule.principal), 0.0
    return Schedule(schedule.interest / face, schedule.principal / face), face


def face_by_value(plan: Plan, unit: Schedule, value: Array, before: Before, limits: Sequence[float]) -> float:
    """Face at which the balance stays within a share of the fleet's value, month by month [USD].

    Parameters
    ----------
    value : (months + 1,) float64, expected resale value of the fleet [USD].
    limits : highest loan to value, one for each year from COD, the last of which continues [1].

    Source: model 2.4 e.
    """
    owed = balance_by_month(plan, unit, len(value) - 1)
    months = np.flatnonzero(owed > 0)
    if not months.size:
        return math.inf
    first = int(plan.dates[0]) - plan.tranche.payment_every
    year = np.minimum((months - first) // 12, len(limits) - 1)
    room = np.array(limits)[year] * value[months] - before.balance[months]
    return max(float((room / owed[months]).min()) / before.beside, 0.0)
