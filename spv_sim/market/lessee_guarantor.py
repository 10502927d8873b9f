"""Default of the lessee's guarantor: its own curve, joined to the lessee's default by a Gaussian copula."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import like, where
from spv_sim.kernel.rng import LESSEE_GUARANTOR_BLOCK, uniform_pair
from spv_sim.kernel.vmath import ndtri
from spv_sim.market.credit import month_reached


class LesseeGuarantorTerms(NamedTuple):
    """The guarantor's clock on the normal scale.

    levels : (months + 1,) float64, standard normal quantile of the probability that it has failed by the end
        of each month, of length 0 where it cannot fail [1].
    loading, alone : of its normal on the lessee's and on its own: ρ and sqrt(1 - ρ²) [1].
    lessee_defaulted : (months + 1,) float64, probability that the lessee has defaulted by each month [1].
    """

    levels: Any
    loading: float
    alone: float
    lessee_defaulted: Any


@jit
def lessee_rank(defaulted: Any, default_month: Any, uniform: Any) -> Any:
    """A uniform of which the month of the lessee's default is the quantile, whatever engine drew the month.

    Source: Rüschendorf (2009), the distributional transform F(τ-) + V (F(τ) - F(τ-)).
    """
    last = len(defaulted) - 1
    below, width = like(uniform, defaulted[last]), like(uniform, 1.0 - defaulted[last])
    for month in range(1, last + 1):
        now = default_month == month
        below = where(now, defaulted[month - 1], below)
        width = where(now, defaulted[month] - defaulted[month - 1], width)
    return below + uniform * width


@routine
def guarantor_month(terms: LesseeGuarantorTerms, seed: Any, path: Any, default_month: Any) -> Any:
    """Month of the guarantor's default, `NEVER` where it does not fail.

    Source: model 4.8, 4.9: Z = ρ Φ^-1(rank of the lessee) + sqrt(1 - ρ²) ε, default once Φ(Z) is reached.
    """
    own, link = uniform_pair(seed, path, 0, LESSEE_GUARANTOR_BLOCK)
    normal = terms.alone * ndtri(own)
    if terms.loading != 0.0:
        normal = normal + terms.loading * ndtri(lessee_rank(terms.lessee_defaulted, default_month, link))
    return month_reached(terms.levels, normal)
