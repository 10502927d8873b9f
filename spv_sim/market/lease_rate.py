"""Market lease rate of one GPU-hour: log Ornstein-Uhlenbeck around a declining mean, stepped exactly."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit


class LeaseRateTerms(NamedTuple):
    """The rate process in kernel units.

    initial : ln of the rate at closing [ln USD/GPU-hour].
    decay : share of a log deviation that survives a month [1].
    drift : (months + 1,) float64, what the exact step adds in each month [1].
    step_volatility : standard deviation of the noise of one month [1].
    """

    initial: float
    decay: float
    drift: Any
    step_volatility: float


@jit
def move_log_rate(terms: LeaseRateTerms, month: int, log_rate: Any, normal: Any) -> Any:
    """ln of the rate one month later."""
    return terms.decay * log_rate + terms.drift[month] + terms.step_volatility * normal
