"""Hedges at closing: the par rate of a swap, the premium of a cap, and what both cost in the base case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.amortisation import Schedule
from spv_sim.closing.swap import SwapLegs, cap_premium, par_swap_rate

if TYPE_CHECKING:
    from spv_sim.closing.cover import Plan
    from spv_sim.closing.forward_rates import ForwardRates
    from spv_sim.scenario.capital import Tranche

Array = NDArray[np.float64]


SETTLED = 1e-12
"""Difference of rates or of premiums up to which a hedge counts as found."""


@dataclass(frozen=True)
class Hedge:
    """A hedge of one tranche.

    kind : "none", "swap" or "cap".  share : of the scheduled balance [1].
    rate : fixed rate of a swap, strike of a cap [1/year].
    premium : paid at closing for a cap, per USD of face [1].
    """

    kind: str = "none"
    share: float = 0.0
    rate: float = 0.0
    premium: float = 0.0

    def cost(self, index: Array, accrual: Array) -> Array:
        """What a dollar of scheduled balance pays on its hedge over periods of given base rates [1]."""
        if self.kind == "none":
            return np.zeros_like(index)
        difference = self.rate - index
        if self.kind == "cap":
            difference = np.minimum(difference, 0.0)
        return np.asarray(self.share * difference * accrual)

    def is_near(self, other: Hedge) -> bool:
        """Whether another round of closing would change nothing that counts."""
        moved = max(abs(self.rate - other.rate), abs(self.premium - other.premium))
        return self.kind == other.kind and moved <= SETTLED


UNHEDGED = Hedge()


def hedge_kind(tranche: Tranche) -> str:
    """Which hedge the scenario asks for."""
    if tranche.hedge_share == 0:
        return "none"
    return "swap" if tranche.cap_rate is None else "cap"


def hedge_legs(plan: Plan, unit: Schedule) -> SwapLegs:
    """Hedged periods of one dollar of face, from COD on."""
    every = plan.tranche.payment_every
    return SwapLegs(
        notional=plan.tranche.hedge_share * unit.balance[:-1],
        start=(plan.dates - every) / 12,
        end=plan.dates / 12,
        accrual=plan.coupon.accrual[plan.dates],
    )


def hedge_of(plan: Plan, unit: Schedule, forward: ForwardRates | None) -> Hedge:
    """The hedge of a repayment schedule: a swap at par from COD on, or a cap paid for at closing.

    Limits
    ------
    What is drawn before COD is not hedged. The bank's margin on the hedge is left out.

    Source: model 7.6.
    """
    tranche, kind = plan.tranche, hedge_kind(plan.tranche)
    legs = hedge_legs(plan, unit)
    if kind == "none" or forward is None or not legs.notional.any():
        return UNHEDGED
    if kind == "swap":
        return Hedge(kind, tranche.hedge_share, par_swap_rate(forward.curve, legs))
    strike = tranche.cap_rate or 0.0
    in_arrears = tranche.base_rate == "compounded"
    premium = cap_premium(legs, strike, forward.curve, forward.model, in_arrears)
    return Hedge(kind, tranche.hedge_share, strike, premium)
