"""Every metric of a run, each from its definition."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from spv_sim.kernel.irr_roots import MULTIPLE, NO_ROOT, TOTAL_LOSS, UNDEFINED
from spv_sim.results.break_even import break_even
from spv_sim.results.collect import Collected
from spv_sim.results.estimate import (
    LEVELS,
    Estimate,
    count_note,
    expected_shortfall,
    join_notes,
    loss_given_default,
    mean,
    probability,
    scale,
    undefined_estimate,
    value_at_risk,
)
from spv_sim.results.loss_share_estimates import (
    from_tail,
    share_of_mean,
    share_of_variance,
    worst_paths,
)
from spv_sim.results.loss_shares import whole_loss
from spv_sim.results.mean_flow import irr_of_mean
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
from spv_sim.results.sample import Sample
from spv_sim.results.variables import DealFacts

RATE_FLAGS = {
    TOTAL_LOSS: ("total loss", "total losses"),
    UNDEFINED: ("undefined", "undefined"),
    MULTIPLE: ("with several roots", "with several roots"),
    NO_ROOT: ("without a root", "without a root"),
}

NONE_KEPT = "undefined: no path's values are kept"


def flag_note(flags: Sample) -> str:
    """How many rates are no plain root, such as ``412 total losses, 3 undefined``."""
    counts = {flag: flags.equal(float(flag)) for flag in RATE_FLAGS}
    return join_notes(*(count_note(count, RATE_FLAGS[flag][count > 1]) for flag, count in counts.items()))


def never_note(sample: Sample) -> str:
    """On how many paths a thing never happens."""
    return f"never on {sample.never / sample.count:.2%} of the paths" if sample.never else ""


def count_event(sample: Sample, event: str, mark: float) -> int:
    """Number of paths with the event."""
    if event == "finite":
        return sample.count - sample.never
    if event in ("below", "below_hurdle"):
        return sample.below(mark)
    if event == "equal":
        return sample.equal(mark)
    return sample.count - sample.below(mark) - sample.equal(mark)


def estimate_mean(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """A mean with its quantiles; of a rate, the flags are counted in the note."""
    estimate = mean(collected.sample(metric.variable), metric.unit)
    if metric.conditional:
        estimate = replace(estimate, note="" if estimate.count else "undefined: it happens on no path")
    flags = f"{metric.variable}_flag"
    if flags in collected.followed:
        undefined = count_note(collected.sample(metric.variable).undefined, "undefined")
        rest = estimate.note.removeprefix(undefined).removesuffix(undefined).strip(", ")
        estimate = replace(estimate, note=join_notes(flag_note(collected.sample(flags)), rest))
    if not metric.per_commitment:
        return estimate
    commitment = facts.commitments[metric.variable.rpartition(".")[0]]
    if commitment <= 0.0:
        return undefined_estimate(metric.unit, "undefined: nothing was lent", estimate.count)
    return scale(estimate, 1.0 / commitment, metric.unit)


def estimate_probability(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """A probability with Wilson's interval."""
    sample = collected.sample(metric.variable)
    successes = count_event(sample, metric.event, facts.mark(metric.event, metric.level))
    return probability(successes, sample.count, metric.unit, count_note(sample.undefined, "undefined"))


def estimate_quantile(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """A quantile with its distribution-free interval."""
    sample = collected.sample(metric.variable)
    estimate = value_at_risk(sample, metric.level, metric.unit, LEVELS)
    return replace(estimate, note=join_notes(never_note(sample), estimate.note))


def estimate_shortfall(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """An expected shortfall."""
    return expected_shortfall(collected.sample(metric.variable), metric.level, metric.unit)


def estimate_loss_given_default(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """The loss of those paths that lose."""
    tranche = metric.variable.rpartition(".")[0]
    return loss_given_default(
        collected.sample(metric.variable),
        collected.sample(f"{metric.variable}_if_any"),
        facts.commitments[tranche],
        metric.unit,
    )


def estimate_mean_flow(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """The rate of the mean flow."""
    return irr_of_mean(collected.flows[metric.variable], facts.hurdle, metric.unit)


def estimate_loss_share(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """A stakeholder's share of the deal's expected loss."""
    holder = metric.variable.rpartition(".")[0]
    own, others, whole = (
        collected.sample(name) for name in (metric.variable, f"{holder}.lost_by_others", "spv.lost_value")
    )
    return share_of_mean(own, others, whole, metric.unit)


def estimate_jointly(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """What needs a stakeholder's loss and the deal's side by side, from the paths whose values are kept."""
    if collected.kept == 0:
        return undefined_estimate(metric.unit, NONE_KEPT)
    own = collected.followed[metric.variable].values(collected.columns)
    if metric.estimator == VARIANCE_SHARE:
        estimate = share_of_variance(own, whole_loss(collected.columns, facts.stakeholders), metric.unit)
    else:
        if metric.level not in collected.worst:
            whole = whole_loss(collected.columns, facts.stakeholders)
            collected.worst[metric.level] = worst_paths(whole, metric.level)
        estimate = from_tail(own, collected.worst[metric.level], metric.unit)
    return tell_part(estimate, collected)


def tell_part(estimate: Estimate, collected: Collected) -> Estimate:
    """An estimate from the paths whose values are kept, with a note where these are not all."""
    part = f"from the first {collected.kept:,} paths" if collected.kept < collected.paths else ""
    return replace(estimate, note=join_notes(estimate.note, part))


def estimate_break_even(metric: Metric, collected: Collected, facts: DealFacts) -> Estimate:
    """The probability of default at which a value is nothing on average, from the paths that are kept."""
    if collected.kept == 0:
        return undefined_estimate(metric.unit, NONE_KEPT)
    value = collected.followed[metric.variable].values(collected.columns)
    happens = np.isfinite(collected.columns["lessee.default_month"])
    return tell_part(break_even(value, happens, metric.unit), collected)


ESTIMATORS: dict[str, Callable[[Metric, Collected, DealFacts], Estimate]] = {
    MEAN: estimate_mean,
    PROBABILITY: estimate_probability,
    QUANTILE: estimate_quantile,
    SHORTFALL: estimate_shortfall,
    LOSS_GIVEN_DEFAULT: estimate_loss_given_default,
    MEAN_FLOW: estimate_mean_flow,
    BREAK_EVEN: estimate_break_even,
    LOSS_SHARE: estimate_loss_share,
    TAIL_LOSS: estimate_jointly,
    TAIL_LOSS_SHARE: estimate_jointly,
    VARIANCE_SHARE: estimate_jointly,
}


def estimate_all(
    collected: Collected, facts: DealFacts, names: Collection[str] | None = None
) -> dict[str, Estimate]:
    """Every metric of the deal by name, in the order in which it is reported.

    Parameters
    ----------
    collected : what all paths left behind, with flows of ``equity`` and of each tranche by its name.
    facts : of the deal.
    names : of the metrics that are wanted; None for all.
    """
    return {
        metric.name: ESTIMATORS[metric.estimator](metric, collected, facts)
        for metric in facts.metrics
        if names is None or metric.name in names
    }
