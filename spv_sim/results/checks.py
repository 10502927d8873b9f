"""Checks of a run against what must hold: survival in closed form, identities of the cash."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spv_sim.results.intervals import binomial_quantiles
from spv_sim.results.sample import KeptSample, Sample
from spv_sim.results.stakeholder import Array
from spv_sim.spv.tolerance import CASH_TOLERANCE

DEVIATIONS = 4.0
TAIL = 3.167124183311986e-05
"""Probability of a normal variable beyond four standard deviations to one side."""


@dataclass(frozen=True)
class Check:
    """A check that a run makes of itself.

    Parameters
    ----------
    name : of the check.
    passed : whether it holds.
    value, expected, tolerance : what was found, what should be, how far off it may be.
    detail : in words.
    """

    name: str
    passed: bool
    value: float
    expected: float
    tolerance: float
    detail: str


def check_survival(default_months: Sample | Array, survival: Array) -> list[Check]:
    """Share of paths without a default by each year's end against the closed form.

    Passes within four standard errors, or within the binomial ranks of the same weight where so few defaults
    are expected that their number is not normal.

    Parameters
    ----------
    default_months : sample of the default month, or (paths,) float64, inf without a default [months].
    survival : (months + 1,) float64, probability of no default up to each month from closing [share].
    """
    sample = KeptSample(default_months) if isinstance(default_months, np.ndarray) else default_months
    last = len(survival) - 1
    months = [*range(12, last, 12), last]
    return [check_survival_at(sample, month, float(survival[month])) for month in months if month > 0]


def check_survival_at(sample: Sample, month: int, expected: float) -> Check:
    """Share of paths without a default up to a month against the closed form."""
    paths = sample.count
    defaults = sample.below(float(month)) + sample.equal(float(month))
    value = 1.0 - defaults / paths
    error = math.sqrt(max(expected * (1.0 - expected), 0.0) / paths)
    low, high = binomial_quantiles(paths, 1.0 - expected, TAIL, 1.0 - TAIL)
    z = (value - expected) / error if error > 0.0 else 0.0
    passed = low <= defaults <= high or (error > 0.0 and abs(z) <= DEVIATIONS)
    return Check(
        name=f"survival to month {month}",
        passed=passed,
        value=value,
        expected=expected,
        tolerance=DEVIATIONS * error,
        detail=f"z = {z:.1f} over {paths:,} paths",
    )


def check_breach(breach: Sample | float) -> Check:
    """Largest violation of an identity on any path and month, as a share of the total uses.

    Parameters
    ----------
    breach : sample of the violation on each path, or the largest [share of the total uses].
    """
    value = breach if isinstance(breach, (int, float)) else breach.maximum
    undefined = 0 if isinstance(breach, (int, float)) else breach.undefined
    return Check(
        name="cash is conserved on every path",
        passed=value <= CASH_TOLERANCE and undefined == 0,
        value=float(value),
        expected=0.0,
        tolerance=CASH_TOLERANCE,
        detail=f"not defined on {undefined:,} paths"
        if undefined
        else "largest violation as a share of the uses",
    )


def check_lost_values(breach: Sample) -> Check:
    """Largest distance between what all stakeholders lose and what the deal gets less from outside.

    Parameters
    ----------
    breach : sample of the distance on each path [share of the total uses].
    """
    return Check(
        name="losses of all stakeholders are the loss of the deal",
        passed=breach.maximum <= CASH_TOLERANCE and breach.undefined == 0,
        value=float(breach.maximum),
        expected=0.0,
        tolerance=CASH_TOLERANCE,
        detail="largest distance on a path as a share of the uses",
    )
