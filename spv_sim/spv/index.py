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
    in_advance : whether rent pays for what begins in its month, and so at the rate set in it.
    first_rate : rate up to the first reset, known at closing [USD/GPU-hour].
    share : multiple of the market rate after its cost [1].  cost : taken off that rate [USD/GPU-hour].
    floor, cap : of the rate [USD/GPU-hour].
    """

    active: bool
    hours: Any
    resets: Any
    in_advance: bool
    first_rate: float
    share: float
    cost: float
    floor: float
    cap: float


@jit
def collared_rate(terms: IndexTerms, market_rate: Any) -> Any:
    """Index rate that a market rate sets [USD/GPU-hour]."""
    return minimum(maximum(terms.share * (market_rate - terms.cost), terms.floor), terms.cap)


@jit
def reset_rate(terms: IndexTerms, month: int, rate: Any, market: Market) -> Any:
    """Rate for what begins in the month."""
    if terms.resets[month]:
        return collared_rate(terms, market.lease_rate)
    return rate


@jit
def billed_rate(terms: IndexTerms, before: Any, after: Any) -> Any:
    """Rate at which the rent of a month is due, out of those before and after its reset."""
    if terms.in_advance:
        return after
    return before
