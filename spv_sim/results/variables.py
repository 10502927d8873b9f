"""The quantities that a run follows path by path, and the bins that stand for them beyond the kept paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BINS = 8192


@dataclass(frozen=True)
class DealFacts:
    """What the estimates must know of the deal.

    Parameters
    ----------
    commitments : face of each tranche by name [USD].
    total_uses : sum of all uses [USD].
    hurdle : discount rate of the NPV [1/year, effective].
    months : last month of the grid [months from closing].
    debt_start : month in which the debt starts to be served, the completion [months from closing].
    """

    commitments: Mapping[str, float]
    total_uses: float
    hurdle: float
    months: int
    debt_start: int = 0

    @property
    def eps_cash(self) -> float:
        """Amounts up to this count as nothing [USD]."""
        return 1e-9 * self.total_uses

    @property
    def tranches(self) -> tuple[str, ...]:
        """Names of the tranches in order of rank."""
        return tuple(self.commitments)


@dataclass(frozen=True)
class Variable:
    """One number a path, with the resolution at which it is followed once columns are no longer kept.

    Parameters
    ----------
    name : the column's name, or a name of its own where `derive` makes it from other columns.
    low, high : range of the bins; what lies outside falls in one bin to either side.
    bins : number of bins of equal width.
    marks : values counted exactly, below and at, such as the −1 of a total loss.
    tail : keep the sums over each bin that an expected shortfall needs.
    derive : columns to values; None for a column as it is.
    """

    name: str
    low: float
    high: float
    bins: int = BINS
    marks: tuple[float, ...] = ()
    tail: bool = False
    derive: Callable[[Mapping[str, Array]], Array] | None = None

    @property
    def width(self) -> float:
        """Width of a bin."""
        return (self.high - self.low) / self.bins

    def values(self, columns: Mapping[str, Array]) -> Array:
        """One value a path from the columns."""
        return columns[self.name] if self.derive is None else self.derive(columns)


def count_whole(name: str, last: int, marks: tuple[float, ...] = ()) -> Variable:
    """Variable of whole numbers 0 … `last`, a bin each: its quantiles are exact."""
    return Variable(name, -0.5, last + 0.5, last + 1, marks)


def follow_equity(total_uses: float, months: int) -> tuple[Variable, ...]:
    """What is followed of the equity."""
    return (
        Variable("equity.irr", -1.0, 3.0, marks=(-1.0,)),
        count_whole("equity.irr_flag", 7, marks=(1.0,)),
        Variable("equity.moic", 0.0, 10.0, marks=(0.0, 1.0)),
        Variable("equity.npv", -2.0 * total_uses, 8.0 * total_uses, marks=(0.0,)),
        count_whole("equity.payback", months),
        Variable(
            "equity.loss_share",
            -9.0,
            1.0,
            marks=(0.0, 1.0),
            tail=True,
            derive=lambda columns: 1.0 - columns["equity.moic"],
        ),
    )


def follow_vehicle(total_uses: float, months: int) -> tuple[Variable, ...]:
    """What is followed of the vehicle and its lessee."""
    return (
        Variable("spv.min_dscr", -2.0, 10.0),
        Variable("spv.average_dscr", -2.0, 10.0),
        Variable("spv.llcr", -2.0, 10.0),
        count_whole("spv.lock_up_months", months, marks=(0.0,)),
        Variable("spv.breach", 0.0, 1e-8),
        count_whole("lessee.default_month", months),
        Variable("spv.claim", 0.0, total_uses, marks=(0.0,)),
        Variable("spv.sale", 0.0, 2.0 * total_uses, marks=(0.0,)),
    )


def follow_tranche(tranche: str, commitment: float, eps_cash: float, months: int) -> tuple[Variable, ...]:
    """What is followed of a tranche."""
    loss = f"{tranche}.loss"
    top = max(2.0 * commitment, eps_cash)

    def loss_if_any(columns: Mapping[str, Array]) -> Array:
        return np.where(columns[loss] > eps_cash, columns[loss], np.nan)

    return (
        count_whole(f"{tranche}.event_of_default_month", months),
        Variable(loss, 0.0, top, marks=(0.0, eps_cash)),
        Variable(f"{tranche}.loss_if_any", 0.0, top, derive=loss_if_any),
        Variable(f"{tranche}.loss_pv", -0.5, 1.5, marks=(0.0,), tail=True),
        Variable(f"{tranche}.yield", -1.0, 1.0, marks=(-1.0,)),
        count_whole(f"{tranche}.yield_flag", 7),
        Variable(f"{tranche}.wal", 0.0, max(months, 1) / 12.0),
    )


def variables(facts: DealFacts) -> tuple[Variable, ...]:
    """All that a run of this deal follows."""
    followed = follow_equity(facts.total_uses, facts.months) + follow_vehicle(facts.total_uses, facts.months)
    for tranche, commitment in facts.commitments.items():
        followed += follow_tranche(tranche, commitment, facts.eps_cash, facts.months)
    return followed
