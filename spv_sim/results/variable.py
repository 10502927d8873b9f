"""A quantity that a run follows path by path, and the bins that stand for it beyond the kept paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spv_sim.results.stakeholder import Array

BINS = 8192


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
