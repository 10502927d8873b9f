"""Intervals without a statistics library: Student and Wilson bounds, binomial ranks."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

Z95 = 1.959963984540054
"""Normal quantile at 97.5 %."""

EXACT_STUDENT = 100
WINDOW_DEVIATIONS = 9.0
WINDOW_MARGIN = 60


def student_central(t: float, freedom: int) -> float:
    """Probability that a Student variable lies within ±t.

    Source
    ------
    Abramowitz and Stegun, 26.7.3 (odd) and 26.7.4 (even degrees of freedom).
    """
    angle = math.atan2(t, math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2 == 1
    term = cosine if odd else 1.0
    series = term if freedom > 1 else 0.0
    for order in range(3 if odd else 2, freedom - 1, 2):
        term *= cosine * cosine * (order - 1) / order
        series += term
    return 2.0 / math.pi * (angle + sine * series) if odd else sine * series


@lru_cache(maxsize=1024)
def student_bound(freedom: int) -> float:
    """Student quantile at 97.5 % [standard errors]; NaN without a degree of freedom.

    Parameters
    ----------
    freedom : degrees of freedom; above 100 by the Cornish-Fisher expansion, right to 1e-9.

    Source
    ------
    Abramowitz and Stegun, 26.7.3 to 26.7.5.
    """
    if freedom < 1:
        return math.nan
    if freedom > EXACT_STUDENT:
        z2 = Z95 * Z95
        first = (z2 + 1.0) / 4.0
        second = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0
        third = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0
        return Z95 * (1.0 + (first + (second + third / freedom) / freedom) / freedom)
    low, high = 0.0, 16.0
    while (middle := 0.5 * (low + high)) not in (low, high):
        if student_central(middle, freedom) < 0.95:
            low = middle
        else:
            high = middle
    return middle


def wilson_interval(successes: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a probability [share]; (0, 1) of no trial.

    Source
    ------
    Wilson, J. Am. Stat. Assoc. 22 (1927).
    """
    if count == 0:
        return 0.0, 1.0
    share = successes / count
    weight = Z95 * Z95 / count
    centre = (share + 0.5 * weight) / (1.0 + weight)
    half = math.sqrt(weight * share * (1.0 - share) + 0.25 * weight * weight) / (1.0 + weight)
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == count else centre + half
    return low, high


def order_rank(count: int, level: float) -> int:
    """Rank, from 1, of the order statistic ⌈count · level⌉ that estimates a quantile."""
    # 0.07 · 100 is 7.000000000000001 in floats, and is meant to be 7.
    return min(max(math.ceil(round(count * level, 6)), 1), count)


@lru_cache(maxsize=4096)
def binomial_quantiles(count: int, share: float, low: float = 0.025, high: float = 0.975) -> tuple[int, int]:
    """Smallest numbers of successes whose cumulative probabilities reach `low` and `high`.

    Parameters
    ----------
    count : number of trials, up to 1e10.
    share : probability of a success [share].

    Notes
    -----
    Sums the probabilities over nine standard deviations and 60 successes to either side of the mean and
    scales them to one; what lies beyond weighs less than 1e-16.
    """
    if share <= 0.0 or share >= 1.0:
        return (0, 0) if share <= 0.0 else (count, count)
    centre = count * share
    reach = WINDOW_DEVIATIONS * math.sqrt(centre * (1.0 - share)) + WINDOW_MARGIN
    first = max(0, math.floor(centre - reach))
    last = min(count, math.ceil(centre + reach))
    successes = np.arange(first, last, dtype=np.float64)
    steps = np.log((count - successes) / (successes + 1.0) * (share / (1.0 - share)))
    logs = np.concatenate([np.zeros(1), np.cumsum(steps)])
    cumulative = np.cumsum(np.exp(logs - logs.max()))
    cumulative /= cumulative[-1]
    reached = np.searchsorted(cumulative, [low, high])
    return first + int(reached[0]), first + int(reached[1])
