"""Estimators: every number with its standard error and its 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from spv_sim.results.intervals import Z95, binomial_quantiles, order_rank, student_bound, wilson_interval
from spv_sim.results.sample import Sample

LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Levels of the quantiles shown beside a mean."""


@dataclass(frozen=True)
class Quantile:
    """An order statistic with its 95 % interval; an infinite end is a bound that so few paths cannot give."""

    value: float
    ci95: tuple[float, float]


@dataclass(frozen=True)
class Estimate:
    """A Monte Carlo number.

    Parameters
    ----------
    value : NaN where it is not defined.
    standard_error : NaN where it cannot be told, from one path for instance.
    ci95 : 95 % interval.
    count : number of paths that it rests on.
    quantiles : by level, where a distribution stands behind the value.
    unit : of value, error and quantiles.
    note : what a reader must know to read it, empty as a rule.
    """

    value: float
    standard_error: float
    ci95: tuple[float, float]
    count: int
    quantiles: Mapping[float, Quantile] = field(default_factory=dict)
    unit: str = ""
    note: str = ""


def join_notes(*notes: str) -> str:
    """The notes that say something, in one line."""
    return ", ".join(note for note in notes if note)


def count_note(count: int, what: str) -> str:
    """A count in words, nothing for none."""
    return f"{count:,} {what}" if count else ""


def undefined_estimate(unit: str, note: str, count: int = 0) -> Estimate:
    """No value, and why."""
    return Estimate(math.nan, math.nan, (math.nan, math.nan), count, {}, unit, note)


def scale(estimate: Estimate, factor: float, unit: str) -> Estimate:
    """The estimate in another unit, by a positive factor."""
    return replace(
        estimate,
        value=estimate.value * factor,
        standard_error=estimate.standard_error * factor,
        ci95=(estimate.ci95[0] * factor, estimate.ci95[1] * factor),
        quantiles={
            level: Quantile(at.value * factor, (at.ci95[0] * factor, at.ci95[1] * factor))
            for level, at in estimate.quantiles.items()
        },
        unit=unit,
    )


def as_record(estimate: Estimate) -> dict[str, Any]:
    """The estimate for JSON; None where a number is not defined or infinite, which JSON cannot say."""

    def plain(number: float) -> float | None:
        return float(number) if math.isfinite(number) else None

    return {
        "value": plain(estimate.value),
        "unit": estimate.unit,
        "standard_error": plain(estimate.standard_error),
        "ci95": [plain(end) for end in estimate.ci95],
        "quantiles": {
            f"{level:.2f}": {"value": plain(at.value), "ci95": [plain(end) for end in at.ci95]}
            for level, at in estimate.quantiles.items()
        },
        "count": estimate.count,
        "note": estimate.note,
    }


def bin_note(sample: Sample, levels: Sequence[float]) -> str:
    """How far off the quantiles may be for being read from bins."""
    ranks = (order_rank(sample.count, level) for level in levels)
    half = max((sample.at(rank)[1] for rank in ranks), default=0.0) if sample.count else 0.0
    return f"quantiles read from bins, to ±{half:.2g}" if half else ""


def quantile(sample: Sample, level: float) -> Quantile:
    """The order statistic x₍⌈n·level⌉₎ with its distribution-free 95 % interval.

    The ends are the order statistics of the 2.5 % and 97.5 % points of the number of paths below the
    quantile, widened by half a bin where they are read from bins.
    """
    if sample.count == 0:
        return Quantile(math.nan, (math.nan, math.nan))
    value, _ = sample.at(order_rank(sample.count, level))
    first, last = binomial_quantiles(sample.count, level)
    low, low_half = sample.at(first) if first >= 1 else (-math.inf, 0.0)
    high, high_half = sample.at(last + 1) if last < sample.count else (math.inf, 0.0)
    return Quantile(value, (low - low_half, high + high_half))


