"""What only a contract draws: what a guarantor, the lessee's choice and a bankruptcy court settle."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like
from spv_sim.kernel.rng import CONTRACT_BLOCK, RECOVERY_BLOCK, four_uniforms, uniform, uniform_of_step
from spv_sim.kernel.vmath import log
from spv_sim.market.credit import NEVER, month_reached
from spv_sim.market.lessee_guarantor import LesseeGuarantorTerms, guarantor_month


class ContractTerms(NamedTuple):
    """The clocks that belong to a contract.

    guarantor : (months + 1,) float64, cumulative hazard of the default of the residual value's guarantor, of
        length 0 where it cannot fail [1].
    termination : (months + 1,) float64, of the lessee's early termination, of length 0 without the right [1].
    draws : whether a path draws the purchase or one of these two; else the likelier happens.
    draws_outcome : whether it draws what becomes of a lease in default.  outcome : the uniform where not.
    lessee_guarantor : who pays the lessee's rent after its default.
    draws_recovery : whether the recovery on the claim is random.
    """

    guarantor: Any
    termination: Any
    draws: bool
    draws_outcome: bool
    outcome: float
    lessee_guarantor: LesseeGuarantorTerms
    draws_recovery: bool


class ContractDraws(NamedTuple):
    """What a path knows from closing on: three months and three uniforms.

    outcome : behind what becomes of a lease in default.  recovery : behind the estate's share; below 0 where
    it is not drawn.

    A contract acts on them only in the months in which it says so, so that paths may share the months before.
    """

    guarantor_default_month: Any
    termination_month: Any
    purchase: Any
    outcome: Any
    lessee_guarantor_month: Any
    recovery: Any


@jit
def draw_contract(terms: ContractTerms, seed: Any, path: Any, default_month: Any) -> ContractDraws:
    """The draws of step 0."""
    lessee_guarantor = like(path, NEVER)
    if len(terms.lessee_guarantor.levels) > 0:
        lessee_guarantor = guarantor_month(terms.lessee_guarantor, seed, path, default_month)
    recovery = like(path, -1.0)
    if terms.draws_recovery:
        recovery = uniform(seed, path, 0, RECOVERY_BLOCK)
    outcome = like(path, terms.outcome)
    if not (terms.draws or terms.draws_outcome):
        certain = like(path, 1.0)
        return ContractDraws(
            guarantor_default_month=like(path, NEVER),
            termination_month=month_reached(terms.termination, certain),
            purchase=like(path, 0.5),
            outcome=outcome,
            lessee_guarantor_month=lessee_guarantor,
            recovery=recovery,
        )
    words = four_uniforms(seed, path, 0, CONTRACT_BLOCK)
    if terms.draws_outcome:
        outcome = uniform_of_step(words, 3)
    return ContractDraws(
        guarantor_default_month=month_reached(terms.guarantor, -log(uniform_of_step(words, 0))),
        termination_month=month_reached(terms.termination, -log(uniform_of_step(words, 2))),
        purchase=uniform_of_step(words, 1),
        outcome=outcome,
        lessee_guarantor_month=lessee_guarantor,
        recovery=recovery,
    )
