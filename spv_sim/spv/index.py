"""Indexed rent: an hourly rate that is reset to the market's, inside a collar."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import maximum, minimum
from spv_sim.market.market import Market


class IndexTerms(NamedTuple):
    """The index of a lease.

    active : whether any hours pay the index rate.
    hours : (months + 1,) float64, hours that pay it on each rent date after completion, after holidays
        [GPU-hour].
    resets : (months + 1,) bool, months in which the rate is set anew, for what begins then.
    lags : (months + 1,) bool, rent dates whose rent pays for what began before the last reset.
    first_rate : rate up to the first reset, known at closing [USD/GPU-hour].
    share : multiple of the market rate after its cost [1].  cost : taken off that rate [USD/GPU-hour].
    floor, cap : of the rate [USD/GPU-hour].
    """

    active: bool
    hours: Any
    resets: Any
    lags: Any
    first_rate: float
    share: float
    cost: float
    floor: float
    cap: float


class IndexRates(NamedTuple):
    """Rate of the indexed hours since the last reset, and before it [USD/GPU-hour]."""

    now: Any
    before: Any


@jit
def collared_rate(terms: IndexTerms, market_rate: Any) -> Any:
    """Index rate that a market rate sets [USD/GPU-hour]."""
    return minimum(maximum(terms.share * (market_rate - terms.cost), terms.floor), terms.cap)


@jit
def reset_rates(terms: IndexTerms, month: int, rates: IndexRates, market: Market) -> IndexRates:
    """The rates after the month's reset, if there is one."""
    if terms.resets[month]:
        return IndexRates(collared_rate(terms, market.lease_rate), rates.now)
    return rates


@jit
def billed_rate(terms: IndexTerms, month: int, rates: IndexRates) -> Any:
    """Rate at which the rent of a month is due: that of the month in which its period began."""
    if terms.lags[month]:
        return rates.before
    return rates.now
