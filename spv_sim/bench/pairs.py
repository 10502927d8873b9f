"""Two interleaved series as one ratio, and how its digits are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Pairs:
    """Two series of equal length, side by side.

    ours, theirs : medians over the repetitions, in the unit of the series.
    ratio, low, high : median, least and greatest of the ratios of the repetitions, each of one pair [1].
    """

    ours: float
    theirs: float
    ratio: float
    low: float
    high: float


def pair_up(ours: Sequence[float], theirs: Sequence[float], is_gain: bool = False) -> Pairs:
    """The ratios ours / theirs, or theirs / ours for a gain.

    What slows the machine down slows both of a pair, so their ratio repeats better than the ratio of the
    medians or of the least.

    Raises
    ------
    ValueError : the series differ in length.
    """
    pairs = zip(ours, theirs, strict=True)
    ratios = [their / our if is_gain else our / their for our, their in pairs]
    return Pairs(median(ours), median(theirs), median(ratios), min(ratios), max(ratios))


def number(value: float) -> str:
    """Three significant digits, never an exponent."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 10 else f"{value:.3g}"
