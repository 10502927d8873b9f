"""The standard error of a difference between two deals that ran on the same draws, path by path."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spv_sim.engine.summing import SLOTS
from spv_sim.results.collect import Collected, FlowSums
from spv_sim.results.estimate import Estimate
from spv_sim.results.estimate_all import estimate_all
from spv_sim.results.intervals import student_bound
from spv_sim.results.metric import MEAN, PROBABILITY, Metric
from spv_sim.results.stakeholder import Array
from spv_sim.results.variables import DealFacts

Found = tuple[Collected, DealFacts]


@dataclass(frozen=True)
class Difference:
    """What a metric is in two deals, and the second less the first.

    standard_error : of the difference, paired; NaN where it cannot be told.
    unpaired : what it would be with draws of their own, √(a² + b²).
    half_width : of the 95 % interval of the difference.
    """

    metric: Metric
    first: Estimate
    second: Estimate
    standard_error: float
    unpaired: float
    half_width: float

    @property
    def value(self) -> float:
        """The second less the first."""
        return self.second.value - self.first.value

    @property
    def is_beyond(self) -> bool:
        """Whether the deals differ by more than the error tells, or only one of them has the number."""
        known = [math.isfinite(own.value) for own in (self.first, self.second)]
        if not all(known):
            return known[0] != known[1]
        half = self.half_width if math.isfinite(self.half_width) else self.unpaired * student_bound(SLOTS - 1)
        return abs(self.value) > half if math.isfinite(half) else self.value != 0.0


def differences(first: Found, second: Found, names: tuple[str, ...]) -> list[Difference]:
    """The metrics of these names, of two deals whose paths have the same numbers and are all kept.

    Where a metric is a mean over all paths, its error is that of the mean of the paths' differences. Others
    are estimated in each of `SLOTS` batches of paths: with d_b their differences, se = sd(d_b)/√SLOTS.

    Raises
    ------
    ValueError : not all paths are kept, or they are not as many.
    """
    paths = first[0].paths
    if second[0].paths != paths or not first[0].kept == second[0].kept == paths:
        raise ValueError("a paired error needs every path of both deals")
    own = {metric.name: metric for metric in first[1].metrics}
    values = [estimate_all(*found, names) for found in (first, second)]
    batched = tuple(name for name in names if name not in plain_errors(first, second, (name,)))
    errors = {**plain_errors(first, second, names), **batch_errors(first, second, batched)}
    return [
        Difference(
            own[name],
            values[0][name],
            values[1][name],
            errors[name][0],
            math.hypot(values[0][name].standard_error, values[1][name].standard_error),
            errors[name][0] * student_bound(errors[name][1]),
        )
        for name in names
    ]


def plain_errors(first: Found, second: Found, names: tuple[str, ...]) -> dict[str, tuple[float, int]]:
    """Error and degrees of freedom of those metrics that are means over all paths."""
    errors = {}
    for name in names:
        sides = [path_values(name, *found) for found in (first, second)]
        if sides[0] is not None and sides[1] is not None and len(sides[0]) > 1:
            apart, count = sides[1] - sides[0], len(sides[0])
            errors[name] = (float(apart.std(ddof=1)) / math.sqrt(count), count - 1)
    return errors


def path_values(name: str, collected: Collected, facts: DealFacts) -> Array | None:
    """(paths,) values of which the metric is the mean; None where it is none, or undefined on a path."""
    metric = next(own for own in facts.metrics if own.name == name)
    if metric.estimator not in (MEAN, PROBABILITY):
        return None
    values = np.asarray(collected.followed[metric.variable].values(collected.columns))
    if np.isnan(values).any():
        return None
    if metric.estimator == PROBABILITY:
        return happens(values, metric, facts).astype(np.float64)
    if not np.isfinite(values).all():
        return None
    if metric.per_commitment:
        commitment = facts.commitments[metric.variable.rpartition(".")[0]]
        return values / commitment if commitment > 0.0 else None
    return values


def happens(values: Array, metric: Metric, facts: DealFacts) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(paths,) bool, on which paths the event of a probability is."""
    mark = facts.mark(metric.event, metric.level)
    if metric.event == "finite":
        found = np.isfinite(values)
    elif metric.event in ("below", "below_hurdle"):
        found = values < mark
    elif metric.event == "equal":
        found = values == mark
    else:
        found = values > mark
    return np.asarray(found)


def batch_errors(first: Found, second: Found, names: tuple[str, ...]) -> dict[str, tuple[float, int]]:
    """Error and degrees of freedom from the batches; NaN where a batch has no value."""
    if not names:
        return {}
    apart: dict[str, list[float]] = {name: [] for name in names}
    for slot in range(min(SLOTS, first[0].paths)):
        sides = [estimate_all(batch(collected, slot), facts, names) for collected, facts in (first, second)]
        for name in names:
            apart[name].append(sides[1][name].value - sides[0][name].value)
    return {name: (batch_error(own), len(own) - 1) for name, own in apart.items()}


def batch_error(apart: Sequence[float]) -> float:
    """sd/√n of the batches' differences; NaN from one batch, or where one of them is not finite."""
    if len(apart) < 2 or not all(map(math.isfinite, apart)):
        return math.nan
    return float(np.std(apart, ddof=1)) / math.sqrt(len(apart))


def batch(collected: Collected, slot: int) -> Collected:
    """The paths whose numbers leave the same rest by SLOTS, as if there were no others."""
    columns = {name: values[slot::SLOTS] for name, values in collected.columns.items()}
    flows = {
        name: FlowSums(own.sums[:, slot : slot + 1], own.batch_paths[slot : slot + 1])
        for name, own in collected.flows.items()
    }
    return Collected(-(-(collected.paths - slot) // SLOTS), columns, collected.followed, flows)
