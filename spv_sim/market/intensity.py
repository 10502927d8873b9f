"""Default when a random intensity, integrated, reaches an exponential threshold: CIR moves and shocks."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import all_of, any_of, like, maximum, minimum, sqrt, where
from spv_sim.kernel.rng import (
    SHOCK_BLOCK,
    SHOCK_COUNT_BLOCK,
    STEPS_OF_FOUR,
    four_uniforms,
    normal_of_step,
    uniform_of_step,
    uniform_pair,
)
from spv_sim.kernel.vmath import exp, log
from spv_sim.market.credit_draws import draw_credit, open_credit_draws
from spv_sim.market.gpu_price import jump_count

NO_DEFAULT = math.inf

SWITCH = 1.5
"""Relative variance of a step from which it is drawn from an exponential with an atom at 0.

Source: Andersen (2008), psi_c.
"""

MOST_SHOCKS = 64
"""Addresses of a month's shocks; more than any count that the distribution function reaches."""


class CirTerms(NamedTuple):
    """A Cox, Ingersoll and Ross intensity y in monthly steps.

    moves : whether there is one.
    initial : y before the first step [1/year].
    decay, mean_added : mean of a step is decay y + mean_added.
    variance_slope, variance_added : variance of a step is variance_slope y + variance_added.
    half_step : half of the length of a step [years].
    """

    moves: bool
    initial: float
    decay: float
    mean_added: float
    variance_slope: float
    variance_added: float
    half_step: float


class ShockTerms(NamedTuple):
    """Shocks that raise the intensity and die away.

    count_cdf : (n,) float64, P(shocks in a month <= 0), <= 1, …; empty without shocks, shorter than
        MOST_SHOCKS.
    mean_severity : mean of the exponential rise of the intensity [1/year].
    speed : rate at which a rise dies away [1/year].
    decay : share of a rise that is left after a month [1].
    step : length of a month [years].
    """

    count_cdf: Any
    mean_severity: float
    speed: float
    decay: float
    step: float


class IntensityTerms(NamedTuple):
    """A random intensity in kernel units.

    first_month : month of the first step.
    certain : (months,) float64, the part of the cumulative hazard that is not random, with what fits its
        survival to the curve [1].
    """

    first_month: int
    certain: Any
    cir: CirTerms
    shocks: ShockTerms


@jit
def move_cir(terms: CirTerms, y: Any, normal: Any, uniform: Any) -> Any:
    """y one month later, by Andersen's quadratic-exponential step: mean and variance are exact.

    Source: Andersen (2008), Simple and efficient simulation of the Heston stochastic volatility model.
    """
    mean = terms.decay * y + terms.mean_added
    relative = (terms.variance_slope * y + terms.variance_added) / (mean * mean)
    inverse = 2.0 / relative
    square = maximum(inverse - 1.0 + sqrt(inverse) * sqrt(maximum(inverse - 1.0, 0.0)), 0.0)
    root = sqrt(square) + normal
    after = mean / (1.0 + square) * (root * root)
    spread = relative > SWITCH
    if any_of(spread):
        atom = (relative - 1.0) / (relative + 1.0)
        rest = 1.0 - atom
        above = spread & (uniform > atom)
        drawn = log(where(above, rest / (1.0 - uniform), 1.0)) * (mean / where(spread, rest, 1.0))
        after = where(spread, drawn, after)
    return after


@jit
def add_shocks(terms: ShockTerms, month: int, seed: Any, path: Any, raised: Any, words: Any) -> Any:
    """Hazard of the month from shocks old and new, and what they raise the intensity by at its end."""
    count, _ = jump_count(terms.count_cdf, uniform_of_step(words, month))
    hazard = raised * ((1.0 - terms.decay) / terms.speed)
    raised = raised * terms.decay
    for n in range(len(terms.count_cdf)):
        happens = count > n
        if not any_of(happens):
            break
        when, how = uniform_pair(seed, path, month * MOST_SHOCKS + n, SHOCK_BLOCK)
        severity = where(happens, -terms.mean_severity * log(how), 0.0)
        left = exp(-(terms.speed * terms.step) * when)  # `when` counts back from the end of the month
        hazard = hazard + severity * ((1.0 - left) / terms.speed)
        raised = raised + severity * left
    return hazard, raised


@routine
def first_reached(terms: IntensityTerms, answers: Any, threshold: Any, seed: Any, path: Any) -> Any:
    """`answers` of the first month in which the hazard reaches the threshold, `NO_DEFAULT` where none does.

    answers : (at least months,) float64, never falling from month to month.
    """
    y = like(threshold, terms.cir.initial)
    raised = like(threshold, 0.0)
    hazard = like(threshold, 0.0)
    answer = like(threshold, NO_DEFAULT)
    draws = open_credit_draws(terms.first_month, seed, path)
    words = four_uniforms(seed, path, terms.first_month, SHOCK_COUNT_BLOCK)
    for month in range(terms.first_month, len(terms.certain)):
        if terms.cir.moves:
            draws = draw_credit(month, seed, path, draws)
            normal, uniform = normal_of_step(draws.normals, month), uniform_of_step(draws.words, month)
            after = move_cir(terms.cir, y, normal, uniform)
            hazard = hazard + terms.cir.half_step * (y + after)
            y = after
        if len(terms.shocks.count_cdf) > 0:
            if month % STEPS_OF_FOUR == 0:
                words = four_uniforms(seed, path, month, SHOCK_COUNT_BLOCK)
            added, raised = add_shocks(terms.shocks, month, seed, path, raised, words)
            hazard = hazard + added
        reached = threshold <= hazard + terms.certain[month]
        answer = minimum(answer, where(reached, answers[month], NO_DEFAULT))
        if all_of(reached):
            break
    return answer
