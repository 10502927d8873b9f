"""Closed tranches in kernel terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.tranche_closing import TrancheClosing
from spv_sim.engine.refinancing import NEW_LOAN
from spv_sim.spv.floating_rate import NO_FLOOR
from spv_sim.spv.hedge import CAP, NO_HEDGE, SWAP, HedgeTerms
from spv_sim.spv.interest import InterestTerms
from spv_sim.spv.tranche import TrancheTerms

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Capital, Tranche

Array = NDArray[np.float64]

HEDGES = {"none": NO_HEDGE, "swap": SWAP, "cap": CAP}


def place_of_new_loan(closed: Sequence[TrancheClosing]) -> int:
    """Place of the loan that may refinance another; -1 without one."""
    return next((i for i, of in enumerate(closed) if of.name == NEW_LOAN), -1)


def grows_by(capital: Capital) -> float:
    """What the scheduled principal of a new loan grows by between dates, in units of its coupon [1]."""
    return float(
        any(of.refinance and of.refinance.amortisation == "level" for of in capital.tranche.values())
    )


def fees_by_date(tranche: TrancheClosing) -> Array:
    """Fees of the period that ends on each date, (months + 1,) float64 [USD]."""
    paid_by = np.cumsum(tranche.fees)
    due = np.zeros_like(paid_by)
    due[tranche.pays] = np.diff(paid_by[tranche.pays], prepend=0.0)
    return due


def slow_of(said: Sequence[Tranche]) -> list[bool]:
    """Whether each tranche pays on some of the payment dates alone."""
    every = min(tranche.payment_every for tranche in said)
    return [tranche.payment_every > every for tranche in said]


def coupon_by_date(
    tranche: Tranche, closed: TrancheClosing, dates: NDArray[np.bool_], slow: bool
) -> tuple[Array, Array]:
    """Coupon and fraction of a year of the time since the payment date before, (months + 1,) float64 each.

    Of a tranche that pays on some of the dates alone, its fixed coupon in equal parts on all.

    Parameters
    ----------
    dates : (months + 1,) bool, payment dates of the first rank.  slow : whether it pays on some alone.
    """
    coupon = closed.coupon
    if tranche.coupon is None or not slow:
        return coupon.by_month, coupon.accrual
    parts = np.count_nonzero(dates) / np.count_nonzero(closed.pays)
    rate, accrual = tranche.coupon * tranche.payment_every / 12, tranche.payment_every / 12
    return np.where(dates, rate / parts, coupon.by_month), np.where(dates, accrual / parts, 0.0)


def interest_terms(
    said: Sequence[Tranche], closed: Sequence[TrancheClosing], rates_move: bool
) -> InterestTerms:
    """Kernel terms of the coupons; `rates_move` tells whether base rates differ by path."""
    floats = [tranche.base_rate is not None and rates_move for tranche in said]
    by_date = [
        coupon_by_date(tranche, at, closed[0].pays, slow)
        for tranche, at, slow in zip(said, closed, slow_of(said), strict=True)
    ]
    return InterestTerms(
        period_rate=np.array([rate for rate, _ in by_date]),
        accrual=np.array([accrual for _, accrual in by_date]),
        index=np.array([at.coupon.index for at in closed]),
        discount=np.array([at.coupon.discount for at in closed]),
        default_margin=np.array([tranche.default_margin for tranche in said]),
        bears_on_arrears=np.array([tranche.interest_on_arrears == "coupon" for tranche in said]),
        any_floats=any(floats),
        floats=np.array(floats),
        quarterly=np.array([tranche.payment_every == 3 for tranche in said]),
        compounds=np.array([tranche.base_rate == "compounded" for tranche in said]),
        floor=np.array([NO_FLOOR if tranche.floor is None else tranche.floor for tranche in said]),
        margin=np.array([tranche.margin or 0.0 for tranche in said]),
        agreed=place_of_new_loan(closed),
    )


def hedge_terms(said: Sequence[Tranche], closed: Sequence[TrancheClosing]) -> HedgeTerms:
    """Kernel terms of the hedges."""
    return HedgeTerms(
        used=any(at.hedge.kind != "none" for at in closed),
        kind=np.array([HEDGES[at.hedge.kind] for at in closed]),
        notional=np.array([at.hedge_notional for at in closed]),
        rate=np.array([at.hedge.rate for at in closed]),
        every=np.array([tranche.payment_every for tranche in said]),
    )


def tranche_terms(capital: Capital, closed: Sequence[TrancheClosing], rates_move: bool) -> TrancheTerms:
    """Kernel terms of the tranches, in their order."""
    said = [capital.tranche[tranche.name] for tranche in closed]
    return TrancheTerms(
        rank=np.array([at.rank for at in closed]),
        commitment=np.array([at.commitment for at in closed]),
        interest=interest_terms(said, closed, rates_move),
        hedge=hedge_terms(said, closed),
        any_fees=any(at.fees.any() for at in closed),
        fees=np.array([fees_by_date(at) for at in closed]),
        any_premium=any(at.prepayment_premium.any() for at in closed) or place_of_new_loan(closed) >= 0,
        premium=np.array([at.prepayment_premium for at in closed]),
        capitalises=np.array([tranche.pik for tranche in said]),
        maturity=np.array([at.maturity for at in closed]),
        any_slow=any(slow_of(said)),
        slow=np.array(slow_of(said)),
        own_date=np.array([at.pays for at in closed]),
        scheduled_principal=np.array([at.scheduled_principal for at in closed]),
        dsra_target=np.array([at.dsra_target * (at.reserve_kind != "letter_of_credit") for at in closed]),
        new_loan=place_of_new_loan(closed),
        new_month=next((of.refinance.month for of in said if of.refinance), 0),
        new_growth=grows_by(capital),
    )
