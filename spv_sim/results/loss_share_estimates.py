"""Estimates of the shares of a loss: of its mean, of its spread, and of the worst paths' unexpected part."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True)
class Tail:
    """The worst paths of some, found once for all stakeholders.

    paths : of the deal's, a whole or each so-manieth.
    worst, weights : (n,) place among them and weight of each; the weights add up to 1.
    unexpected : E[X − E[X]] over them [USD].
    """

    paths: slice
    worst: NDArray[np.intp]
    weights: Array
    unexpected: float

    def part(self, own: Array) -> float:
        """Euler's part of a stakeholder, E[X_h − E[X_h]] over them, of (paths,) X_h [USD]."""
        chosen = own[self.paths]
        return float(self.weights @ chosen[self.worst]) - float(chosen.mean())


@dataclass(frozen=True)
class WorstPaths:
    """The worst (1 − level) of all paths by the loss X of the deal, and those of independent batches of them.

    count : paths on which X is defined.  tail : how many of them are worst.
    whole : None where there is no path.  batches : none where there are too few paths.
    """

    defined: NDArray[np.bool_]
    count: int
    tail: float
    whole: Tail | None
    batches: tuple[Tail, ...]


def find_tail(whole: Array, level: float, paths: slice) -> Tail:
    """The worst (1 − level) of some paths."""
    chosen = whole[paths]
    weights = tail_weights(chosen, level)
    worst = np.flatnonzero(weights)
    kept = weights[worst] / weights[worst].sum()
    return Tail(paths, worst, kept, float(kept @ chosen[worst]) - float(chosen.mean()))


def worst_paths(whole: Array, level: float, batches: int = BATCHES) -> WorstPaths:
    """Find the worst paths of (paths,) losses X of the deal [USD], and of each batch by itself."""
    defined = np.isfinite(whole)
    whole = whole[defined]
    count, tail = len(whole), (1.0 - level) * len(whole)
    if count == 0:
        return WorstPaths(defined, 0, 0.0, None, ())
    parts = min(batches, int(tail / BATCH_TAIL))
    apart = [find_tail(whole, level, slice(part, None, parts)) for part in range(parts if parts > 1 else 0)]
    return WorstPaths(defined, count, tail, find_tail(whole, level, slice(None)), tuple(apart))


def from_tail(own: Array, worst: WorstPaths, unit: str) -> Estimate:
    """Unexpected loss of a stakeholder on the deal's worst paths, in USD or as a share of the deal's.

    Parameters
    ----------
    own : (paths,) float64 X_h [USD].
    worst : the deal's worst paths.
    unit : "USD" for E[X_h − E[X_h]] over them, or "share".

    Limits
    ------
    Every batch finds its own value at risk and its own means, so that the error holds their uncertainty as
    well; too few paths for two batches leave it NaN.

    Source: model 12.3; Tasche, Risk contributions and performance measurement (1999).
    """
    if worst.whole is None:
        return undefined_estimate(unit, "undefined on every path")
    own = own[worst.defined]

    def measure(tail: Tail) -> float:
        if unit == "USD":
            return tail.part(own)
        return tail.part(own) / tail.unexpected if tail.unexpected > 0.0 else math.nan

    value = measure(worst.whole)
    if math.isnan(value):
        return undefined_estimate(unit, NO_SPREAD, worst.count)
    few = f"fewer than {FEW} paths in the tail" if worst.tail < FEW else ""
    parts = len(worst.batches)
    if parts < 2:
        note = join_notes(few, "no error from so few paths")
        return Estimate(value, math.nan, (math.nan, math.nan), worst.count, {}, unit, note)
    found = np.array([measure(batch) for batch in worst.batches])
    error = float(found.std(ddof=1)) / math.sqrt(parts)
    reach = student_bound(parts - 1) * error
    return Estimate(value, error, (value - reach, value + reach), worst.count, {}, unit, few)


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
