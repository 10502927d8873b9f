"""Announced releases of new generations: once each, some delay after its date, price and rent jump."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import any_of, like, where
from spv_sim.kernel.rng import RELEASE_BLOCK, uniform_pair
from spv_sim.kernel.vmath import ndtri


class ReleaseTerms(NamedTuple):
    """The releases in kernel units.

    reached : (releases, months + 1) float64, probability that the release has come by the end of a month.
    mean, sd : (releases,) float64, of the log size of its jump of the price [1].
    on_rents : (releases,) float64, part of the jump that the log lease rate takes [1].
    """

    reached: Any
    mean: Any
    sd: Any
    on_rents: Any


@routine
def release_jumps(terms: ReleaseTerms, month: int, seed: Any, path: Any) -> Any:
    """What the releases of the month add to the log price and to the log lease rate.

    A release has one address on a path, so that its month and its size are the same whenever it is asked.
    """
    price = like(path, 0.0)
    rent = price
    for number in range(len(terms.mean)):
        before, after = terms.reached[number, month - 1], terms.reached[number, month]
        if after > before:
            when, how = uniform_pair(seed, path, number, RELEASE_BLOCK)
            comes = (when > before) & (when <= after)
            if any_of(comes):
                jump = where(comes, terms.mean[number] + terms.sd[number] * ndtri(how), 0.0)
                price = price + jump
                rent = rent + terms.on_rents[number] * jump
    return price, rent
