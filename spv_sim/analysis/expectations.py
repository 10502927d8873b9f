"""The metrics of a run as exact expectations over enumerated paths, by the definitions of the estimators."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.enumerate_defaults import Enumeration
from spv_sim.kernel.irr_roots import irr_roots
from spv_sim.results.metric import (
    BREAK_EVEN,
    LOSS_GIVEN_DEFAULT,
    LOSS_SHARE,
    MEAN,
    MEAN_FLOW,
    PROBABILITY,
    QUANTILE,
    SHORTFALL,
    TAIL_LOSS,
    TAIL_LOSS_SHARE,
    VARIANCE_SHARE,
    Metric,
)
from spv_sim.results.variables import DealFacts, variables

Array = NDArray[np.float64]

ROUNDING = 1e-12
"""What a sum of weights may lack of a level that it is meant to reach."""


def weighted_mean(values: Array, weights: Array) -> float:
    """Mean over the paths on which the value is defined."""
    defined = ~np.isnan(values)
    total = float(weights[defined].sum())
    return float(weights[defined] @ values[defined]) / total if total > 0 else math.nan


def weighted_quantile(values: Array, weights: Array, level: float) -> float:
    """Smallest value whose cumulative weight reaches the level. Source: model R10."""
    order = np.argsort(values, kind="stable")
    order = order[~np.isnan(values[order])]
    if len(order) == 0:
        return math.nan
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, level * reached[-1] * (1 - ROUNDING)))
    return float(values[order[min(place, len(order) - 1)]])


def weighted_shortfall(values: Array, weights: Array, level: float) -> float:
    """Mean of the worst 1 − level of probability, the atom at its border split. Source: model R10."""
    threshold = weighted_quantile(values, weights, level)
    if not math.isfinite(threshold):
        return math.nan
    return threshold + weighted_mean(np.maximum(values - threshold, 0.0), weights) / (1 - level)


def worst_weights(values: Array, weights: Array, level: float) -> Array:
    """Weights of the worst 1 − level of probability, the atom at its border split; 0 for the rest."""
    threshold = weighted_quantile(values, weights, level)
    above, at = weights * (values > threshold), weights * (values == threshold)
    left = max((1 - level) * float(weights.sum()) - float(above.sum()), 0.0)
    return np.asarray(above + at * (left / float(at.sum())))


def has_event(values: Array, metric: Metric, facts: DealFacts) -> NDArray[np.bool_]:
    """On which paths the event of a probability happens."""
    if metric.event == "finite":
        return np.isfinite(values)
    mark = facts.mark(metric.event, metric.level)
    if metric.event in ("below", "below_hurdle"):
        return np.asarray(values < mark)
    if metric.event == "equal":
        return np.equal(values, mark)
    return np.asarray(values > mark)


def annualised_irr(flows: Array, hurdle: float) -> float:
    """Annual internal rate of monthly flows, (1+i)^12 − 1."""
    rate, _, _ = irr_roots(flows, math.expm1(math.log1p(hurdle) / 12))
    return math.expm1(12 * math.log1p(rate)) if rate > -1 else rate


def mean_flow(enumeration: Enumeration, stakeholder: str) -> Array:
    """Mean monthly flow of a stakeholder, (months + 1,) float64 [USD]."""
    return np.asarray(enumeration.weights @ enumeration.flows[stakeholder])


def borne_loss(metric: Metric, own: Array, whole: Array, weights: Array) -> float:
    """A stakeholder's part of the deal's loss, in USD or as a share. Source: model 12.3."""
    borne = weights
    if metric.estimator != LOSS_SHARE:  # of what is unexpected
        own, whole = own - weighted_mean(own, weights), whole - weighted_mean(whole, weights)
        if metric.estimator == VARIANCE_SHARE:
            borne = weights * whole
        else:
            borne = worst_weights(whole, weights, metric.level) / (1 - metric.level)
    part, lost = float(borne @ own), float(borne @ whole)
    if metric.estimator == TAIL_LOSS:
        return part
    return part / lost if lost > 0 else math.nan


def expected(metric: Metric, enumeration: Enumeration, values: Callable[[str], Array]) -> float:
    """One metric; `values` gives a variable by name."""
    facts, weights = enumeration.facts, enumeration.weights
    if metric.estimator == MEAN_FLOW:
        return annualised_irr(mean_flow(enumeration, metric.variable), facts.hurdle)
    own = values(metric.variable)
    if metric.estimator == MEAN:
        mean = weighted_mean(own, weights)
        commitment = facts.commitments.get(metric.variable.rpartition(".")[0], math.nan)
        per = commitment if metric.per_commitment else 1.0
        return mean / per if per > 0 else math.nan
    if metric.estimator == PROBABILITY:
        defined = ~np.isnan(own)
        happens = has_event(own, metric, facts) & defined
        return float(weights[happens].sum() / weights[defined].sum()) if defined.any() else math.nan
    if metric.estimator == QUANTILE:
        return weighted_quantile(own, weights, metric.level)
    if metric.estimator == SHORTFALL:
        return weighted_shortfall(own, weights, metric.level)
    if metric.estimator == LOSS_GIVEN_DEFAULT:
        losing = own > facts.eps_cash
        exposure = facts.commitments[metric.variable.rpartition(".")[0]] * float(weights[losing].sum())
        return weighted_mean(own, weights) / exposure if exposure > 0 else math.nan
    if metric.estimator in (LOSS_SHARE, TAIL_LOSS, TAIL_LOSS_SHARE, VARIANCE_SHARE):
        return borne_loss(metric, own, values("spv.lost_value"), weights)
    if metric.estimator == BREAK_EVEN:
        defaults = np.isfinite(enumeration.months)
        with_it, without = (weighted_mean(own[of], weights[of]) for of in (defaults, ~defaults))
        return without / (without - with_it) if without > 0 > with_it else math.nan
    raise ValueError(f"no exact expectation of {metric.name}")


def expectations(enumeration: Enumeration) -> dict[str, float]:
    """Every metric of the deal by name, without sampling error."""
    followed = {of.name: of for of in variables(enumeration.facts)}

    def values(name: str) -> Array:
        return followed[name].values(enumeration.columns)

    return {metric.name: expected(metric, enumeration, values) for metric in enumeration.facts.metrics}
