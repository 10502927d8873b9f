"""The residual value guarantee at closing: its terms by unit, and what it would be worth to buy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.black import put
from spv_sim.closing.fleet import h100_equivalents
from spv_sim.spv.guarantee import GuaranteeTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

FEWEST_JUMPS_LEFT_OUT = 1e-16
"""Probability of the jump counts at which the series of a jump diffusion stops."""


def guarantee_terms(scenario: Scenario) -> GuaranteeTerms:
    """Kernel terms of the guarantee; an amount of 0 where there is none."""
    promise = scenario.lease.residual_value_guarantee
    if promise is None:
        return GuaranteeTerms(0.0, 0.0, math.inf, False, False)
    cap = math.inf if promise.cap is None else promise.cap / h100_equivalents(scenario.fleet)
    return GuaranteeTerms(
        amount=promise.amount,
        coverage=promise.coverage,
        cap=cap,
        on_default=promise.on_default,
        of_lessee=promise.guarantor == "lessee",
    )


def guarantor_clock(scenario: Scenario, last_month: int) -> Array:
    """The guarantor's default clock from closing on; of length 0 where it cannot fail."""
    promise = scenario.lease.residual_value_guarantee
    if promise is None or promise.hazard == 0:
        return np.empty(0)
    return np.asarray(promise.hazard * np.arange(last_month + 1) / 12)


def fair_premium(
    units: float,
    amount: float,
    forward: float,
    deviation: float,
    years: float,
    rate: float,
    survival: float = 1.0,
    jumps: float = 0.0,
    jump_mean: float = 0.0,
    jump_sd: float = 0.0,
) -> float:
    """Fair premium at closing of an uncapped guarantee at a given month, under independence [USD].

    Parameters
    ----------
    units : guaranteed [1].  amount : guaranteed value of one [USD].
    forward : E[price] at that time [USD].  deviation : standard deviation of its log without jumps [1].
    years : until then [years].  rate : continuously compounded discount rate [1/year].
    survival : probability that the guarantee is still in force: 1 where it outlasts a default [1].
    jumps : expected number of lognormal jumps until then [1].  jump_mean, jump_sd : of one's log size [1].

    Limits: the floor of the price and the cap of the guarantee are left out.

    Source: model 6.6; with jumps Merton (1976), a sum of Black's formula over their number.
    """
    value, weight, count, total = 0.0, math.exp(-jumps), 0, 0.0
    growth = jumps * math.expm1(jump_mean + jump_sd**2 / 2)
    while count <= jumps or weight > FEWEST_JUMPS_LEFT_OUT:
        mean = forward * math.exp(count * (jump_mean + jump_sd**2 / 2) - growth)
        value += weight * float(put(mean, amount, math.sqrt(deviation**2 + count * jump_sd**2)))
        total += weight
        count += 1
        weight *= jumps / count
    return units * math.exp(-rate * years) * survival * value / total
