"""What a metric is: its name, unit, definition, and the estimator that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

TRANCHE = "<tranche>"
STAKEHOLDER = "<stakeholder>"
CLASS = "<class>"
COVENANT_PREFIX = "covenant."
COVENANT = f"{COVENANT_PREFIX}<covenant>"

MEAN = "mean"
PROBABILITY = "probability"
QUANTILE = "quantile"
SHORTFALL = "expected_shortfall"
LOSS_GIVEN_DEFAULT = "loss_given_default"
MEAN_FLOW = "mean_flow"
LOSS_SHARE = "loss_share"
TAIL_LOSS_SHARE = "tail_loss_share"
TAIL_LOSS = "tail_loss"
VARIANCE_SHARE = "variance_share"
BREAK_EVEN = "break_even"


@dataclass(frozen=True)
class Metric:
    """A number that a run reports.

    Parameters
    ----------
    name : as in the results, with ``<tranche>`` for the name of a tranche, ``<class>`` for that of a class of
        equity and ``<stakeholder>`` for that of anyone who bears a part of the loss.
    unit : of the value.
    definition : one sentence with its formula.
    estimator : which estimator makes it.
    variable : the variable behind it, by default of the same name, or the stakeholder of a mean flow.
    event : of a probability: "finite", "below" or "above" `level`, "equal" to it, "below_hurdle",
        "above_eps".
    level : of a quantile or shortfall [share], or the mark of an event.
    conditional : whether paths without a value are left out as a matter of course.
    per_commitment : whether the value is divided by the tranche's commitment.
    """

    name: str
    unit: str
    definition: str
    estimator: str
    variable: str = ""
    event: str = ""
    level: float = 0.0
    per_commitment: bool = False
    conditional: bool = False


def resolved(*metrics: Metric) -> tuple[Metric, ...]:
    """The metrics with the variable of their own name where they say none."""
    return tuple(replace(metric, variable=metric.variable or metric.name) for metric in metrics)


def index(metrics: Iterable[Metric]) -> Mapping[str, Metric]:
    """The metrics by name."""
    return MappingProxyType({metric.name: metric for metric in resolved(*metrics)})


def named(metric: Metric, pattern: str, name: str) -> Metric:
    """The metric with a name in place of a pattern such as ``<tranche>``."""
    return replace(
        metric, name=metric.name.replace(pattern, name), variable=metric.variable.replace(pattern, name)
    )
