"""The fleet in kernel terms: cohorts, how they fail, spares, and the cells that a path keeps of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from spv_sim.closing.casualty import casualty_terms, mean_casualties, suffers
from spv_sim.market.failures import FailureTerms
from spv_sim.scenario.lease_dates import rent_start
from spv_sim.spv.book import RETURNED_SHARE, UNITS_WORKING, WORKING_SHARE
from spv_sim.spv.fleet import RETURNING, WHOLE, WORKING, FleetTerms

if TYPE_CHECKING:
    from spv_sim.scenario.failures import Bathtub, Failures
    from spv_sim.scenario.fleet import Batch
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

SHOCKS = 4096
"""Equally likely values that stand for the distribution of the common factor."""


def monthly_probability(annual_rate: float) -> float:
    """Probability of a failure in a month at a constant annual failure rate: 1 - (1 - AFR)^(1/12) [1].

    Source: model 5.1.
    """
    return -math.expm1(math.log1p(-annual_rate) / 12)


def log_survival(curve: Bathtub, years: Array) -> Array:
    """Logarithm of the share of units that reach an age: two Weibull terms and a constant rate [1].

    Source: model 5.2 (additive Weibull bathtub).
    """
    early = (12 * years / curve.early_scale) ** curve.early_shape
    wear = (12 * years / curve.wear_scale) ** curve.wear_shape
    return np.asarray(-early - curve.constant_rate * years - wear)


def failure_probability(failures: Failures, last_month: int) -> Array:
    """Probability that a unit which works fails in the month in which it reaches an age in months.

    Returns
    -------
    (last_month + 1,) float64 by age, 0 at age 0 [1].
    """
    found = np.zeros(last_month + 1)
    if failures.bathtub is None:
        found[1:] = monthly_probability(failures.annual_rate or 0.0)
    else:
        found[1:] = -np.expm1(np.diff(log_survival(failures.bathtub, np.arange(last_month + 1) / 12)))
    return found


def shock_values(variance: float) -> Array:
    """Equally likely values of a Gamma distribution of mean 1: the means of its parts of equal weight.

    Returns
    -------
    (n,) float64, their mean is 1; empty without variance [1].

    Limits: the parts' own spread is missing from the variance, less than 0.1 % of it up to a variance of 1.
    Source: model 5.3 (over-dispersion); E[G; G <= x] of a Gamma(a) is the Gamma(a + 1) distribution at x.
    """
    if variance == 0.0:
        return np.empty(0)
    shape = 1 / variance
    edges = special.gammaincinv(shape, np.arange(SHOCKS + 1) / SHOCKS)
    return np.asarray(SHOCKS * np.diff(special.gammainc(shape + 1, edges)))


def spares_for(level: float, demand: float) -> int:
    """Least stock that a Poisson demand exceeds with a probability of at most 1 - level [units].

    Source: model 5.4.
    """
    return int(stats.poisson.ppf(level, demand))


def spares_demand(scenario: Scenario) -> float:
    """Failures expected during the delivery of spares, at the highest rate beyond the warranty [units]."""
    failures = scenario.fleet.failures
    if failures is None:
        return 0.0
    last = scenario.grid.construction + scenario.lease.term
    beyond = failure_probability(failures, last)[min(failures.warranty, last - 1) + 1 :]
    units = sum(batch.units for batch in scenario.fleet.batch.values())
    return float(units * beyond.max() * failures.spare_lag)


def stock_of_spares(scenario: Scenario) -> int:
    """Units up to which the vehicle orders spares."""
    failures = scenario.fleet.failures
    if failures is None:
        return 0
    if failures.service_level is not None:
        return spares_for(failures.service_level, spares_demand(scenario))
    return failures.spares or 0


def failure_terms(scenario: Scenario, last_month: int) -> FailureTerms:
    """Kernel terms of failures and casualties."""
    failures, casualty = scenario.fleet.failures, casualty_terms(scenario.fleet.casualty)
    if failures is None:
        return FailureTerms(False, np.zeros(last_month + 1), np.empty(0), casualty)
    probability = failure_probability(failures, last_month)
    shock = shock_values(failures.common_variance)
    return FailureTerms(bool(probability.any()), probability, shock, casualty)


def mean_failures(terms: FailureTerms) -> FailureTerms:
    """The base case: as many units fail, and are destroyed, as are expected to."""
    return terms._replace(random=False, shock=np.empty(0), casualty=mean_casualties(terms.casualty))


def cohort_key(scenario: Scenario, batch: Batch) -> tuple[int, int, float]:
    """A batch's month of delivery, month in which its lease ends, and H100-equivalents of a unit."""
    end = rent_start(scenario.lease, batch, scenario.grid.construction) + scenario.lease.term
    return batch.delivery, end, scenario.fleet.weight(batch)


