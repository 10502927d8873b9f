"""Refinancing at closing: the place of a loan that may be lent later, and its terms for the kernel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.coupon import Coupon
from spv_sim.closing.hedge import UNHEDGED
from spv_sim.closing.periods import YEAR
from spv_sim.closing.tranche_closing import TrancheClosing
from spv_sim.engine.refinancing import NEW_LOAN
from spv_sim.spv.new_loan import BULLET, LEVEL, STRAIGHT_LINE, RefinanceTerms

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Capital
    from spv_sim.scenario.credit import Credit
    from spv_sim.scenario.refinancing import Refinance
    from spv_sim.scenario.waterfall import Step

Array = NDArray[np.float64]

PROFILES = {"level": LEVEL, "straight_line": STRAIGHT_LINE, "bullet": BULLET}

NOT_IN_USE = RefinanceTerms(
    in_use=False,
    month=0,
    every=1,
    old=0,
    new=-1,
    matures=False,
    pays_out=False,
    if_cheaper=False,
    profile=LEVEL,
    reserve_dates=0.0,
    on_curve=False,
    base_rate=0.0,
    has_coupon=True,
    spread=0.0,
    makes_whole=False,
    whole_spread=0.0,
    fee=0.0,
    max_ltv=math.inf,
    price_share=1.0,
    min_dscr=0.0,
    cash_flow=np.zeros(1),
    exit_date=0,
    resale=0.0,
)


def refinanced_tranche(capital: Capital) -> str | None:
    """Name of the tranche that a new loan may repay; None without one."""
    return next((name for name, of in capital.tranche.items() if of.refinance is not None), None)


def new_maturity(said: Refinance, every: int, lease_end: int) -> int:
    """Month in which the new loan matures: by its tenor, or on the last debt date of the lease."""
    tenor = (lease_end - said.month) // every * every if said.tenor is None else said.tenor
    return said.month + tenor


def with_new_loan(capital: Capital, completion: int, lease_end: int) -> Capital:
    """The capital with the new loan as a tranche of its own, of which nothing is lent at closing."""
    name = refinanced_tranche(capital)
    if name is None:
        return capital
    old = capital.tranche[name]
    said = old.refinance
    if said is None:
        raise AssertionError("the tranche is one that is refinanced")
    other = {
        "coupon": 0.0,
        "base_rate": None,
        "margin": None,
        "floor": None,
        "hedge_share": 0.0,
        "agency_fee": 0.0,
        "prepayment_premium": None,
        "lock_up_dscr": None,
        "dsra": said.dsra,
        "tenor": new_maturity(said, old.payment_every, lease_end) - completion,
        "refinance": None,
    }
    return capital.model_copy(update={"tranche": {**capital.tranche, NEW_LOAN: old.model_copy(update=other)}})


def lent_at_closing(capital: Capital) -> Capital:
    """The capital without the loan that may be lent later."""
    lent = {name: of for name, of in capital.tranche.items() if name != NEW_LOAN}
    return capital if len(lent) == len(capital.tranche) else capital.model_copy(update={"tranche": lent})


def new_loan_closing(capital: Capital, closed: Sequence[TrancheClosing], maturity: int) -> TrancheClosing:
    """The place of the new loan behind the tranches lent at closing: nothing is drawn or scheduled."""
    name = refinanced_tranche(capital)
    old = next(of for of in closed if of.name == name)
    before, after = np.zeros_like(old.draws), np.zeros_like(old.fees)
    every = capital.tranche[old.name].payment_every
    coupon = Coupon(after, np.ones_like(after), after, np.where(old.pays, every / 12, 0.0))
    return replace(
        old,
        name=NEW_LOAN,
        commitment=0.0,
        gearing=0.0,
        binding="",
        draws=before,
        net_proceeds=before,
        interest_during_construction=before,
        commitment_fee=before,
        upfront_fee=before,
        coupon=coupon,
        scheduled_interest=after,
        scheduled_principal=after,
        scheduled_hedge_cost=after,
        hedge=UNHEDGED,
        hedge_notional=after,
        maturity=maturity,
        reserve=0.0,
        dsra_target=after,
        fees=after,
        prepayment_premium=after,
        case=None,
    )


def steps_with_new_loan(steps: Sequence[Step], capital: Capital) -> list[Step]:
    """The steps of a priority of payments, in which the new loan stands beside the one that it repays."""
    old = refinanced_tranche(capital)

    def is_shared(step: Step) -> bool:
        return old in step.to and step.what not in ("fees", "letter_of_credit")

    return [
        step.model_copy(update={"to": [*step.to, NEW_LOAN]}) if is_shared(step) else step for step in steps
    ]


def average_hazard(cumulative: Array, credit: Credit, begin: int, end: int) -> float:
    """Average hazard under Q between two months, of lessees that have survived to the first [1/year].

    The hazards that a run uses under P are multiplied by the risk premium where there is one.

    Parameters
    ----------
    cumulative : (months + 1,) float64, -ln of the probability of survival to each month [1].
    """
    factor = credit.risk_premium or 1.0 if credit.used_measure == "P" else 1.0
    return factor * float(cumulative[end] - cumulative[begin]) * 12 / (end - begin)


def cash_by_date(flow: Array, pays: NDArray[np.bool_]) -> Array:
    """On each payment date the cash flow of the months since the one before: (months + 1,) float64 [USD]."""
    found, summed = np.zeros(len(flow)), np.cumsum(flow)
    found[pays] = np.diff(summed[pays], prepend=0.0)
    return found


def refinance_terms(
    capital: Capital,
    closed: Sequence[TrancheClosing],
    credit: Credit,
    cumulative_hazard: Array,
    cash_flow: Array,
    value: Array,
    lease_end: int,
) -> RefinanceTerms:
    """The refinancing in kernel terms.

    Parameters
    ----------
    capital : as the scenario says it.  closed : the tranches in order, the new loan last.
    cumulative_hazard : (months + 1,) float64, -ln of the lessee's survival to each month [1].
    cash_flow : (months + 1,) float64, of the contract as expected at closing, less opex [USD].
    value : (months + 1,) float64, expected resale value of the fleet [USD].
    lease_end : month in which the lease ends.

    Source: model 7.11, 7.12. The hazard of the spread is the average over lessees that have survived, and
    not that of the path's own state of credit.
    """
    name = refinanced_tranche(capital)
    said = None if name is None else capital.tranche[name].refinance
    if name is None or said is None:
        return NOT_IN_USE
    new, every = len(closed) - 1, capital.tranche[name].payment_every
    old = next(i for i, of in enumerate(closed) if of.name == name)
    spread = said.coupon if said.coupon is not None else said.liquidity_spread or 0.0
    if said.recovery_rate is not None:
        hazard = average_hazard(cumulative_hazard, credit, said.month, closed[new].maturity)
        spread += (1 - said.recovery_rate) * hazard
    dates = np.flatnonzero(closed[old].pays)
    exit_date = int(dates[np.searchsorted(dates, lease_end)])
    return RefinanceTerms(
        in_use=True,
        month=said.month,
        every=every,
        old=old,
        new=new,
        matures=said.month == closed[old].maturity,
        pays_out=said.cash_out,
        if_cheaper=said.exercise == "if_cheaper",
        profile=PROFILES[said.amortisation],
        reserve_dates=said.dsra / every if every >= YEAR else float(said.dsra // every),
        on_curve=said.base_rate is None,
        base_rate=said.base_rate or 0.0,
        has_coupon=said.coupon is not None,
        spread=spread,
        makes_whole=said.premium == "make_whole",
        whole_spread=said.make_whole_spread,
        fee=said.fee,
        max_ltv=math.inf if said.max_ltv is None else said.max_ltv,
        price_share=1 - said.haircut,
        min_dscr=said.min_dscr or 0.0,
        cash_flow=cash_by_date(cash_flow, closed[old].pays),
        exit_date=exit_date,
        resale=float(value[lease_end] / value[said.month]),
    )
