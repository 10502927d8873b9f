"""The contract at closing: its dates, the rent by month, and the units that come back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.index_terms import expected_index_rate, index_terms
from spv_sim.closing.rent import index_hours, payable_share, prepay_last, rent_due
from spv_sim.closing.utilisation_terms import mean_billed
from spv_sim.scenario.lease_dates import contract_end, rent_start
from spv_sim.spv.index import IndexTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Contract:
    """What the lease says, by month from closing: (last_month + 1,) float64 each.

    contract_end : month in which the last lease ends, but for renewals.
    asset_end : month by which units that nobody buys or leases again are sold.
    last_month : of the deal; further renewals and the tail included.
    payable : fixed rent after holidays; in months up to completion all the rent [USD].
    index : the kernel's index, with the hours that pay it.
    expected : contract rent at its expectation at closing, before holidays [USD].
    rent_dates : positive in months in which some rent may fall due, renewals included.
    units : H100-equivalents owned during the month while the lessee performs.  returned : those of them
        whose lease ends in it.
    early_rent : payable up to completion, at the mean use, which comes in before the deal runs [USD].
    """

    completion: int
    contract_end: int
    asset_end: int
    last_month: int
    payable: Array
    index: IndexTerms
    expected: Array
    rent_dates: Array
    units: Array
    returned: Array
    early_rent: Array


def lay_out_contract(scenario: Scenario) -> Contract:
    """Dates, rent and units of the lease by month.

    The contract's rent at its expectation stands for it wherever rent has to be known ahead: in the claim
    on a defaulted lessee and in the stipulated loss. The last month is a debt date, on which all cash is
    paid out. Index and use enter it at their expectations at
    closing, not at what is expected when the lessee defaults.
    """
    lease, fleet, completion = scenario.lease, scenario.fleet, scenario.grid.construction
    at_end = lease.end_of_term
    end = contract_end(lease, fleet, scenario.grid)
    renewed = at_end.renewal_months * at_end.renewals if at_end.renewal_months else 0
    every = max(tranche.payment_every for tranche in scenario.capital.tranche.values())
    after = end + renewed + at_end.re_let + scenario.grid.tail - completion
    last_month = completion + every * math.ceil(after / every)
    months = np.arange(last_month + 1)

    share = payable_share(lease, last_month)
    fixed = prepay_last(rent_due(lease, fleet, completion, last_month), lease, completion)
    hours = index_hours(lease, fleet, completion, last_month)
    index = index_terms(scenario, hours * share, completion, end)
    billed = mean_billed(scenario.utilisation, lease.commitment, last_month)
    if lease.billing == "committed":
        billed = np.ones(last_month + 1)
    expected = billed * (fixed + hours * expected_index_rate(scenario, index, completion, last_month))
    early = np.where(months <= completion, share * billed * (fixed + hours * index.first_rate), 0.0)

    units, returned = np.zeros(last_month + 1), np.zeros(last_month + 1)
    for batch in fleet.batch.values():
        batch_end = rent_start(lease, batch, completion) + lease.term
        held = batch_end + renewed + at_end.re_let
        count = batch.units * fleet.weight(batch)
        returned[batch_end] += count
        units += np.where(months <= held, count, 0.0)
    renewals = (months > end) & (months <= end + renewed)
    return Contract(
        completion=completion,
        contract_end=end,
        asset_end=end + at_end.re_let,
        last_month=last_month,
        payable=np.where(months <= completion, early, fixed * share),
        index=index,
        expected=expected,
        rent_dates=np.where(renewals, 1.0, expected),
        units=units,
        returned=returned,
        early_rent=early,
    )