def cohorts(scenario: Scenario) -> dict[tuple[int, int, float], int]:
    """Units by the key of their batch."""
    found: dict[tuple[int, int, float], int] = {}
    for batch in scenario.fleet.batch.values():
        key = cohort_key(scenario, batch)
        found[key] = found.get(key, 0) + batch.units
    return found


def cohort_of(scenario: Scenario, batch: Batch) -> int:
    """Number of the cohort of a batch."""
    return [*cohorts(scenario)].index(cohort_key(scenario, batch))


def counts_leased(scenario: Scenario) -> bool:
    """Whether failures of a performing lessee's units reach the vehicle."""
    lease, failures = scenario.lease, scenario.fleet.failures
    if failures is None or not failure_probability(failures, 240).any():
        return False
    billed = failures.return_condition == "stipulated_loss"
    return not lease.triple_net or not lease.hell_or_high_water or billed


def fleet_terms(scenario: Scenario, new_price: float, last_month: int, first_cell: int) -> FleetTerms:
    """Kernel terms of the fleet; without failures and casualties there are no cohorts."""
    lease, failures = scenario.lease, scenario.fleet.failures
    fails = failures is not None and bool(failure_probability(failures, last_month).any())
    active = fails or suffers(scenario)
    groups = cohorts(scenario) if active else {}
    keys = np.array([*groups], dtype=np.float64).reshape(-1, 3)
    units, weight = np.array([*groups.values()], dtype=np.float64), np.ascontiguousarray(keys[:, 2])
    lag = failures.replacement_lag if failures else 0
    each = float(units @ weight / units.sum()) if active else 1.0
    condition = failures.return_condition if failures else "contract_count"
    return FleetTerms(
        active=active,
        suffers=suffers(scenario),
        counts_leased=counts_leased(scenario),
        triple_net=lease.triple_net,
        lessee_replaces=lease.triple_net and condition == "contract_count",
        abates=active and not lease.hell_or_high_water,
        missing_value=(failures.missing_value or 0.0) if fails and failures else 0.0,
        first_cell=first_cell,
        stride=RETURNING + lag,
        units=units,
        weight=weight,
        delivered=np.ascontiguousarray(keys[:, 0]).astype(np.int64),
        ends=np.ascontiguousarray(keys[:, 1]).astype(np.int64),
        warranty=failures.warranty if failures else 0,
        lag=lag,
        spares=each * stock_of_spares(scenario) if fails else 0.0,
        spare_lag=failures.spare_lag if failures else 1,
        spare_cost=(failures.spare_cost if failures else None) or new_price,
    )


def with_fleet(book: Array, terms: FleetTerms) -> Array:
    """The book at completion with the fleet in it: every unit works, no spare is ordered.

    Behind the cells at hand come those of the cohorts and of the spares on order.
    """
    book = book.copy()
    book[[WORKING_SHARE, RETURNED_SHARE]] = 1.0
    book[UNITS_WORKING] = terms.units.sum()
    if not terms.active:
        return book
    cells = np.zeros((len(terms.units), terms.stride))
    cells[:, [WORKING, WHOLE]] = terms.units[:, None]
    return np.concatenate([book, cells.ravel(), np.zeros(terms.spare_lag)])
