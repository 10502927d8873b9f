"""The rent index at closing: its kernel terms and the rate that it is expected to bill."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.black import collar
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.closing.release_terms import log_rent_growth
from spv_sim.spv.index import IndexTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def index_terms(scenario: Scenario, payable_hours: Array, completion: int, end: int) -> IndexTerms:
    """Kernel terms of the index; inactive where the lease has none.

    The rate up to the first reset after completion is set at closing: paths share everything up to
    completion, so nothing that is due then may depend on a draw.
    """
    index, months = scenario.lease.index, np.arange(len(payable_hours))
    if index is None:
        never = np.zeros(len(months), dtype=np.bool_)
        return IndexTerms(False, payable_hours, never, never, 0.0, 1.0, 0.0, 0.0, math.inf)
    assert scenario.lease_rate is not None  # noqa: S101 - validated with the index
    cost = scenario.workout.merchant_opex if index.basis == "net" else 0.0
    cap = math.inf if index.cap is None else index.cap
    first = min(max(index.of_market * (scenario.lease_rate.initial - cost), index.floor), cap)
    resets = (months > completion) & (months < end) & ((months - completion) % index.reset_every == 0)
    latest = latest_reset(resets)
    return IndexTerms(
        active=True,
        hours=np.where(months > completion, payable_hours, 0.0),
        resets=resets,
        lags=latest[period_starts(scenario, months)] < latest,
        first_rate=first,
        share=index.of_market,
        cost=cost,
        floor=index.floor,
        cap=cap,
    )


def latest_reset(resets: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Month of the last reset up to each month, 0 before the first."""
    return np.maximum.accumulate(np.where(resets, np.arange(len(resets)), 0))


def period_starts(scenario: Scenario, months: NDArray[np.int64]) -> NDArray[np.int64]:
    """Month in which the period began whose rent falls due in each month."""
    lease = scenario.lease
    return np.maximum(months - (0 if lease.timing == "advance" else lease.payment_every), 0)


def expected_index_rate(scenario: Scenario, terms: IndexTerms, completion: int, last_month: int) -> Array:
    """E[index rate billed in each month], seen from closing, (last_month + 1,) float64 [USD/GPU-hour].

    Source: model 6.1, the collar as a call spread on a lognormal rate.
    """
    if not terms.active or scenario.lease_rate is None:
        return np.zeros(last_month + 1)
    months = np.arange(last_month + 1)
    mean, variance = log_moments(scenario.lease_rate, months / 12)
    mean = mean + log_rent_growth(scenario, last_month)
    forward = np.exp(mean + variance / 2)
    rate = collar(forward, np.sqrt(variance), terms.share, terms.cost, terms.floor, terms.cap)
    latest = latest_reset(terms.resets)[period_starts(scenario, months)]
    return np.where(latest > completion, rate[latest], terms.first_rate)
