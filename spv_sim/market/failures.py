"""Failures: how many of a cohort's units stop working in a month, binomial, with a shock common to all."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import (
    any_of,
    floor,
    lane,
    like,
    maximum,
    minimum,
    nearest,
    sqrt,
    where,
    width_of,
    with_lane,
)
from spv_sim.kernel.rng import FAILURE_BLOCK, uniform_pair
from spv_sim.kernel.vmath import exp, log, ndtri
from spv_sim.market.casualty import CasualtyTerms

EXACT_BELOW = 50.0
"""Variance of the number of failures below which its distribution is inverted term by term (model 5.3)."""

MONTHS_OF_COHORT = 1024
"""Steps between the addresses of two cohorts: more than the longest grid has months."""


class FailureTerms(NamedTuple):
    """How units fail.

    random : whether the number of failures is drawn; else it is its mean.
    probability : (ages + 1,) float64, that a unit which works at an age of i - 1 months fails in the month
        that follows [1].
    shock : (n,) float64, equally likely values of the month's factor on every probability, mean 1; of length
        0 without a shock [1].
    casualty : accidents that destroy units.
    """

    random: bool
    probability: Any
    shock: Any
    casualty: CasualtyTerms


class Failures(NamedTuple):
    """The failures of a path: drawn from its address when a fleet asks, because they depend on its size."""

    terms: FailureTerms
    seed: Any
    path: Any


@routine
def binomial_quantile(level: Any, n: Any, probability: Any) -> Any:
    """Least k with P(Binomial(n, p) <= k) >= level, for a whole n and 0 < level < 1.

    Exact where n p (1-p) < 50; else Gaussian with continuity correction, rounded and clamped to [0, n].
    Source: model 5.3.
    """
    many = probability > 0.5  # then those that do not fail are counted
    p = where(many, 1.0 - probability, probability)
    u = where(many, 1.0 - level, level)
    variance = n * p * (1.0 - p)
    exact = variance < EXACT_BELOW
    rounded = nearest(n * p + sqrt(variance) * ndtri(u))
    found = minimum(maximum(rounded, 0.0), n)
    if any_of(exact):
        odds = p / (1.0 - p)
        mass = where(exact, exp(n * log(1.0 - p)), 1.0)
        below, counted, k = mass, like(mass, 0.0), 0.0
        short = (below < u) & (counted < n)
        while any_of(short):
            k += 1.0
            mass = mass * (n - (k - 1.0)) * (1.0 / k) * odds
            below = below + mass
            counted = where(short, k, counted)
            short = short & (below < u) & (counted < n)
        found = where(exact, counted, found)
    return where(many, n - found, found)


@routine
def value_at(table: Any, level: Any) -> Any:
    """The value of an equally likely table at a level in (0, 1)."""
    found = level
    for i in range(width_of(level)):
        found = with_lane(found, i, table[int(lane(level, i) * len(table))])
    return found


@jit
def draw_levels(failures: Failures, month: int, cohort: int) -> Any:
    """The two uniforms of a cohort's month: of its failures, and, for the first cohort, of the shock."""
    return uniform_pair(failures.seed, failures.path, cohort * MONTHS_OF_COHORT + month, FAILURE_BLOCK)


@jit
def shock_of(failures: Failures, month: int, template: Any) -> Any:
    """Factor of the month on every probability of failure [1]."""
    if len(failures.terms.shock) == 0:
        return like(template, 1.0)
    _, level = draw_levels(failures, month, 0)
    return value_at(failures.terms.shock, level)


@jit
def draw_failures(failures: Failures, month: int, cohort: int, age: int, units: Any, shock: Any) -> Any:
    """Units of a cohort that fail in the month in which they reach an age [1].

    Limits: a part of a unit, such as shrinkage leaves, does not fail; several deals on one market draw the
    failures of their first cohorts from one uniform, those of their second from another, and so on.
    Source: model 5.3.
    """
    probability = minimum(failures.terms.probability[age] * shock, 1.0)
    if not failures.terms.random:
        return probability * units
    level, _ = draw_levels(failures, month, cohort)
    return binomial_quantile(level, floor(units), probability)
