"""The debt at closing: sized, laid out on payment dates, turned into kernel terms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.amortisation import AMORTISATIONS, Schedule
from spv_sim.closing.sources_and_uses import (
    DebtTerms,
    SourcesAndUses,
    Spending,
    close_by_commitment,
    close_by_debt_share,
    refuse_negative_uses,
)
from spv_sim.spv.tranche import TrancheTerms

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Tranche
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DebtSchedule:
    """Scheduled interest and principal by month from closing, (months + 1,) float64 each [USD]."""

    interest: Array
    principal: Array

    @property
    def debt_service(self) -> Array:
        """Interest and principal, (months + 1,) float64 [USD]."""
        return self.interest + self.principal


def unit_schedule(tranche: Tranche) -> Schedule:
    """Repayment of one dollar, by payment date."""
    period_rate = tranche.coupon * tranche.payment_every / 12
    return AMORTISATIONS[tranche.amortisation](period_rate, tranche.tenor // tranche.payment_every)


def reserve_share(tranche: Tranche) -> float:
    """Debt service of the reserve's months after completion, per USD of face [1]."""
    return float(unit_schedule(tranche).debt_service[: tranche.dsra // tranche.payment_every].sum())


def size_debt(scenario: Scenario, tranche: Tranche, spent: Spending) -> SourcesAndUses:
    """Sources and uses at the debt share or the advance rate that the scenario asks for.

    Raises
    ------
    UserError : where no amount of debt closes so, or prepaid rent is more than the uses.
    """
    prepaid = float(spent.prepaid_rent.sum())
    refuse_negative_uses(spent.total.sum(keepdims=True), prepaid)
    table = size_to_target(scenario, tranche, spent)
    refuse_negative_uses(table.uses, prepaid)
    return table


def size_to_target(scenario: Scenario, tranche: Tranche, spent: Spending) -> SourcesAndUses:
    """Sources and uses at the target of the scenario."""
    debt = DebtTerms(
        monthly_rate=tranche.coupon / 12,
        commitment_fee=tranche.commitment_fee / 12,
        upfront_fee=tranche.upfront_fee,
        oid=tranche.oid,
        reserve=reserve_share(tranche),
    )
    capital = scenario.capital
    if capital.debt_share is not None:
        return close_by_debt_share(spent, debt, capital.debt_share)
    assert capital.advance_rate is not None  # noqa: S101 - one of the two is validated to be there
    commitment = capital.advance_rate * float(spent.hardware.sum())
    return close_by_commitment(spent, debt, commitment, "capital.advance_rate")


def lay_out(tranche: Tranche, commitment: float, completion: int, last_month: int) -> DebtSchedule:
    """Scheduled debt service by month from closing."""
    unit = unit_schedule(tranche)
    dates = completion + tranche.payment_every * np.arange(1, len(unit.principal) + 1)
    interest, principal = np.zeros(last_month + 1), np.zeros(last_month + 1)
    interest[dates] = commitment * unit.interest
    principal[dates] = commitment * unit.principal
    return DebtSchedule(interest, principal)


def tranche_terms(
    tranche: Tranche, commitment: float, schedule: DebtSchedule, completion: int
) -> TrancheTerms:
    """Kernel terms of the tranche."""
    every = tranche.payment_every
    period_rate = tranche.coupon * every / 12
    months = np.arange(len(schedule.principal))
    paid_by = np.concatenate(([0.0], np.cumsum(schedule.debt_service)))
    ahead = np.minimum(months + tranche.dsra, len(months) - 1)
    return TrancheTerms(
        rank=np.array([tranche.rank]),
        commitment=np.array([commitment]),
        period_rate=np.full((1, len(months)), period_rate),
        default_margin=np.zeros(1),
        arrears_rate=np.array([period_rate if tranche.interest_on_arrears == "coupon" else 0.0]),
        capitalises=np.zeros(1, dtype=bool),
        maturity=np.array([completion + tranche.tenor]),
        scheduled_principal=schedule.principal[None, :],
        dsra_target=(paid_by[ahead + 1] - paid_by[months + 1])[None, :],
        lock_up=np.array([-math.inf if tranche.lock_up_dscr is None else tranche.lock_up_dscr]),
        discount=((1 + period_rate) ** (-months / every))[None, :],
    )


def payment_dates(completion: int, every: int, last_month: int) -> NDArray[np.bool_]:
    """(last_month + 1,) bool: the months after completion in which the debt is paid."""
    months = np.arange(last_month + 1)
    return np.asarray((months > completion) & ((months - completion) % every == 0))
