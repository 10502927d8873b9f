"""What only a contract draws: guarantor's default, the lessee's choice to buy, its early termination."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like
from spv_sim.kernel.rng import CONTRACT_BLOCK, four_uniforms, uniform_of_step
from spv_sim.kernel.vmath import log
from spv_sim.market.credit import NEVER, month_reached


class ContractTerms(NamedTuple):
    """The clocks that belong to a contract.

    guarantor : (months + 1,) float64, cumulative hazard of its default, of length 0 where it cannot fail [1].
    termination : (months + 1,) float64, of the lessee's early termination, of length 0 without the right [1].
    draws : whether a path draws anything here; else the choice to buy is the likelier one.
    """

    guarantor: Any
    termination: Any
    draws: bool


class ContractDraws(NamedTuple):
    """What a path knows from closing on: two months and the uniform behind the choice to buy.

    A contract acts on them only in the months in which it says so, so that paths may share the months before.
    """

    guarantor_default_month: Any
    termination_month: Any
    purchase: Any


@jit
def draw_contract(terms: ContractTerms, seed: Any, path: Any) -> ContractDraws:
    """The draws of step 0: three of the four uniforms of one block."""
    if not terms.draws:
        certain = like(path, 1.0)
        return ContractDraws(
            guarantor_default_month=like(path, NEVER),
            termination_month=month_reached(terms.termination, certain),
            purchase=like(path, 0.5),
        )
    words = four_uniforms(seed, path, 0, CONTRACT_BLOCK)
    return ContractDraws(
        guarantor_default_month=month_reached(terms.guarantor, -log(uniform_of_step(words, 0))),
        termination_month=month_reached(terms.termination, -log(uniform_of_step(words, 2))),
        purchase=uniform_of_step(words, 1),
    )
