"""How an estimate settles: its value and 95 % band at growing numbers of paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.results.collect import Collected
from spv_sim.results.estimate_all import count_event
from spv_sim.results.intervals import student_bound, wilson_interval
from spv_sim.results.metric import MEAN, PROBABILITY, Metric
from spv_sim.results.sample import KeptSample
from spv_sim.results.stakeholder import Array
from spv_sim.results.stream import Stream
from spv_sim.results.variables import DealFacts

PathCounts = NDArray[np.int64]
Band = tuple[Array, Array, Array]

POINTS = 40
FIRST_POINT = 100


@dataclass(frozen=True)
class Trace:
    """A running estimate.

    Parameters
    ----------
    metric : its name.
    unit : of value, low and high.
    paths : (points,) numbers of paths.
    value, low, high : (points,) estimate and ends of its 95 % interval, NaN where not defined.
    """

    metric: str
    unit: str
    paths: PathCounts
    value: Array
    low: Array
    high: Array


def path_counts(paths: int, points: int = POINTS) -> PathCounts:
    """At most `points` numbers of paths, growing by equal ratios up to all."""
    first = min(FIRST_POINT, paths)
    return np.unique(np.round(np.geomspace(first, paths, points)).astype(np.int64))


def kept_moments(values: Array, counts: PathCounts) -> tuple[Array, Array, Array]:
    """Defined values among the first so many, their means and sums of squared deviations."""
    defined = np.isfinite(values)
    shown = np.where(defined, values, 0.0)
    centre = shown.sum() / max(np.count_nonzero(defined), 1)
    shown = np.where(defined, values, centre) - centre
    starts = np.concatenate([np.zeros(1, np.int64), counts[:-1]])
    count = np.cumsum(np.add.reduceat(defined.astype(np.float64), starts))
    first = np.cumsum(np.add.reduceat(shown, starts))
    second = np.cumsum(np.add.reduceat(shown * shown, starts))
    at_least_one = np.maximum(count, 1.0)
    return count, centre + first / at_least_one, np.maximum(second - first * first / at_least_one, 0.0)


def kept_successes(
    values: Array, counts: PathCounts, metric: Metric, facts: DealFacts
) -> tuple[Array, Array]:
    """Paths with the event and defined paths among the first so many."""
    starts = np.concatenate([np.zeros(1, np.int64), counts[:-1]])
    parts = (
        KeptSample(values[start:end]) for start, end in zip(starts.tolist(), counts.tolist(), strict=True)
    )
    mark = facts.mark(metric.event, metric.level)
    pairs = [(count_event(part, metric.event, mark), part.count) for part in parts]
    successes, defined = np.cumsum(np.array(pairs, dtype=np.float64), axis=0).T
    return successes, defined


def mean_band(count: Array, mean: Array, squares: Array) -> Band:
    """Means with their intervals; NaN of none, no interval of one."""
    with_error = count > 1.0
    error = np.sqrt(squares / np.where(with_error, count - 1.0, np.nan) / np.maximum(count, 1.0))
    reach = np.array([student_bound(int(number) - 1) for number in count]) * error
    value = np.where(count > 0.0, mean, np.nan)
    return value, value - reach, value + reach


def probability_band(successes: Array, count: Array) -> Band:
    """Shares with Wilson's intervals."""
    value = successes / np.where(count > 0.0, count, np.nan)
    bounds = np.array([wilson_interval(int(hit), int(of)) for hit, of in zip(successes, count, strict=True)])
    return value, bounds[:, 0], bounds[:, 1]


def kept_band(collected: Collected, metric: Metric, facts: DealFacts, paths: PathCounts) -> Band:
    """The band after so many kept paths."""
    values = collected.followed[metric.variable].values(collected.columns)
    if metric.estimator == MEAN:
        return mean_band(*kept_moments(values, paths))
    return probability_band(*kept_successes(values, paths, metric, facts))


def snapshot_band(stream: Stream, metric: Metric, facts: DealFacts) -> Band:
    """The band at the snapshots of a stream."""
    states = [snapshot.progress[metric.variable] for snapshot in stream.snapshots]
    if metric.estimator == MEAN:
        count, mean, squares = np.array([state.moments for state in states], dtype=np.float64).T
        return mean_band(count, mean, squares)
    undefined = np.array([float(state.undefined) for state in states])
    defined = np.array([float(snapshot.paths) for snapshot in stream.snapshots]) - undefined
    if metric.event == "finite":
        return probability_band(defined - np.array([float(state.never) for state in states]), defined)
    mark = facts.mark(metric.event, metric.level)
    place = stream.summaries[metric.variable].variable.marks.index(mark)
    below = np.array([float(state.below[place]) for state in states])
    equal = np.array([float(state.equal[place]) for state in states])
    successes = {"below": below, "below_hurdle": below, "equal": equal}.get(
        metric.event, defined - below - equal
    )
    return probability_band(successes, defined)


def trace(collected: Collected, metric: Metric, facts: DealFacts) -> Trace:
    """The running estimate of a mean or a probability.

    Raises
    ------
    ValueError : another estimator has no running estimate.
    """
    if metric.estimator not in (MEAN, PROBABILITY):
        raise ValueError(f"{metric.name} has no running estimate")
    if collected.stream is None:
        paths = path_counts(collected.paths)
        value, low, high = kept_band(collected, metric, facts, paths)
    else:
        paths = np.array([snapshot.paths for snapshot in collected.stream.snapshots], dtype=np.int64)
        value, low, high = snapshot_band(collected.stream, metric, facts)
    if metric.per_commitment:
        commitment = facts.commitments[metric.variable.rpartition(".")[0]] or np.nan
        value, low, high = value / commitment, low / commitment, high / commitment
    return Trace(metric.name, metric.unit, paths, value, low, high)


def traces(collected: Collected, facts: DealFacts, names: Sequence[str] = ()) -> dict[str, Trace]:
    """The running estimates of the named metrics, as a rule of the four that a reader asks about first."""
    wanted = names or (
        "equity.irr",
        "equity.npv",
        "lessee.default_probability",
        *(f"{tranche}.expected_loss" for tranche in facts.tranches[:1]),
    )
    known = {metric.name: metric for metric in facts.metrics}
    return {name: trace(collected, known[name], facts) for name in wanted}
