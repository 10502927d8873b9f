"""What is known of each tranche at closing, tranche by tranche in order of rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spv_sim.closing.close import Closed

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TrancheFacts:
    """One tranche at closing.

    name : its own.  commitment : face drawn by completion [USD].
    maturity : month in which everything is due.  gearing : net proceeds over total uses [1].
    discount : (months + 1,) float64, present value factor at its coupon, from closing [1].
    scheduled_interest, scheduled_principal : (months + 1,) float64 [USD].
    draws, net_proceeds : (completion + 1,) float64, face drawn, and what the vehicle gets for it [USD].
    """

    name: str
    commitment: float
    maturity: int
    gearing: float
    discount: Array
    scheduled_interest: Array
    scheduled_principal: Array
    draws: Array
    net_proceeds: Array

    @property
    def debt_service(self) -> Array:
        """Scheduled interest and principal, (months + 1,) float64 [USD]."""
        return self.scheduled_interest + self.scheduled_principal


def tranche_facts(closed: Closed) -> tuple[TrancheFacts, ...]:
    """Facts of every tranche of a closed deal."""
    return tuple(
        TrancheFacts(
            name=of.name,
            commitment=of.commitment,
            maturity=of.maturity,
            gearing=of.gearing,
            discount=of.discount,
            scheduled_interest=of.scheduled_interest,
            scheduled_principal=of.scheduled_principal,
            draws=of.draws,
            net_proceeds=of.net_proceeds,
        )
        for of in closed.capital.tranches
    )


def lock_up_levels(closed: Closed) -> tuple[float | None, ...]:
    """DSCR down to each tranche below which distributions are trapped [x]; None without a test."""
    levels = (float(level) for level in closed.terms.deal.tranche.lock_up)
    return tuple(level if np.isfinite(level) else None for level in levels)
