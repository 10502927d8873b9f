"""One tranche at closing: its size, its draws and all that falls due, by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.amortisation import Schedule
from spv_sim.closing.commitments import Sized
from spv_sim.closing.coupon import Coupon, payment_dates
from spv_sim.closing.cover import Plan
from spv_sim.closing.hedge import Hedge
from spv_sim.closing.periods import YEAR
from spv_sim.closing.prepayment import premium_by_month
from spv_sim.closing.sources_and_uses import DebtTerms

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SizingCase:
    """The simulated cash flow that a tranche is sized on.

    name : such as "p90".  face : what it allows at the target cover, with its standard error [USD].
    paths, seed : of the pilot set.
    """

    name: str
    face: float
    standard_error: float
    paths: int
    seed: int


@dataclass(frozen=True)
class TrancheClosing:
    """A closed tranche; by month from closing are arrays of (completion + 1,) or (months + 1,) float64.

    rank : order of payment; equal ranks are paid pro rata.
    commitment : face [USD].  gearing : net proceeds over total uses [1].
    binding : the setting that limits the size.
    draws : face drawn, up to completion [USD].  net_proceeds : the same less the discount [USD].
    interest_during_construction, commitment_fee, upfront_fee : uses up to completion [USD].
    coupon : on the forward curve.
    pays : (months + 1,) bool, the debt dates.
    scheduled_interest, scheduled_principal, scheduled_hedge_cost : after completion, at forward rates [USD].
    hedge : swap or cap.  hedge_notional : of the debt period that ends on the date [USD].
    maturity : month in which everything is due.
    reserve_kind : "cash", "letter_of_credit" or "sweep".
    reserve : cash paid into the DSRA at completion [USD].
    dsra_target : scheduled debt service of the reserve's months ahead [USD].
    fees : of agent and letter of credit, due before interest [USD].
    prepayment_premium : share of what is prepaid [1].
    case : what it is sized on, if not on the base case.
    """

    name: str
    rank: int
    commitment: float
    gearing: float
    binding: str
    draws: Array
    net_proceeds: Array
    interest_during_construction: Array
    commitment_fee: Array
    upfront_fee: Array
    coupon: Coupon
    pays: NDArray[np.bool_]
    scheduled_interest: Array
    scheduled_principal: Array
    scheduled_hedge_cost: Array
    hedge: Hedge
    hedge_notional: Array
    maturity: int
    reserve_kind: str
    reserve: float
    dsra_target: Array
    fees: Array
    prepayment_premium: Array
    case: SizingCase | None = None

    @property
    def scheduled_debt_service(self) -> Array:
        """Interest, principal and what the hedge costs, (months + 1,) float64 [USD]."""
        return self.scheduled_interest + self.scheduled_principal + self.scheduled_hedge_cost

    @property
    def lender_flow(self) -> Array:
        """What the lender receives less what it pays up to completion, (completion + 1,) float64 [USD]."""
        return self.upfront_fee + self.interest_during_construction + self.commitment_fee - self.net_proceeds


def service_ahead(service: Array, months: int, every: int) -> float:
    """Debt service of the dates within the next months; of a year that begins in them, their part of it.

    Source: model 7.5; Annex P for years.

    Parameters
    ----------
    service : (n,) float64, due on the dates to come [USD].
    every : months between them.
    """
    dates, part = divmod(months, every)
    whole = float(service[:dates].sum())
    if every < YEAR or not part or dates == len(service):
        return whole
    return whole + part / every * float(service[dates])


def reserve_target(service: Array, dates: NDArray[np.int64], months: int, every: int) -> Array:
    """Debt service of the months ahead by month, from each date to the next: (months + 1,) float64 [USD].

    Parameters
    ----------
    service : (months + 1,) float64, by month [USD].
    dates : (n,) months in which it is due.
    """
    target = np.zeros(len(service))
    due, starts = service[dates], [int(dates[0]) - every, *dates.tolist()]
    for number, start in enumerate(starts):
        target[start : start + every] = service_ahead(due[number:], months, every)
    return target


def close_tranche(
    plan: Plan, unit: Schedule, debt: DebtTerms, sized: Sized, at: int, completion: int
) -> TrancheClosing:
    """The tranche in the place `at` of a closed structure."""
    tranche, run = plan.tranche, sized.run
    months = len(plan.coupon.by_month)
    commitment = sized.commitments[at]
    interest, principal, hedge_cost, notional = np.zeros((4, months))
    owed = commitment * unit.balance[:-1]
    hedge_cost[plan.dates] = owed * plan.hedge_cost
    notional[plan.dates] = owed * plan.hedge.share
    interest[plan.dates] = commitment * unit.interest
    principal[plan.dates] = commitment * unit.principal
    target = reserve_target(interest + principal, plan.dates, tranche.dsra, tranche.payment_every)
    maturity = completion + tranche.tenor
    fees = np.zeros(months)
    fees[completion + 1 : maturity + 1] = tranche.agency_fee
    if tranche.dsra_kind == "letter_of_credit":
        fees[completion + 1 :] += tranche.letter_of_credit_fee / 12 * target[completion:-1]
    return TrancheClosing(
        name=plan.name,
        rank=tranche.rank,
        commitment=commitment,
        gearing=sized.shares[at],
        binding=sized.binding[at],
        draws=run.draws[at],
        net_proceeds=run.draws[at] * (1 - debt.oid),
        interest_during_construction=run.interest[at],
        commitment_fee=run.commitment_fee[at],
        upfront_fee=run.upfront_fee[at],
        coupon=plan.coupon,
        pays=payment_dates(completion, tranche.payment_every, months - 1),
        scheduled_interest=interest - hedge_cost,
        scheduled_principal=principal,
        scheduled_hedge_cost=hedge_cost,
        hedge=plan.hedge,
        hedge_notional=notional,
        maturity=maturity,
        reserve_kind=tranche.dsra_kind,
        reserve=float(run.reserve[at].sum()),
        dsra_target=target,
        fees=fees,
        prepayment_premium=premium_by_month(tranche.prepayment_premium, completion, months - 1),
    )
