"""A closed tranche in kernel terms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

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
    for number, (name, tranche) in enumerate(capital.tranche.items()):
        at = f"capital.tranche.{name}"
        if number:
            message = f"{at}: the simulation knows one tranche"
            problems.append(Problem("unsupported", message, key=at))
        for setting, usual in (
            ("base_rate", None),
            ("pik", False),
            ("default_margin", 0.0),
            ("cash_sweep", 0.0),
            ("agency_fee", 0.0),
            ("dsra_kind", "cash"),
            ("prepayment_premium", None),
            ("negative_amortisation", "clamp"),
        ):
            if getattr(tranche, setting) != usual:
                message = f"{at}.{setting}: the simulation does not know it yet; leave it out"
                problems.append(Problem("unsupported", message, key=f"{at}.{setting}"))
    if capital.equity:
        message = "capital.equity: the simulation knows one class of equity"
        problems.append(Problem("unsupported", message, key="capital.equity"))
    if problems:
        raise UserError(*problems)


def tranche_terms(tranche: Tranche, closed: TrancheClosing) -> TrancheTerms:
    """Kernel terms of the tranche."""
    every = tranche.payment_every
    period_rate = (tranche.coupon or 0.0) * every / 12
    return TrancheTerms(
        commitment=closed.commitment,
        pays=closed.pays,
        payment_every=every,
        period_rate=period_rate,
        arrears_rate=period_rate if tranche.interest_on_arrears == "coupon" else 0.0,
        maturity=closed.maturity,
        grace=tranche.grace,
        scheduled_principal=closed.scheduled_principal,
        dsra_target=closed.dsra_target,
        lock_up=-math.inf if tranche.lock_up_dscr is None else tranche.lock_up_dscr,
        discount=closed.discount,
    )
