"""Resale price of one GPU: a value curve, lognormal noise, Poisson jumps, a fall when the lessee defaults."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, maximum, sqrt, where
from spv_sim.kernel.rng import (
    JUMP_BLOCK,
    JUMP_COUNT_BLOCK,
    four_uniforms,
    next_four_uniforms,
    next_two_normals,
    normal_of_step,
    two_normals,
    uniform_of_step,
)
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


class JumpDraws(NamedTuple):
    """What the jumps of the coming months are made of: the words of their counts, a pair of their sizes."""

    count_words: Any
    sizes: Any


@jit
def open_jumps(seed: Any, path: Any) -> JumpDraws:
    """The draws of the first months."""
    return JumpDraws(
        count_words=four_uniforms(seed, path, 0, JUMP_COUNT_BLOCK),
        sizes=two_normals(seed, path, 0, JUMP_BLOCK),
    )


@jit
def draw_jumps(month: int, seed: Any, path: Any, draws: JumpDraws) -> JumpDraws:
    """The draws of the month; new ones where those at hand have served their steps."""
    return JumpDraws(
        count_words=next_four_uniforms(draws.count_words, seed, path, month, JUMP_COUNT_BLOCK),
        sizes=next_two_normals(draws.sizes, seed, path, month, JUMP_BLOCK),
    )


@jit
def jump_count(cdf: Any, uniform: Any) -> Any:
    """Smallest n whose distribution function reaches the uniform, and its square root."""
    above = uniform > cdf[0]
    count = where(above, 1.0, 0.0)
    root = count
    for n in range(1, len(cdf)):
        above = uniform > cdf[n]
        if not any_of(above):
            break
        count = where(above, 1.0 * (n + 1), count)
        root = where(above, sqrt(1.0 * (n + 1)), root)
    return count, root


@jit
def jump_log_size(terms: GpuPriceTerms, month: int, draws: JumpDraws) -> Any:
    """Sum of the month's lognormal jumps: n of them are one normal, N(n mean, n sd^2), exactly."""
    count, root = jump_count(terms.jump_count_cdf, uniform_of_step(draws.count_words, month))
    return count * terms.jump_mean + root * (terms.jump_sd * normal_of_step(draws.sizes, month))


@jit
def resale_price(terms: GpuPriceTerms, month: int, log_noise: Any, defaulted: Any) -> Any:
    """Orderly resale price of one unit after the month's moves [USD]."""
    fall = where(defaulted, terms.log_fall_at_default, 0.0)
    return maximum(exp(terms.log_curve[month] + log_noise + fall), terms.scrap_value)
