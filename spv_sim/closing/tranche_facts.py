"""What is known of each tranche at closing, tranche by tranche in order of rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def by_tranche(values: ArrayLike, count: int, *, monthly: bool = False) -> Array:
    """(tranches,) or (tranches, months) of what is given with or without an axis of tranches."""
    array = np.asarray(values, dtype=np.float64)
    return np.broadcast_to(array, (count, *array.shape[-1:]) if monthly else (count,))


def tranche_facts(closed: Closed) -> tuple[TrancheFacts, ...]:
    """Facts of every tranche of a closed deal."""
    deal, table, count = closed.terms.deal, closed.table, len(closed.tranches)
    single = (deal.tranche.commitment, deal.tranche.maturity, table.gearing)
    series = (
        deal.tranche.discount,
        closed.debt.interest,
        closed.debt.principal,
        table.draws,
        table.net_proceeds,
    )
    commitment, maturity, gearing = (by_tranche(values, count) for values in single)
    discount, interest, principal, draws, proceeds = (
        by_tranche(values, count, monthly=True) for values in series
    )
    return tuple(
        TrancheFacts(
            name=name,
            commitment=float(commitment[row]),
            maturity=int(maturity[row]),
            gearing=float(gearing[row]),
            discount=discount[row],
            scheduled_interest=interest[row],
            scheduled_principal=principal[row],
            draws=draws[row],
            net_proceeds=proceeds[row],
        )
        for row, name in enumerate(closed.tranches)
    )


def lock_up_levels(closed: Closed) -> tuple[float | None, ...]:
    """DSCR down to each tranche below which distributions are trapped [x]; None without a test."""
    levels = (float(level) for level in closed.terms.deal.tranche.lock_up)
    return tuple(level if np.isfinite(level) else None for level in levels)
