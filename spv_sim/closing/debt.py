"""Closed tranches in kernel terms."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spv_sim.closing.tranche_closing import TrancheClosing
from spv_sim.errors import Problem, UserError
from spv_sim.spv.tranche import TrancheTerms

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Capital, Tranche


def check_runnable(capital: Capital) -> None:
    """Refuse what can be closed but not yet simulated, instead of leaving it out.

    Raises
    ------
    UserError : with every setting of the kind.
    """
    problems = []
    intervals = {tranche.payment_every for tranche in capital.tranche.values()}
    for name, tranche in capital.tranche.items():
        at = f"capital.tranche.{name}"
        if len(intervals) > 1:
            message = f"{at}.payment_every: the simulation knows one payment interval for all tranches"
            problems.append(Problem("unsupported", message, key=f"{at}.payment_every"))
        for setting, usual in (
            ("base_rate", None),
            ("agency_fee", 0.0),
            ("letter_of_credit_fee", 0.0),
            ("prepayment_premium", None),
            ("negative_amortisation", "clamp"),
        ):
            if getattr(tranche, setting) != usual:
                message = f"{at}.{setting}: the simulation does not know it yet; leave it out"
                problems.append(Problem("unsupported", message, key=f"{at}.{setting}"))
    if problems:
        raise UserError(*problems)


def tranche_terms(capital: Capital, closed: Sequence[TrancheClosing]) -> TrancheTerms:
    """Kernel terms of the tranches, in their order."""
    said = [capital.tranche[tranche.name] for tranche in closed]

    def each(value: Callable[[Tranche, TrancheClosing], Any]) -> Any:
        return np.array([value(*pair) for pair in zip(said, closed, strict=True)])

    def period(tranche: Tranche) -> float:
        return tranche.payment_every / 12

    return TrancheTerms(
        rank=each(lambda tranche, at: at.rank),
        commitment=each(lambda tranche, at: at.commitment),
        period_rate=each(lambda tranche, at: at.coupon_by_month),
        default_margin=each(lambda tranche, at: tranche.default_margin * period(tranche)),
        arrears_rate=each(
            lambda tranche, at: (
                (tranche.coupon or 0.0) * period(tranche) if tranche.interest_on_arrears == "coupon" else 0.0
            )
        ),
        capitalises=each(lambda tranche, at: tranche.pik),
        maturity=each(lambda tranche, at: at.maturity),
        scheduled_principal=each(lambda tranche, at: at.scheduled_principal),
        dsra_target=each(lambda tranche, at: at.dsra_target * (tranche.dsra_kind != "letter_of_credit")),
        lock_up=each(lambda tranche, at: -math.inf if tranche.lock_up_dscr is None else tranche.lock_up_dscr),
        discount=each(lambda tranche, at: at.discount),
    )
