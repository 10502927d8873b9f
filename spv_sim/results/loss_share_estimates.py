"""Estimates of the shares of a loss: of its mean, of its spread, and of the worst paths' unexpected part."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from spv_sim.results.estimate import Estimate, join_notes, undefined_estimate
from spv_sim.results.intervals import order_rank, student_bound
from spv_sim.results.sample import Sample
from spv_sim.results.stakeholder import Array

BATCHES = 32
BATCH_TAIL = 5
"""Paths of the tail that a batch holds at least."""

FEW = 20
"""Paths of the tail below which an estimate carries a word of warning."""

NO_SPREAD = "undefined: the deal loses the same on every path"


def share_of_mean(own: Sample, others: Sample, whole: Sample, unit: str = "share") -> Estimate:
    """Ratio of means r = E[X_h] / E[X] with the delta-method error sd(X_h − r·X) / (√n · |E[X]|).

    The covariance comes from the three variances, as X is the sum of X_h and of what the others lose.

    Parameters
    ----------
    own, others, whole : X_h, X − X_h and X on every path [USD].
    """
    count, mean = whole.count, whole.mean
    if count == 0 or not mean > 0.0:
        return undefined_estimate(unit, "undefined: the deal loses nothing on average", count)
    ratio = own.mean / mean
    joint = 0.5 * (whole.squares - own.squares - others.squares)
    rest = 1.0 - ratio
    residual = rest * rest * own.squares - 2.0 * ratio * rest * joint + ratio * ratio * others.squares
    error = math.sqrt(max(residual, 0.0) / (count - 1) / count) / mean if count > 1 else math.nan
    reach = student_bound(count - 1) * error
    noise = math.sqrt(whole.squares / (count - 1) / count) if count > 1 else math.inf
    note = "" if mean > 2.0 * noise else "the deal's expected loss is within two standard errors of 0"
    return Estimate(ratio, error, (ratio - reach, ratio + reach), count, {}, unit, note)


def tail_weights(whole: Array, level: float) -> Array:
    """(paths,) float64 weight of each path in the worst (1 − level) of them; the edge is shared evenly.

    Source: model 12.3, ties at the value at risk split pro rata.
    """
    count = len(whole)
    mark = np.partition(whole, order_rank(count, level) - 1)[order_rank(count, level) - 1]
    above, at = whole > mark, whole == mark
    left = max((1.0 - level) * count - np.count_nonzero(above), 0.0)
    return np.asarray(above + at * (left / np.count_nonzero(at)))


def tail_means(own: Array, whole: Array, level: float) -> tuple[float, float]:
    """Means of two unexpected losses, X_h − E[X_h] and X − E[X], over the worst (1 − level) by X [USD]."""
    weights = tail_weights(whole, level)
    total = float(weights.sum())
    mean, of_all = float(weights @ own) / total, float(weights @ whole) / total
    return mean - float(own.mean()), of_all - float(whole.mean())


def tail_part(own: Array, whole: Array, level: float) -> float:
    """Euler's part of a stakeholder in the unexpected loss of the worst paths [USD]."""
    return tail_means(own, whole, level)[0]


def tail_ratio(own: Array, whole: Array, level: float) -> float:
    """The same as a share of that of the whole deal [1]; NaN where the worst paths are like all others."""
    part, total = tail_means(own, whole, level)
    return part / total if total > 0.0 else math.nan


def from_tail(
    statistic: Callable[[Array, Array, float], float],
    own: Array,
    whole: Array,
    level: float,
    unit: str,
    batches: int = BATCHES,
) -> Estimate:
    """A statistic of the worst paths, with the error from independent batches of paths.

    Parameters
    ----------
    statistic : `tail_part` or `tail_ratio`.
    own, whole : (paths,) float64 X_h and X [USD].
    level : of the value at risk [share].

    Limits
    ------
    Every batch finds its own value at risk and its own means, so that the error holds their uncertainty as
    well; too few paths for two batches leave it NaN.

    Source: model 12.3; Tasche, Risk contributions and performance measurement (1999).
    """
    defined = np.isfinite(whole)
    own, whole = own[defined], whole[defined]
    count, tail = len(whole), (1.0 - level) * len(whole)
    if count == 0:
        return undefined_estimate(unit, "undefined on every path")
    value = statistic(own, whole, level)
    if math.isnan(value):
        return undefined_estimate(unit, NO_SPREAD, count)
    few = f"fewer than {FEW} paths in the tail" if tail < FEW else ""
    parts = min(batches, int(tail / BATCH_TAIL))
    if parts < 2:
        note = join_notes(few, "no error from so few paths")
        return Estimate(value, math.nan, (math.nan, math.nan), count, {}, unit, note)
    found = np.array([statistic(own[part::parts], whole[part::parts], level) for part in range(parts)])
    error = float(found.std(ddof=1)) / math.sqrt(parts)
    reach = student_bound(parts - 1) * error
    return Estimate(value, error, (value - reach, value + reach), count, {}, unit, few)


def share_of_variance(own: Array, whole: Array, unit: str = "share") -> Estimate:
    """The covariance share β_h = Cov(X_h, X) / Var(X), with the delta method's error.

    With d_h and d the distances from the means, β is a ratio of means of d_h·d and d², and its error is
    sd((d_h − β·d)·d) / (√n · Var X).

    Parameters
    ----------
    own, whole : (paths,) float64 X_h and X [USD].

    Source: model 12.3.
    """
    defined = np.isfinite(whole)
    own, whole = own[defined], whole[defined]
    count = len(whole)
    apart, apart_of_all = own - own.mean() if count else own, whole - whole.mean() if count else whole
    variance = float(apart_of_all @ apart_of_all) / count if count else 0.0
    if variance == 0.0:
        return undefined_estimate(unit, NO_SPREAD, count)
    value = float(apart @ apart_of_all) / count / variance
    influence = (apart - value * apart_of_all) * apart_of_all
    error = float(influence.std(ddof=1)) / math.sqrt(count) / variance if count > 1 else math.nan
    reach = student_bound(count - 1) * error
    return Estimate(value, error, (value - reach, value + reach), count, {}, unit)
