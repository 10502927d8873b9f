"""One variable over all paths, kept or summarised, asked in the same words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from spv_sim.results.stakeholder import Array
from spv_sim.results.stream import Counts, Summary


@dataclass(frozen=True)
class Tail:
    """Values above a threshold: mean and standard deviation of (x − threshold)⁺ over all values.

    error : bound on what the bins may change in threshold + mean / (1 − level).
    """

    threshold: float
    mean: float
    deviation: float
    error: float


class Sample(Protocol):
    """What the estimators ask of a variable.

    count : values that are defined, those at infinity among them.
    undefined, never : values that are NaN, that are +inf.
    mean, squares : mean, and sum of squared deviations from it; NaN where a value is infinite or none
        is defined.
    maximum : largest defined value, NaN of none.
    """

    @property
    def count(self) -> int: ...
    @property
    def undefined(self) -> int: ...
    @property
    def never(self) -> int: ...
    @property
    def mean(self) -> float: ...
    @property
    def squares(self) -> float: ...
    @property
    def maximum(self) -> float: ...

    def below(self, mark: float) -> int:
        """Number of values below `mark`."""
        ...

    def equal(self, mark: float) -> int:
        """Number of values at `mark`."""
        ...

    def at(self, rank: int) -> tuple[float, float]:
        """The order statistic of a rank from 1, and how far off it may be."""
        ...

    def tail(self, rank: int) -> Tail:
        """Excess over the order statistic of a rank."""
        ...


class KeptSample:
    """A variable with all its values.

    Parameters
    ----------
    values : (paths,) float64, NaN where undefined, inf for never.
    """

    def __init__(self, values: Array) -> None:
        self.values = values

    @cached_property
    def ordered(self) -> Array:
        """(count,) the defined values in order."""
        ordered = np.sort(self.values)
        return ordered[: int(np.searchsorted(ordered, np.nan))]

    @property
    def count(self) -> int:
        return len(self.ordered)

    @property
    def undefined(self) -> int:
        return len(self.values) - self.count

    @property
    def never(self) -> int:
        return self.count - int(np.searchsorted(self.ordered, np.inf))

    @cached_property
    def defined(self) -> Array:
        """(count,) the defined values in path order."""
        return self.values if self.undefined == 0 else self.values[~np.isnan(self.values)]

    @cached_property
    def mean(self) -> float:
        if self.count == 0 or not np.isfinite(self.ordered[[0, -1]]).all():
            return math.nan
        return float(self.defined.mean())

    @cached_property
    def squares(self) -> float:
        if math.isnan(self.mean):
            return math.nan
        deviation = self.defined - self.mean
        return float(np.square(deviation).sum())

    @property
    def maximum(self) -> float:
        return float(self.ordered[-1]) if self.count else math.nan

    def below(self, mark: float) -> int:
        return int(np.searchsorted(self.ordered, mark))

    def equal(self, mark: float) -> int:
        return int(np.searchsorted(self.ordered, mark, side="right")) - self.below(mark)

    def at(self, rank: int) -> tuple[float, float]:
        return float(self.ordered[rank - 1]), 0.0

    def tail(self, rank: int) -> Tail:
        threshold, _ = self.at(rank)
        if not np.isfinite(self.ordered[[rank - 1, -1]]).all():
            return Tail(threshold, math.nan, math.nan, 0.0)
        excess = self.ordered[rank:] - threshold
        mean = float(excess.sum()) / self.count
        squares = float(np.square(excess - mean).sum()) + rank * mean * mean
        return Tail(
            threshold, mean, math.sqrt(squares / (self.count - 1)) if self.count > 1 else math.nan, 0.0
        )


class StreamedSample:
    """A variable of a stream: counts and moments are exact, order statistics are known to half a bin.

    Parameters
    ----------
    summary : of all paths.
    """

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.variable = summary.variable
        self.counts = summary.counts
        self.marks = {
            mark: (below, equal)
            for mark, below, equal in zip(summary.variable.marks, summary.below, summary.equal, strict=True)
        }

    @property
    def undefined(self) -> int:
        return self.summary.undefined

    @property
    def count(self) -> int:
        return self.summary.paths - self.undefined

    @property
    def never(self) -> int:
        return self.summary.never

    @property
    def finite(self) -> int:
        """Number of finite values."""
        return self.summary.moments.size

    @property
    def mean(self) -> float:
        return self.summary.moments.mean if 0 < self.finite == self.count else math.nan

    @property
    def squares(self) -> float:
        return self.summary.moments.squares if 0 < self.finite == self.count else math.nan

    @property
    def maximum(self) -> float:
        if self.finite == 0 or self.never:
            return math.inf if self.never else (-math.inf if self.count else math.nan)
        return self.summary.maximum

    @cached_property
    def cumulative(self) -> Counts:
        """(bins + 2,) values in each bin and those below it."""
        return np.cumsum(self.counts) + self.summary.lowest

    def edges(self, position: int) -> tuple[float, float]:
        """Bounds of a bin; the outer bins reach to the extreme values."""
        of = self.variable
        if position == 0:
            return self.summary.minimum, of.low
        if position == of.bins + 1:
            return of.high, self.summary.maximum
        return of.low + (position - 1) * of.width, of.low + position * of.width

    def below(self, mark: float) -> int:
        if mark == math.inf:
            return self.count - self.never
        if mark in self.marks:
            return self.marks[mark][0]
        # Whole numbers sit in the middle of their bins: those below the mark fill the bins below it.
        whole_below = math.ceil(mark - self.variable.low - 0.5)
        if self.is_whole and 0 <= whole_below <= self.variable.bins:
            return int(self.cumulative[whole_below])
        raise KeyError(f"{self.variable.name} is not counted at {mark}")

    def equal(self, mark: float) -> int:
        if mark == math.inf:
            return self.never
        if mark in self.marks:
            return self.marks[mark][1]
        return self.below(mark + 1.0) - self.below(mark) if mark == math.floor(mark) else 0

    @property
    def is_whole(self) -> bool:
        """Whether each bin holds one whole number."""
        return self.variable.width == 1.0 and self.variable.low % 1.0 == 0.5

    def at(self, rank: int) -> tuple[float, float]:
        if rank <= self.summary.lowest:
            return -math.inf, 0.0
        if rank > self.summary.lowest + self.finite:
            return math.inf, 0.0
        for mark, (below, equal) in self.marks.items():
            if below < rank <= below + equal:
                return mark, 0.0
        position = int(np.searchsorted(self.cumulative, rank))
        low, high = self.edges(position)
        if self.is_whole and 0 < position <= self.variable.bins:
            return 0.5 * (low + high), 0.0
        return 0.5 * (low + high), 0.5 * (high - low)

    def tail(self, rank: int) -> Tail:
        quantile, half = self.at(rank)
        if self.finite < self.count:
            return Tail(quantile, math.nan, math.nan, 0.0)
        position = int(np.searchsorted(self.cumulative, rank))
        low, high = self.edges(position)
        # At the upper edge of the quantile's bin the excess is known exactly, and the shortfall as a function
        # of its threshold is convex and flat at the quantile: the edge costs at most width times the weight.
        threshold = high if half else quantile
        above = int(self.counts[position + 1 :].sum())
        worst = self.count - rank
        beside = 0 if half else self.count - self.below(quantile) - self.equal(quantile) - above
        total = float(self.summary.sums[position + 1 :].sum())
        squares = float(self.summary.square_sums[position + 1 :].sum())
        excess = total - threshold * above + 0.5 * beside * (high - threshold)
        second = (
            squares - threshold * (2.0 * total - threshold * above) + beside * (0.5 * (high - threshold)) ** 2
        )
        mean = excess / self.count
        variance = max(second - excess * mean, 0.0) / max(self.count - 1, 1)
        uncertain = (high - low) * int(self.counts[position]) if half else 0.5 * beside * (high - threshold)
        deviation = math.sqrt(variance) if self.count > 1 else math.nan
        return Tail(threshold, mean, deviation, uncertain / max(worst, 1))
