"""The cash of lease and units on one market path in slow, obvious Python, batch by batch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spv_sim.scenario.model import Scenario

HOURS = 730
NAMES = ("rent", "merchant", "sale", "purchase", "termination", "guarantee", "opex", "enforcement")


def start_of(scenario: Scenario, batch: Any) -> int:
    """Month in which a batch's rent begins to run."""
    if scenario.lease.rent_start == "common":
        return scenario.grid.construction
    return int(batch.delivery + batch.acceptance_lag)


def level(scenario: Scenario, j: int) -> float:
    """Rent of the j-th month over that of the first."""
    lease = scenario.lease
    if not lease.steps:
        return (1 + lease.escalation) ** (j // 12)
    reached = [value for month, value in lease.levels if month <= j]
    return reached[-1]


def index_rate(scenario: Scenario, rate: Any, begins: int) -> Any:
    """Index rate of a rent period, set when it or the reset period around it began, on one path or many."""
    index, kc = scenario.lease.index, scenario.grid.construction
    resets = [k for k in range(kc + 1, begins + 1) if (k - kc) % index.reset_every == 0]
    market = rate[resets[-1]] if resets else scenario.lease_rate.initial
    cost = scenario.workout.merchant_opex if index.basis == "net" else 0.0
    value = np.maximum(index.of_market * (market - cost), index.floor)
    return value if index.cap is None else np.minimum(value, index.cap)


def rents(scenario: Scenario, rate: Any, use: list[float]) -> dict[int, Any]:
    """Contract rent by month, holidays taken off [USD]; `rate` by month, on one path or many."""
    lease, due = scenario.lease, {}
    period = 12 if lease.payment_every == 12 else 1
    y, first = (lease.implicit_rate or 0.0) * period / 12, lease.timing == "arrears"
    worth = [(1 + y) ** -(j + first) for j in range(lease.term // period)]
    level_rent = (1 - lease.implicit_residual * (1 + y) ** -len(worth)) / sum(worth) / period
    for batch in scenario.fleet.batch.values():
        weight = scenario.fleet.weight(batch)
        for j in range(lease.term):
            begins = start_of(scenario, batch) + j - j % lease.payment_every
            k = begins + (lease.payment_every if lease.timing == "arrears" else 0)
            hours = batch.units * HOURS
            billed = lease.commitment if lease.billing == "committed" else max(use[k], lease.commitment)
            share = lease.index.weight if lease.index else 0.0
            amount = 0.0
            if lease.rate is not None:
                by = weight if lease.rate_per == "h100_equivalent" else 1.0
                amount += (1 - share) * by * hours * billed * lease.rate * level(scenario, j)
            if lease.rate_factor is not None:
                amount += (1 - share) * batch.units * batch.unit_cost * lease.rate_factor * level(scenario, j)
            if lease.implicit_rate is not None:
                amount += (1 - share) * batch.units * batch.unit_cost * level_rent * level(scenario, j)
            if lease.index:
                amount += share * weight * hours * billed * index_rate(scenario, rate, begins)
            since = start_of(scenario, batch) + j - batch.delivery - batch.acceptance_lag
            amount *= lease.ramp[since] if since < len(lease.ramp) else 1.0
            due[k] = due.get(k, 0.0) + amount
    for holiday in lease.holiday.values():
        for k in range(holiday.start, holiday.end + 1):
            if k in due:
                due[k] = holiday.paid * due[k]
    deposit = lease.deposit
    if deposit is not None and deposit.kind == "prepaid_last":
        for k in sorted(due)[-(deposit.months // lease.payment_every) :]:
            due[k] = 0.0
    return due


def promise(scenario: Scenario, price: float) -> float:
    """What the guarantee pays for a unit [USD]."""
    given = scenario.lease.residual_value_guarantee
    if given is None:
        return 0.0
    units = sum(batch.units for batch in scenario.fleet.batch.values())
    paid = given.coverage * max(given.amount - price, 0.0)
    return paid if given.cap is None else min(paid, given.cap / units)


def merchant(scenario: Scenario, units: float, rate: float, use: float) -> float:
    """A month's income from units let at the market rate [USD]."""
    workout = scenario.workout
    margin = (1 - workout.market_haircut) * rate - workout.merchant_opex
    return units * HOURS * workout.utilisation * use * max(margin, 0.0)


def run_assets(
    scenario: Scenario,
    price: list[float],
    rate: list[float],
    use: list[float],
    default: int | None,
) -> list[dict[str, float]]:
    """Cash by month [USD]; row k is month k. The lessee buys rationally and pays the stipulated loss."""
    lease, right, kc = scenario.lease, scenario.lease.end_of_term, scenario.grid.construction
    ends = [(start_of(scenario, b) + lease.term, b.units) for b in scenario.fleet.batch.values()]
    end = max(month for month, _ in ends)
    renewals = right.renewals if right.renewal_months else 0
    last = end + renewals * right.renewal_months + right.re_let + scenario.grid.tail
    rows = [dict.fromkeys(NAMES, 0.0) for _ in range(last + 1)]
    due = rents(scenario, rate, use)
    units = float(sum(size for _, size in ends))
    until, renewed, hourly, let_from, sells_at = end, 0, 0.0, math.inf, math.inf
    phase = "lease"
    for k in range(last + 1):
        row = rows[k]
        if phase == "gone":
            continue
        if phase == "lease" and k == default and k <= until:
            phase = "default"
            lost_share = scenario.workout.shrinkage
            leased = sum(size for month, size in ends if month >= k or k > end)
            units = leased * (1 - lost_share)
            for month, size in ends:
                if month >= k:
                    rows[month].setdefault("expires", 0.0)
                    rows[month]["expires"] += size * (1 - lost_share)
        start = kc + (lease.timing == "arrears")
        if k >= start and (phase != "lease" or not lease.triple_net):
            row["opex"] = scenario.opex.per_month
        if phase == "lease":
            row["rent"] = due.get(k, 0.0) if k <= end else units * HOURS * hourly
            early = lease.early_termination
            if early is not None and early.month == k:
                row["sale"] = units * price[k] * (1 - scenario.gpu_price.sell_cost)
                owed = dict(early.knots)[k - kc] * sum(
                    b.units * b.unit_cost for b in scenario.fleet.batch.values()
                )
                row["termination"] = max(owed - row["sale"], 0.0) + early.fee
                phase = "gone"
                continue
            going = sum(size for month, size in ends if month == k) if k <= end else units * (k == until)
            if not going:
                continue
            value = (1 + right.premium) * price[k]
            bought = k <= end and (
                (right.option == "fixed_price" and value > right.price) or right.option == "bargain"
            )
            bought = bought or (k <= end and right.option == "fair_market_value")
            if bought:
                fixed = {"fixed_price": right.price, "bargain": 1 / units if units else 0.0}
                row["purchase"] = going * fixed.get(right.option, price[k])
                units -= going if k < end else 0
                phase = "gone" if k == end else phase
                continue
            net = rate[k] - (scenario.workout.merchant_opex if lease.triple_net else 0.0)
            offer = max(right.renewal_of_market * net, right.renewal_floor)
            if renewed < renewals and offer <= (1 + right.premium) * net:
                renewed, hourly, until = renewed + 1, offer, k + right.renewal_months
                continue
            if k <= end:
                row["guarantee"] = going * promise(scenario, price[k])
            if right.re_let and k >= end:
                phase, let_from, sells_at = "let", k + 1 + right.re_let_after, k + right.re_let
                continue
            row["sale"] = going * price[k] * (1 - scenario.gpu_price.sell_cost)
            if k >= end:
                phase = "gone"
        elif phase == "let":
            if k >= let_from:
                row["merchant"] = merchant(scenario, units, rate[k], use[k])
            if k == sells_at:
                row["sale"] = units * price[k] * (1 - scenario.gpu_price.sell_cost)
                phase = "gone"
        else:
            phase = after_default(scenario, k, default, end, last, units, price[k], rate[k], use[k], row)
    return rows


def after_default(
    scenario: Scenario,
    k: int,
    default: int | None,
    end: int,
    last: int,
    units: float,
    price: float,
    rate: float,
    use: float,
    row: dict[str, float],
) -> str:
    """A month of the workout; whether the units are still there."""
    workout, given = scenario.workout, scenario.lease.residual_value_guarantee
    assert default is not None
    ready, stop = default + workout.downtime, end + scenario.lease.end_of_term.re_let
    if k < ready:
        row["enforcement"] = workout.enforcement_cost
    forced = workout.mode == "liquidate" and k >= ready
    sells = forced or (workout.mode == "remarket" and k == max(ready, stop)) or k == last
    if workout.mode == "remarket" and ready <= k <= stop:
        row["merchant"] = merchant(scenario, units, rate, use)
    if forced:
        parts = workout.liquidation_months
        before = (k - ready) / parts
        share = 1 - before if k == last else 1 / parts
        size = share * units
        depth = math.inf if workout.market_depth is None else workout.market_depth
        kept = (1 - scenario.gpu_price.liquidation_cost) * (1 - workout.price_impact * min(size / depth, 1))
        row["sale"] = size * price * kept
        if given is not None and given.on_default and k <= end:
            row["guarantee"] = size * promise(scenario, price)
        return "gone" if k == last or k == ready + parts - 1 else "default"
    if given is not None and given.guarantor != "lessee" and k <= end:
        row["guarantee"] = row.get("expires", 0.0) * promise(scenario, price)
    if sells:
        row["sale"] = units * price * (1 - scenario.gpu_price.sell_cost)
        return "gone"
    return "default"
