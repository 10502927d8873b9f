"""One line of the table: a time of ours, a time of theirs, their ratio and its goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from spv_sim.bench.pairs import pair_up


@dataclass(frozen=True)
class Goal:
    """A bound on the ratio, or on our own figure in the row's unit."""

    limit: float
    is_most: bool = True
    of: Literal["ratio", "ours"] = "ratio"

    def text(self, unit: str) -> str:
        """As the table shows it."""
        return f"{'≤' if self.is_most else '≥'} {self.limit:g}" + (f" {unit}" if self.of == "ours" else "")


def at_most(limit: float) -> Goal:
    """The ratio is to stay at or below `limit`."""
    return Goal(limit)


def at_least(limit: float) -> Goal:
    """The ratio is to stay at or above `limit`."""
    return Goal(limit, is_most=False)


def within(limit: float) -> Goal:
    """Our own figure is to stay at or below `limit`, in the row's unit."""
    return Goal(limit, of="ours")


@dataclass(frozen=True)
class Row:
    """A comparison.

    ours, theirs : medians over the repetitions [unit].
    ratio, low, high : median, least and greatest of the ratios of the repetitions, each of one pair [1].
    note : what else the reader must know.
    """

    name: str
    unit: str
    ours: float
    theirs: float
    ratio: float
    goal: Goal | None
    low: float
    high: float
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        if self.goal is None:
            return None
        value = self.ratio if self.goal.of == "ratio" else self.ours
        return value <= self.goal.limit if self.goal.is_most else value >= self.goal.limit

    def record(self) -> dict[str, Any]:
        """The row as plain values."""
        goal = self.goal.text(self.unit) if self.goal else None
        return {**asdict(self), "goal": goal, "is_met": self.is_met}


def compare(
    name: str,
    unit: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    goal: Goal | None = None,
    note: str = "",
    is_gain: bool = False,
) -> Row:
    """Row of two interleaved series of figures; the ratio is ours / theirs, or theirs / ours for a gain."""
    pairs = pair_up(ours, theirs, is_gain)
    return Row(name, unit, pairs.ours, pairs.theirs, pairs.ratio, goal, pairs.low, pairs.high, note)
