"""Casualties at closing: their number in a month, and what destroyed units are insured for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.fleet import h100_equivalents, hardware_cost
from spv_sim.closing.gpu_price_terms import poisson_cdf
from spv_sim.closing.termination import stipulated_loss
from spv_sim.market.casualty import CasualtyTerms
from spv_sim.spv.casualty import InsuranceTerms

if TYPE_CHECKING:
    from spv_sim.closing.contract import Contract
    from spv_sim.scenario.casualty import Casualty
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def suffers(scenario: Scenario) -> bool:
    """Whether casualties happen at all."""
    casualty = scenario.fleet.casualty
    return casualty is not None and casualty.rate > 0


def casualty_terms(casualty: Casualty | None) -> CasualtyTerms:
    """How often casualties come in a month, and what they leave.

    Source: model 5.6; expected to be left of a Poisson number N of casualties: E[(1 - loss)^N].
    """
    if casualty is None or casualty.rate == 0:
        return CasualtyTerms(np.empty(0), np.ones(1), 0.0, 1.0)
    mean = casualty.rate / 12
    cdf = poisson_cdf(mean)
    left = (1 - casualty.loss) ** np.arange(len(cdf) + 1.0)
    return CasualtyTerms(cdf, left, mean, math.exp(-mean * casualty.loss))


def mean_casualties(terms: CasualtyTerms) -> CasualtyTerms:
    """The base case: what is expected happens."""
    return terms._replace(count_cdf=np.empty(0))


def agreed_values(scenario: Scenario, contract: Contract) -> Array:
    """Least that an H100-equivalent is insured for, by month of the casualty, (last_month + 1,) [USD].

    The stipulated loss value of the contract's units; without such values the book value, the cost written
    off in equal parts.
    """
    casualty, fleet = scenario.fleet.casualty, scenario.fleet
    completion, end = contract.completion, contract.contract_end
    months = np.arange(contract.last_month + 1)
    cost = hardware_cost(fleet) / h100_equivalents(fleet)
    if casualty is None:
        return np.zeros(len(months))
    if scenario.lease.early_termination is not None:
        owed = stipulated_loss(scenario, contract.expected, completion, end)
        return np.asarray(np.where(contract.units > 0, owed / np.maximum(contract.units, 1.0), 0.0))
    life = casualty.book_life or scenario.lease.term
    return np.asarray(cost * np.clip(1 - (months - completion) / life, 0.0, 1.0))


def insurance_terms(scenario: Scenario, contract: Contract, open_cell: int) -> InsuranceTerms:
    """Kernel terms of the insurance, whose cells in the book begin with `open_cell`."""
    casualty, price = scenario.fleet.casualty, scenario.gpu_price
    replaced = casualty is not None and casualty.covers_replacement and price.day_one_discount < 1
    return InsuranceTerms(
        agreed_value=agreed_values(scenario, contract),
        replacement=1 / (1 - price.day_one_discount) if replaced else 0.0,
        deductible=casualty.deductible if casualty else 0.0,
        insured=float(casualty is not None and casualty.insured),
        lag=casualty.payment_lag if casualty else 0,
        open_cell=open_cell,
    )


def with_insurance(book: Array, terms: InsuranceTerms, suffers: bool) -> Array:
    """The book at completion with the claims on the insurer behind it: none is open."""
    return np.concatenate([book, np.zeros(1 + terms.lag)]) if suffers else book
