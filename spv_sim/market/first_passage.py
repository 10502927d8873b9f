"""Default when a random walk first meets zero: time-changed or Black and Cox's, by one formula."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import like, minimum, where
from spv_sim.kernel.rng import normal_of_step, uniform_of_step
from spv_sim.kernel.vmath import exp
from spv_sim.market.credit_draws import draw_credit, open_credit_draws

NO_PASSAGE = math.inf


class WalkTerms(NamedTuple):
    """The walk X of the lessee's distance to default in kernel units.

    initial : X before the first step, above 0 [1].
    first_month : month of the first step.
    drift, volatility : (months,) float64, mean and standard deviation of the step of each month; a month of
        volatility 0 does not move [1].
    bridge : (months,) float64, -2 / volatility^2; 0 where the walk does not move [1].
    """

    initial: float
    first_month: int
    drift: Any
    volatility: Any
    bridge: Any


@jit
def touches_zero(bridge: float, before: Any, after: Any, uniform: Any) -> Any:
    """Whether the continuous path between two months' ends has met zero, given a uniform of its own.

    A Brownian bridge from x to y > 0 meets zero with probability exp(-2xy / variance); where y is not above
    zero this is no less than 1.
    """
    return uniform < exp(bridge * (before * after))


@routine
def first_passage(terms: WalkTerms, answers: Any, seed: Any, path: Any) -> Any:
    """`answers` of the month in which the walk first meets zero, `NO_PASSAGE` where it does not.

    answers : (at least months,) float64, never falling from month to month.
    """
    x = like(path, terms.initial)
    answer = like(path, NO_PASSAGE)
    draws = open_credit_draws(terms.first_month, seed, path)
    for month in range(terms.first_month, len(terms.volatility)):
        draws = draw_credit(month, seed, path, draws)
        if terms.volatility[month] > 0.0:
            step = terms.drift[month] + terms.volatility[month] * normal_of_step(draws.normals, month)
            after = x + step
            touched = touches_zero(terms.bridge[month], x, after, uniform_of_step(draws.words, month))
            answer = minimum(answer, where(touched, answers[month], NO_PASSAGE))
            x = after
    return answer
