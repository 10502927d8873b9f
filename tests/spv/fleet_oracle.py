"""The units of one path in slow, obvious Python: every failure, replacement and sale, cohort by cohort."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from scipy import stats

from spv_sim.closing.fleet_terms import failure_probability, shock_values, stock_of_spares
from spv_sim.kernel.rng import FAILURE_BLOCK, uniform_pair
from spv_sim.scenario.model import Scenario
from tests.spv.asset_oracle import start_of


@dataclass
class Cohort:
    """Units that came and leave together."""

    delivered: int
    end: int
    weight: float
    units: float
    whole: float
    returning: dict[int, float] = field(default_factory=dict)


@dataclass
class Month:
    """What the month did to the units; shares and `missing` count H100-equivalents."""

    units: float = 0.0
    failed: float = 0.0
    replaced: float = 0.0
    lost: float = 0.0
    bought: float = 0.0
    share: float = 1.0
    returned_share: float = 1.0
    missing: float = 0.0
    spares: float = 0.0


def binomial(level: float, n: float, q: float) -> float:
    """Model 5.3 by scipy."""
    n = math.floor(n)
    if n * q * (1 - q) < 50:
        return float(stats.binom.ppf(level, n, q))
    value = n * q + math.sqrt(n * q * (1 - q)) * stats.norm.ppf(level)
    return min(max(float(round(value)), 0.0), float(n))


def cohorts_of(scenario: Scenario) -> list[Cohort]:
    """Batches of the same delivery, end and weight are one cohort."""
    found: dict[tuple[int, int, float], Cohort] = {}
    for batch in scenario.fleet.batch.values():
        end, weight = start_of(scenario, batch) + scenario.lease.term, scenario.fleet.weight(batch)
        cohort = found.setdefault((batch.delivery, end, weight), Cohort(batch.delivery, end, weight, 0, 0))
        cohort.units += batch.units
        cohort.whole += batch.units
    return [*found.values()]


def run_units(scenario: Scenario, seed: int, path: int, default: int | None, sold_in: int) -> list[Month]:
    """The months up to the sale of the last units, row k is month k; a forced sale follows the downtime."""
    lease, failures, kc = scenario.lease, scenario.fleet.failures, scenario.grid.construction
    assert failures is not None
    cohorts = cohorts_of(scenario)
    stock_level = stock_of_spares(scenario) * sum(c.units * c.weight for c in cohorts)
    stock_level /= sum(c.units for c in cohorts)
    stock, orders = 0.0, {}
    probability, shocks = failure_probability(failures, sold_in + 1), shock_values(failures.common_variance)
    billed = failures.return_condition == "stipulated_loss"
    counted_leased = not lease.triple_net or not lease.hell_or_high_water or billed
    months = [Month() for _ in range(sold_in + 1)]
    last_end = max(c.end for c in cohorts)
    for k in range(kc + 1, sold_in + 1):
        row = months[k]
        leased = (default is None or k <= default) and k <= last_end
        vehicle = not (leased and lease.triple_net)
        if counted_leased or not leased:
            row.bought += orders.pop(k, 0.0)
            if vehicle:
                row.bought += stock_level - stock - sum(orders.values()) - row.bought
            stock += row.bought
            draws = [uniform_pair(seed, path, 1024 * i + k, FAILURE_BLOCK) for i in range(len(cohorts))]
            factor = shocks[int(draws[0][1] * len(shocks))] if len(shocks) else 1.0
            for cohort, (level, _) in zip(cohorts, draws, strict=True):
                age = k - cohort.delivered
                failed = binomial(level, cohort.units, min(probability[age] * factor, 1.0))
                row.failed += failed
                cohort.units -= failed
                if age <= failures.warranty or (not vehicle and not billed):
                    due = k + failures.replacement_lag
                    cohort.returning[due] = cohort.returning.get(due, 0.0) + failed
                    failed = 0.0
                elif vehicle:
                    taken = min(failed, stock / cohort.weight)
                    stock -= taken * cohort.weight
                    cohort.units += taken
                    row.replaced += taken
                    failed -= taken
                row.lost += failed
                back = cohort.returning.pop(k, 0.0)
                cohort.units += back
                row.replaced += back
            if vehicle and stock_level:
                orders[k + failures.spare_lag] = stock_level - stock - sum(orders.values())
        count(row, cohorts, k)
        row.spares = stock if k == sold_in else 0.0
        leave(scenario, cohorts, k, default, sold_in, last_end)
        row.units = sum(c.units for c in cohorts)
    return months


def count(row: Month, cohorts: list[Cohort], k: int) -> None:
    """Shares of the units that work, and those that the lessee cannot return."""
    whole = sum(c.weight * c.whole for c in cohorts)
    row.share = sum(c.weight * c.units for c in cohorts) / whole if whole else 1.0
    now = [c for c in cohorts if c.end == k]
    whole = sum(c.weight * c.whole for c in now)
    row.returned_share = sum(c.weight * c.units for c in now) / whole if whole else 1.0
    row.missing = sum(c.weight * (c.whole - c.units - sum(c.returning.values())) for c in now)


def leave(
    scenario: Scenario, cohorts: list[Cohort], k: int, default: int | None, sold_in: int, last_end: int
) -> None:
    """What the lessee keeps at its default, and what is sold, leaves the cohorts."""
    workout = scenario.workout
    for cohort in cohorts:
        stays = 1 - workout.shrinkage if k == default else 1.0
        if default is not None and workout.mode == "liquidate" and k >= default + workout.downtime:
            to_come = workout.liquidation_months - (k - default - workout.downtime)
            stays *= (to_come - 1) / to_come
        if k == sold_in or ((default is None or k < default) and cohort.end == k < last_end):
            stays = 0.0
        cohort.units, cohort.whole = cohort.units * stays, cohort.whole * stays
        cohort.returning = {due: stays * number for due, number in cohort.returning.items()}
