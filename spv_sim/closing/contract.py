"""The contract at closing: its dates, the rent by month, the units that come back, in kernel terms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.black import collar
from spv_sim.closing.guarantee import guarantee_terms
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.closing.rent import index_hours, payable_share, rent_due
from spv_sim.scenario.lease_dates import contract_end, rent_start
from spv_sim.spv.index import IndexTerms
from spv_sim.spv.lease import LeaseTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Contract:
    """What the lease says, by month from closing: (last_month + 1,) float64 each.

    fixed : fixed rent [USD].  hours : hours that pay the index rate [GPU-hour].
    expected : fixed rent and index rent at its expectation at closing [USD].
    share : of the rent that holidays leave payable [1].
    units : owned during the month while the lessee performs [1].  returned : whose lease ends in it [1].
    early_rent : payable up to completion, which comes in before the deal runs [USD].
    """

    completion: int
    contract_end: int
    asset_end: int
    last_month: int
    fixed: Array
    hours: Array
    expected: Array
    share: Array
    units: Array
    returned: Array
    early_rent: Array


def index_terms(scenario: Scenario, payable_hours: Array, completion: int, end: int) -> IndexTerms:
    """Kernel terms of the index; inactive where the lease has none.

    The rate up to the first reset after completion is set at closing: paths share everything up to
    completion, so nothing that is due then may depend on a draw.
    """
    index, months = scenario.lease.index, np.arange(len(payable_hours))
    if index is None:
        never = np.zeros(len(months), dtype=np.bool_)
        return IndexTerms(False, payable_hours, never, False, 0.0, 1.0, 0.0, 0.0, math.inf)
    assert scenario.lease_rate is not None  # noqa: S101 - validated with the index
    cost = scenario.workout.merchant_opex if index.basis == "net" else 0.0
    cap = math.inf if index.cap is None else index.cap
    first = min(max(index.of_market * (scenario.lease_rate.initial - cost), index.floor), cap)
    resets = (months > completion) & (months < end) & ((months - completion) % index.reset_every == 0)
    return IndexTerms(
        active=True,
        hours=np.where(months > completion, payable_hours, 0.0),
        resets=resets,
        in_advance=scenario.lease.timing == "advance",
        first_rate=first,
        share=index.of_market,
        cost=cost,
        floor=index.floor,
        cap=cap,
    )


def expected_index_rate(scenario: Scenario, terms: IndexTerms, completion: int, last_month: int) -> Array:
    """E[index rate billed in each month], seen from closing, (last_month + 1,) float64 [USD/GPU-hour].

    Source: model 6.1, the collar as a call spread on a lognormal rate.
    """
    if not terms.active or scenario.lease_rate is None:
        return np.zeros(last_month + 1)
    months = np.arange(last_month + 1)
    mean, variance = log_moments(scenario.lease_rate, months / 12)
    forward = np.exp(mean + variance / 2)
    rate = collar(forward, np.sqrt(variance), terms.share, terms.cost, terms.floor, terms.cap)
    set_by = months if terms.in_advance else months - 1
    latest = np.maximum.accumulate(np.where(terms.resets, months, 0))
    latest = latest[np.maximum(set_by, 0)]
    return np.where(latest > completion, rate[latest], terms.first_rate)


def lay_out_contract(scenario: Scenario) -> Contract:
    """Dates, rent and units of the lease by month."""
    lease, fleet, completion = scenario.lease, scenario.fleet, scenario.grid.construction
    end = contract_end(lease, fleet, scenario.grid)
    last_month = end + scenario.grid.tail
    share = payable_share(lease, last_month)
    fixed = rent_due(lease, fleet, completion, last_month)
    hours = index_hours(lease, fleet, completion, last_month)
    terms = index_terms(scenario, hours * share, completion, end)
    expected = fixed + hours * expected_index_rate(scenario, terms, completion, last_month)
    months = np.arange(last_month + 1)
    units, returned = np.zeros(last_month + 1), np.zeros(last_month + 1)
    for batch in fleet.batch.values():
        batch_end = rent_start(lease, batch, completion) + lease.term
        returned[batch_end] += batch.units
        units += np.where(months <= batch_end, float(batch.units), 0.0)
    early = np.where(months <= completion, share * (fixed + hours * terms.first_rate), 0.0)
    return Contract(
        completion=completion,
        contract_end=end,
        asset_end=end,
        last_month=last_month,
        fixed=fixed,
        hours=hours,
        expected=expected,
        share=share,
        units=units,
        returned=returned,
        early_rent=early,
    )


def lease_terms(scenario: Scenario, contract: Contract) -> LeaseTerms:
    """Kernel terms of the lease."""
    index = index_terms(scenario, contract.hours * contract.share, contract.completion, contract.contract_end)
    before = np.arange(contract.last_month + 1) <= contract.completion
    needs_market = (contract.returned > 0) | index.resets
    return LeaseTerms(
        rent_due=contract.expected,
        rent_payable=np.where(before, contract.early_rent, contract.fixed * contract.share),
        units=contract.units,
        returned=contract.returned,
        needs_market=needs_market,
        first_market_month=int(np.flatnonzero(needs_market)[0]),
        contract_end=contract.contract_end,
        last_month=contract.asset_end,
        rent_index=index,
        guarantee=guarantee_terms(scenario),
    )
