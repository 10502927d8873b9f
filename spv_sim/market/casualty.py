"""Casualties: fires, floods and other accidents, each of which destroys a share of a fleet."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, where
from spv_sim.kernel.rng import CASUALTY_BLOCK, uniform


class CasualtyTerms(NamedTuple):
    """How often casualties come in a month, and what they leave.

    count_cdf : (n,) float64, P(casualties in a month <= 0), <= 1, …; empty where it is not drawn.
    left : (n + 1,) float64, share of the units that 0, 1, … casualties leave [1].
    expected : number of casualties where it is not drawn.  expected_left : share of the units left then [1].
    """

    count_cdf: Any
    left: Any
    expected: float
    expected_left: float


@jit
def draw_casualties(terms: CasualtyTerms, month: int, seed: Any, path: Any, template: Any) -> tuple[Any, Any]:
    """Number of casualties in the month, and the share of the units that they leave [1].

    Limits: several vehicles on one market have them at the same time, and all units are at one place.
    Source: model 5.6; the number is the inverse of its Poisson distribution at one uniform.
    """
    if len(terms.count_cdf) == 0:
        return like(template, terms.expected), like(template, terms.expected_left)
    level = uniform(seed, path, month, CASUALTY_BLOCK)
    count, left = like(template, 0.0), like(template, 1.0)
    for n in range(len(terms.count_cdf)):
        more = level > terms.count_cdf[n]
        if not any_of(more):
            break
        count = where(more, n + 1.0, count)
        left = where(more, terms.left[n + 1], left)
    return count, left
