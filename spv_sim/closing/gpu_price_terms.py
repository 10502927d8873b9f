"""The resale price at closing: annual numbers into monthly steps, compensators off the curve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.release_terms import log_release_growth
from spv_sim.market.gpu_price import GpuPriceTerms

if TYPE_CHECKING:
    from spv_sim.scenario.gpu_price import ExponentialJump, GpuPrice

Array = NDArray[np.float64]

UNREACHABLE = 2.0**-33
"""Half a step of the 32-bit uniform behind the jump count: no draw reaches a tail thinner than this."""


def poisson_cdf(mean: float) -> Array:
    """P(N <= 0), P(N <= 1), … of a Poisson count, up to where a 32-bit uniform cannot reach."""
    if mean == 0:
        return np.empty(0)
    term = total = math.exp(-mean)
    cdf = [total]
    while 1 - total > UNREACHABLE and term > 0:
        term *= mean / len(cdf)
        total += term
        cdf.append(total)
    return np.array(cdf)


def growth_of_mean(price: GpuPrice) -> float:
    """Yearly log growth that noise and jumps add to the mean over the median without them [1/year]."""
    growth = 0.5 * price.volatility**2
    if price.jump is not None:
        jump = price.jump
        growth += jump.intensity * math.expm1(jump.mean_log + 0.5 * jump.sd_log**2)
    if price.exponential_jump is not None:
        growth += price.exponential_jump.intensity * mean_exponential_jump(price.exponential_jump)
    return growth


def mean_exponential_jump(jump: ExponentialJump) -> float:
    """E[exp(J)] - 1 of one double exponential jump.

    Source: Kou (2002), A jump-diffusion model for option pricing, Management Science 48(8); model 3.1c.
    """
    up, down = jump.up_rate / (jump.up_rate - 1), jump.down_rate / (jump.down_rate + 1)
    return jump.up_share * up + (1 - jump.up_share) * down - 1


def log_stated_curve(price: GpuPrice, new_price: float, years: Array) -> Array:
    """ln of the curve as stated, mean or median, by time from closing [ln USD].

    A price of zero (nothing resalable) is -inf.
    """
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(new_price * (1 - price.day_one_discount) * price.curve.share(years)))


def log_mean_over_median(price: GpuPrice, years: Array) -> Array:
    """ln of what noise, jumps and announced releases multiply the mean by, by time from closing [1]."""
    return growth_of_mean(price) * years + log_release_growth(price, years)


def log_mean_price(price: GpuPrice, new_price: float, years: Array) -> Array:
    """ln of the expected price without the floor and without a lessee default, by time from closing [ln USD].

    Source: model 3.1.
    """
    stated = log_stated_curve(price, new_price, years)
    return stated if price.curve_is == "mean" else stated + log_mean_over_median(price, years)


def gpu_price_terms(price: GpuPrice, new_price: float, last_month: int) -> GpuPriceTerms:
    """Kernel terms of the price process."""
    years = np.arange(last_month + 1) / 12
    log_curve = log_stated_curve(price, new_price, years)
    if price.curve_is == "mean":
        log_curve = log_curve - log_mean_over_median(price, years)
    jump, exponential = price.jump, price.exponential_jump
    told = jump or exponential
    with np.errstate(divide="ignore"):
        fall = float(np.log1p(-price.fall_at_default))
    return GpuPriceTerms(
        log_curve=log_curve,
        step_volatility=price.volatility / math.sqrt(12),
        jump_count_cdf=poisson_cdf(told.intensity / 12 if told else 0.0),
        jump_mean=jump.mean_log if jump else 0.0,
        jump_sd=jump.sd_log if jump else 0.0,
        up_share=exponential.up_share if exponential else 0.0,
        up_rate=exponential.up_rate if exponential else 0.0,
        down_rate=exponential.down_rate if exponential else 0.0,
        log_fall_at_default=fall,
        scrap_value=price.scrap_value,
    )
