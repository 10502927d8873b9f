"""Summaries of any number of paths in constant memory: moments, exact marks, fixed bins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spv_sim.results.stakeholder import Array
from spv_sim.results.variable import Variable

Counts = NDArray[np.int64]


class Moments(NamedTuple):
    """Of some values: their number, mean and sum of squared deviations from it."""

    size: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def merge(self, other: Moments) -> Moments:
        """Moments of both lots of values.

        Source
        ------
        Chan, Golub and LeVeque (1979), pairwise update of the sum of squares.
        """
        size = self.size + other.size
        step, share = other.mean - self.mean, other.size / size
        squares = self.squares + other.squares + step * step * self.size * share
        return Moments(size, self.mean + step * share, squares)


class Progress(NamedTuple):
    """What a running estimate needs of a variable.

    below, equal : number of values below and at each of the variable's marks.
    """

    undefined: int
    never: int
    moments: Moments
    below: tuple[int, ...]
    equal: tuple[int, ...]


class Summary:
    """One variable over the paths so far.

    Attributes
    ----------
    moments : of the finite values.
    undefined, never, lowest : number of values that are NaN, +inf and −inf.
    counts : (bins + 2,) finite values by bin, the first and the last for those beyond the range.
    sums, square_sums : (bins + 2,) sums by bin of the values and of their squares, of a variable with a tail.
    """

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        self.moments = Moments()
        self.undefined = self.never = self.lowest = 0
        self.minimum, self.maximum = math.inf, -math.inf
        self.below = [0] * len(variable.marks)
        self.equal = [0] * len(variable.marks)
        size = variable.bins + 2
        self.counts = np.zeros(size, np.int64)
        self.sums = np.zeros(size if variable.tail else 0)
        self.square_sums = np.zeros(size if variable.tail else 0)

    @property
    def paths(self) -> int:
        """Number of paths so far."""
        return self.moments.size + self.undefined + self.never + self.lowest

    @property
    def progress(self) -> Progress:
        """The small part of the summary that changes with each block."""
        return Progress(self.undefined, self.never, self.moments, tuple(self.below), tuple(self.equal))

    def add(self, values: Array) -> None:
        """Add (paths,) values of one canonical block; NaN is undefined, inf is never."""
        for place, mark in enumerate(self.variable.marks):
            self.below[place] += int(np.count_nonzero(values < mark))
            self.equal[place] += int(np.count_nonzero(values == mark))
        finite = np.isfinite(values)
        if not finite.all():
            self.undefined += int(np.count_nonzero(np.isnan(values)))
            self.never += int(np.count_nonzero(values == np.inf))
            self.lowest += int(np.count_nonzero(values == -np.inf))
            values = values[finite]
        if len(values) == 0:
            return
        mean = float(values.sum()) / len(values)
        deviation = values - mean
        self.moments = self.moments.merge(Moments(len(values), mean, float((deviation * deviation).sum())))
        self.minimum = min(self.minimum, float(values.min()))
        self.maximum = max(self.maximum, float(values.max()))
        self.add_bins(values)

    def add_bins(self, values: Array) -> None:
        """Count finite values by bin."""
        of = self.variable
        position = (values - of.low) / of.width
        position += 1.0
        np.maximum(position, 0.0, out=position)
        np.minimum(position, of.bins + 1.0, out=position)
        bins = position.astype(np.int64)
        # The last bin holds its upper bound: a loss of all is no loss beyond the range.
        bins[values == of.high] = of.bins
        self.counts += np.bincount(bins, minlength=len(self.counts))
        if of.tail:
            self.sums += np.bincount(bins, values, len(self.counts))
            self.square_sums += np.bincount(bins, values * values, len(self.counts))


class Snapshot(NamedTuple):
    """All variables after a number of paths."""

    paths: int
    progress: dict[str, Progress]


class Stream:
    """Summaries of all variables, fed with canonical blocks in path order, and snapshots on the way.

    Parameters
    ----------
    followed : the variables.
    """

    def __init__(self, followed: Sequence[Variable]) -> None:
        self.summaries = {of.name: Summary(of) for of in followed}
        self.paths = 0
        self.blocks = 0
        self.snapshots: list[Snapshot] = []

    def add(self, columns: dict[str, Array]) -> None:
        """Add the (paths,) columns of one canonical block."""
        for summary in self.summaries.values():
            summary.add(summary.variable.values(columns))
        self.paths += len(next(iter(columns.values())))
        self.blocks += 1
        if is_snapshot(self.blocks):
            self.record()

    def record(self) -> None:
        """Take a snapshot, unless the last one is of these paths."""
        if not self.snapshots or self.snapshots[-1].paths < self.paths:
            progress = {name: summary.progress for name, summary in self.summaries.items()}
            self.snapshots.append(Snapshot(self.paths, progress))


def is_snapshot(blocks: int) -> bool:
    """Whether a running estimate is recorded after so many blocks: eight times a doubling."""
    return blocks <= 8 or blocks % (1 << (blocks.bit_length() - 4)) == 0
