"""The lease at closing, in kernel terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.casualty import suffers
from spv_sim.closing.contract import Contract
from spv_sim.closing.fleet import h100_equivalents
from spv_sim.closing.fleet_terms import counts_leased
from spv_sim.closing.guarantee import guarantee_terms
from spv_sim.closing.rent import HOURS_PER_MONTH
from spv_sim.closing.termination import first_termination, termination_terms
from spv_sim.spv.end_of_term import (
    BARGAIN,
    FAIR_MARKET_VALUE,
    FIXED_PRICE,
    NO_OPTION,
    PurchaseTerms,
    RenewalTerms,
)
from spv_sim.spv.lease import LeaseTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

KINDS = {
    "none": NO_OPTION,
    "fixed_price": FIXED_PRICE,
    "fair_market_value": FAIR_MARKET_VALUE,
    "bargain": BARGAIN,
}

BARGAIN_PRICE = 1.0
"""Price of the whole fleet under a bargain option [USD]."""


def purchase_terms(scenario: Scenario) -> PurchaseTerms:
    """Kernel terms of the purchase option."""
    right = scenario.lease.end_of_term
    price = right.price or 0.0
    if right.option == "bargain":
        price = BARGAIN_PRICE / h100_equivalents(scenario.fleet)
    return PurchaseTerms(
        kind=KINDS[right.option],
        price=price,
        premium=right.premium,
        behavioural=right.exercise == "behavioural",
        intercept=right.intercept,
        slope=right.slope,
        probability=right.probability,
    )


def chooses_at_random(scenario: Scenario) -> bool:
    """Whether the lessee's purchase takes a draw."""
    right = scenario.lease.end_of_term
    if right.option == "fair_market_value":
        return right.probability < 1
    return right.option == "fixed_price" and right.exercise == "behavioural"


def renewal_ends(scenario: Scenario, contract: Contract) -> list[int]:
    """Months in which a renewal ends, if all before it were taken."""
    right = scenario.lease.end_of_term
    count = right.renewals if right.renewal_months else 0
    return [contract.contract_end + right.renewal_months * (number + 1) for number in range(count)]


def renewal_terms(scenario: Scenario, contract: Contract) -> RenewalTerms:
    """Kernel terms of the right to renew."""
    lease, right = scenario.lease, scenario.lease.end_of_term
    decides = np.zeros(contract.last_month + 1, dtype=np.bool_)
    decides[[contract.contract_end, *renewal_ends(scenario, contract)][:-1]] = True
    return RenewalTerms(
        months=right.renewal_months,
        decides=decides,
        hours=HOURS_PER_MONTH,
        share=right.renewal_of_market,
        cost=scenario.workout.merchant_opex if lease.triple_net else 0.0,
        floor=right.renewal_floor,
        premium=right.premium,
    )


def months_on_market(scenario: Scenario, contract: Contract, ends: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Months in which a performing lease takes a price or rate from the market."""
    months = np.arange(contract.last_month + 1)
    needs: NDArray[np.bool_] = ends | (contract.returned > 0) | contract.index.resets
    if scenario.lease.billing == "used":
        needs |= (contract.expected > 0) & (months > contract.completion)
    if suffers(scenario):
        needs |= months > contract.completion
    if scenario.lease.early_termination is not None:
        needs |= (months >= first_termination(scenario)) & (months < contract.contract_end)
    return needs


def lease_terms(scenario: Scenario, contract: Contract) -> LeaseTerms:
    """Kernel terms of the lease."""
    lease = scenario.lease
    ends = contract.returned > 0
    ends[renewal_ends(scenario, contract)] = True
    needs_market = months_on_market(scenario, contract, ends)
    secured = lease.deposit if lease.deposit and lease.deposit.kind != "prepaid_last" else None
    first_market_month = int(np.flatnonzero(needs_market)[0])
    if counts_leased(scenario) or suffers(scenario):
        first_market_month = contract.completion + 1
    first = np.flatnonzero(contract.expected > 0)
    rent = float(contract.expected[first[0]]) / lease.payment_every if len(first) else 0.0
    return LeaseTerms(
        rent_due=contract.expected,
        rent_payable=contract.payable,
        units=contract.units,
        returned=contract.returned,
        ends=ends,
        needs_market=needs_market,
        first_market_month=first_market_month,
        contract_end=contract.contract_end,
        relet_months=lease.end_of_term.re_let,
        relet_after=lease.end_of_term.re_let_after,
        last_month=contract.asset_end,
        deposit=secured.months * rent if secured else 0.0,
        usage_based=lease.billing == "used",
        commitment=lease.commitment,
        rent_index=contract.index,
        guarantee=guarantee_terms(scenario),
        purchase=purchase_terms(scenario),
        renewal=renewal_terms(scenario, contract),
        termination=termination_terms(
            scenario, contract.expected, contract.completion, contract.contract_end
        ),
    )
