"""Resale price of one GPU: a value curve, lognormal noise, Poisson jumps, a fall when the lessee defaults."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, maximum, sqrt, where
from spv_sim.kernel.rng import normal_of, uniform_of
from spv_sim.kernel.vmath import exp


class GpuPriceTerms(NamedTuple):
    """The price process in kernel units.

    log_curve : (months + 1,) float64, ln of the price without noise, compensators taken off [ln USD].
    step_volatility : standard deviation of the noise of one month [1].
    jump_count_cdf : (n,) float64, P(jumps in a month <= 0), <= 1, …; empty without jumps.
    jump_mean, jump_sd : of the log size of one jump [1].
    log_fall_at_default : added to the log price from the lessee's default on [1].
    scrap_value : floor of the price [USD].
    """

    log_curve: Any
    step_volatility: float
    jump_count_cdf: Any
    jump_mean: float
    jump_sd: float
    log_fall_at_default: float
    scrap_value: float


@jit
def jump_count(cdf: Any, uniform: Any) -> Any:
    """Smallest n whose distribution function reaches the uniform."""
    count = like(uniform, 0.0)
    for n in range(len(cdf)):
        above = uniform > cdf[n]
        if not any_of(above):
            break
        count = count + where(above, 1.0, 0.0)
    return count


@jit
def jump_log_size(terms: GpuPriceTerms, words: Any) -> Any:
    """Sum of the month's lognormal jumps: n of them are one normal, N(n mean, n sd^2), exactly."""
    count = jump_count(terms.jump_count_cdf, uniform_of(words))
    if not any_of(count > 0.0):
        return count
    return count * terms.jump_mean + sqrt(count) * terms.jump_sd * normal_of(words)


@jit
def resale_price(terms: GpuPriceTerms, month: int, log_noise: Any, defaulted: Any) -> Any:
    """Orderly resale price of one unit after the month's moves [USD]."""
    fall = where(defaulted, terms.log_fall_at_default, 0.0)
    return maximum(exp(terms.log_curve[month] + log_noise + fall), terms.scrap_value)