def mean(sample: Sample, unit: str = "", levels: Sequence[float] = LEVELS) -> Estimate:
    """Mean ± s/√n with quantiles; undefined paths are left out and counted."""
    note = count_note(sample.undefined, "undefined")
    count = sample.count
    if count == 0:
        return undefined_estimate(unit, join_notes("undefined on every path", note))
    error = math.sqrt(sample.squares / (count - 1) / count) if count > 1 else math.nan
    reach = student_bound(count - 1) * error
    return Estimate(
        value=sample.mean,
        standard_error=error,
        ci95=(sample.mean - reach, sample.mean + reach),
        count=count,
        quantiles={level: quantile(sample, level) for level in levels},
        unit=unit,
        note=join_notes(note, bin_note(sample, levels)),
    )


def probability(successes: int, count: int, unit: str = "share", note: str = "") -> Estimate:
    """Share of paths with Wilson's interval and the standard error √(p(1−p)/n)."""
    if count == 0:
        return undefined_estimate(unit, join_notes("undefined on every path", note))
    share = successes / count
    error = math.sqrt(share * (1.0 - share) / count) if count > 1 else math.nan
    return Estimate(share, error, wilson_interval(successes, count), count, {}, unit, note)


def value_at_risk(sample: Sample, level: float, unit: str = "", levels: Sequence[float] = ()) -> Estimate:
    """The quantile of a loss; its standard error is the width of its interval over 2 · 1.96."""
    note = count_note(sample.undefined, "undefined")
    if sample.count == 0:
        return undefined_estimate(unit, join_notes("undefined on every path", note))
    at = quantile(sample, level)
    width = at.ci95[1] - at.ci95[0]
    error = width / (2.0 * Z95) if math.isfinite(width) else math.nan
    return Estimate(
        value=at.value,
        standard_error=error,
        ci95=at.ci95,
        count=sample.count,
        quantiles={shown: quantile(sample, shown) for shown in levels},
        unit=unit,
        note=join_notes(note, bin_note(sample, (level, *levels))),
    )


def expected_shortfall(sample: Sample, level: float, unit: str = "") -> Estimate:
    """Mean of the worst (1 − level) of the paths, q + mean((x−q)⁺)/(1−level).

    The standard error is sd((x−q)⁺)/((1−level)·√n): that q is estimated adds nothing of first order.

    Source
    ------
    Rockafellar and Uryasev, J. Risk 2 (2000).
    """
    note = count_note(sample.undefined, "undefined")
    if sample.count == 0:
        return undefined_estimate(unit, join_notes("undefined on every path", note))
    tail = sample.tail(order_rank(sample.count, level))
    value = tail.threshold + tail.mean / (1.0 - level)
    error = tail.deviation / ((1.0 - level) * math.sqrt(sample.count))
    reach = student_bound(sample.count - 1) * error + tail.error
    bins = f"read from bins, to ±{tail.error:.2g}" if tail.error else ""
    few = "fewer than 20 paths in the tail" if (1.0 - level) * sample.count < 20.0 else ""
    return Estimate(
        value, error, (value - reach, value + reach), sample.count, {}, unit, join_notes(note, few, bins)
    )


def loss_given_default(loss: Sample, loss_if_any: Sample, commitment: float, unit: str = "share") -> Estimate:
    """Ratio of means E[L] / (C · P(L > ε)) with the delta-method error √(n/(n−1) · Σ(L−r·D)²/n) / (√n · D̄).

    Parameters
    ----------
    loss : L on every path [USD].
    loss_if_any : L where it exceeds ε, NaN elsewhere [USD].
    commitment : C [USD].
    """
    count, losses = loss.count, loss_if_any.count
    if losses == 0 or commitment <= 0.0:
        return undefined_estimate(unit, "undefined: no path with a loss", count)
    ratio = loss.mean * count / losses
    residual = loss_if_any.squares + losses * (loss_if_any.mean - ratio) ** 2
    error = math.sqrt(residual / (count - 1) * count) / losses if count > 1 else math.nan
    reach = student_bound(losses - 1) * error
    estimate = Estimate(
        ratio, error, (ratio - reach, ratio + reach), count, {}, "USD", f"from {losses:,} paths with a loss"
    )
    return scale(estimate, 1.0 / commitment, unit)
