"""Resale price of one GPU: a value curve, lognormal noise, Poisson jumps, a fall when the lessee defaults."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import any_of, like, maximum, sqrt, where
from spv_sim.kernel.rng import (
    EXPONENTIAL_JUMP_BLOCK,
    JUMP_BLOCK,
    JUMP_COUNT_BLOCK,
    four_uniforms,
    next_four_uniforms,
    next_two_normals,
    normal_of_step,
    two_normals,
    uniform,
    uniform_of_step,
)
from spv_sim.kernel.vmath import exp, log

MOST_JUMPS = 8
"""Double exponential jumps of a month that are drawn; what comes beyond is left out (model 3.1c)."""

TINY = 1e-300


class GpuPriceTerms(NamedTuple):
    """The price process in kernel units.

    log_curve : (months + 1,) float64, ln of the price without noise, compensators taken off [ln USD].
    step_volatility : standard deviation of the noise of one month [1].
    jump_count_cdf : (n,) float64, P(jumps in a month <= 0), <= 1, …; empty without jumps.
    jump_mean, jump_sd : of the log size of one lognormal jump [1].
    up_share, up_rate, down_rate : of double exponential jumps; rates of 0 where jumps are lognormal [1].
    log_fall_at_default : added to the log price from the lessee's default on [1].
    scrap_value : floor of the price [USD].
    """

    log_curve: Any
    step_volatility: float
    jump_count_cdf: Any
    jump_mean: float
    jump_sd: float
    up_share: float
    up_rate: float
    down_rate: float
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
def jump_count(cdf: Any, u: Any) -> Any:
    """Smallest n whose distribution function reaches the uniform, and its square root."""
    above = u > cdf[0]
    count = where(above, 1.0, 0.0)
    root = count
    for n in range(1, len(cdf)):
        above = u > cdf[n]
        if not any_of(above):
            break
        count = where(above, 1.0 * (n + 1), count)
        root = where(above, sqrt(1.0 * (n + 1)), root)
    return count, root


@routine
def exponential_log_size(terms: GpuPriceTerms, month: int, seed: Any, path: Any, count: Any) -> Any:
    """Sum of the month's double exponential jumps, each the inverse of its law at a uniform of its own.

    Source: Kou (2002); model 3.1c.
    """
    total = like(count, 0.0)
    down_share = 1.0 - terms.up_share
    for n in range(MOST_JUMPS):
        happens = count > n
        if not any_of(happens):
            break
        u = uniform(seed, path, month * MOST_JUMPS + n, EXPONENTIAL_JUMP_BLOCK)
        falls = u < down_share
        fall = log(where(falls, u / maximum(down_share, TINY), 1.0)) / terms.down_rate
        rise = -log(where(falls, 1.0, (1.0 - u) / maximum(terms.up_share, TINY))) / terms.up_rate
        total = total + where(happens, fall + rise, 0.0)
    return total


@jit
def jump_log_size(terms: GpuPriceTerms, month: int, seed: Any, path: Any, draws: JumpDraws) -> Any:
    """Sum of the month's jumps: n lognormal ones are one normal, N(n mean, n sd^2), exactly."""
    count, root = jump_count(terms.jump_count_cdf, uniform_of_step(draws.count_words, month))
    if terms.up_rate > 0.0:
        return exponential_log_size(terms, month, seed, path, count)
    return count * terms.jump_mean + root * (terms.jump_sd * normal_of_step(draws.sizes, month))


@jit
def resale_price(terms: GpuPriceTerms, month: int, log_noise: Any, defaulted: Any) -> Any:
    """Orderly resale price of one unit after the month's moves [USD]."""
    fall = where(defaulted, terms.log_fall_at_default, 0.0)
    return maximum(exp(terms.log_curve[month] + log_noise + fall), terms.scrap_value)
