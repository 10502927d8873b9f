"""The oracle's closing, rents, sale, claim and cash before debt, in slow, obvious Python."""

from __future__ import annotations

import math
from typing import Any

from scipy.interpolate import PchipInterpolator

from spv_sim.scenario.model import Scenario

HOURS = 730


def tranches(scenario: Scenario) -> list[tuple[str, Any]]:
    """Names and terms, the most senior first."""
    return sorted(scenario.capital.tranche.items(), key=lambda item: item[1].rank)


def dates(scenario: Scenario) -> tuple[int, int, int]:
    """Month of completion, of the end of the lease, and the last month."""
    end = scenario.grid.construction + scenario.lease.term
    return scenario.grid.construction, end, end + scenario.grid.tail


def hardware(scenario: Scenario) -> tuple[int, float]:
    """Units and their cost [USD]."""
    batches = scenario.fleet.batch.values()
    return sum(b.units for b in batches), sum(b.units * b.unit_cost for b in batches)


def contract_rents(scenario: Scenario) -> dict[int, float]:
    """Rent due by month before holidays [USD]."""
    lease, (units, cost), kc = scenario.lease, hardware(scenario), scenario.grid.construction
    if lease.rate is not None:
        monthly = units * HOURS * lease.rate * lease.commitment
    elif lease.rate_factor is not None:
        monthly = lease.rate_factor * cost
    else:
        y = lease.implicit_rate / 12
        worth = [(1 + y) ** -(j + (lease.timing == "arrears")) for j in range(lease.term)]
        monthly = cost * (1 - lease.implicit_residual * (1 + y) ** -lease.term) / sum(worth)
    due: dict[int, float] = {}
    for j in range(lease.term):
        first = kc + j - j % lease.payment_every
        k = first + (lease.payment_every if lease.timing == "arrears" else 0)
        due[k] = due.get(k, 0.0) + monthly * (1 + lease.escalation) ** (j // 12)
    return due


def share_paid(scenario: Scenario, k: int) -> float:
    """Share of the rent of month k that holidays leave due."""
    return next((h.paid for h in scenario.lease.holiday.values() if h.start <= k <= h.end), 1.0)


def schedule(scenario: Scenario, debt: Any, commitment: float) -> dict[int, tuple[float, float]]:
    """Scheduled interest and principal by debt date [USD]."""
    kc, every = scenario.grid.construction, debt.payment_every
    n, rate = debt.tenor // every, debt.coupon * every / 12
    balloon = debt.balloon * commitment
    worth = sum((1 + rate) ** -j for j in range(1, n + 1))
    payment = (commitment - balloon * (1 + rate) ** -n) / worth
    service, unit = sculpted(scenario, debt), 0.0
    if debt.amortisation == "sculpted":
        unit = commitment / sum(service[j] * (1 + rate) ** -(j + 1) for j in range(n))
    balance, plan = commitment, {}
    for j in range(1, n + 1):
        interest = balance * rate
        match debt.amortisation:
            case "level":
                principal = payment - interest
            case "straight_line":
                principal = (commitment - balloon) / n
            case "scheduled_share":
                principal = min(commitment * debt.scheduled_share * every, balance)
            case "sculpted":
                principal = unit * service[j - 1] - interest
            case _:
                principal = 0.0
        if j == n:
            principal = balance
        plan[kc + j * every] = (interest, principal)
        balance -= principal
    return plan


def sculpted(scenario: Scenario, debt: Any) -> list[float]:
    """Debt service that the target cover allows on each date [USD]: contract rent less operating cost."""
    kc, every, due = scenario.grid.construction, debt.payment_every, contract_rents(scenario)
    opex = 0.0 if scenario.lease.triple_net else scenario.opex.per_month
    target = debt.target_dscr or 1.0
    return [
        sum(due.get(k, 0.0) - opex for k in range(kc + j * every + 1, kc + (j + 1) * every + 1)) / target
        for j in range(debt.tenor // every)
    ]


def reserve(plan: dict[int, tuple[float, float]], k: int, months: int) -> float:
    """Scheduled debt service of the months after k [USD]."""
    return sum(sum(plan.get(q, (0.0, 0.0))) for q in range(k + 1, k + months + 1))


def fund(scenario: Scenario, gearing: dict[str, float], faces: dict[str, float]) -> dict[str, Any]:
    """Uses and draws month by month for shares of net proceeds in uses and assumed commitments."""
    debts, kc = tranches(scenario), scenario.grid.construction
    capex = [0.0] * (kc + 1)
    for batch in scenario.fleet.batch.values():
        cost = batch.units * batch.unit_cost
        capex[max(0, batch.delivery - batch.deposit_lead)] += batch.deposit * cost
        capex[batch.delivery] += (1 - batch.deposit) * cost
    names = ("draws", "net_draws", "interest", "commitment_fees")
    own: dict[str, dict[str, Any]] = {name: {kind: [] for kind in names} for name, _ in debts}
    uses = []
    for k in range(kc + 1):
        use = capex[k] + (scenario.capital.other_costs if k == 0 else 0.0)
        for name, debt in debts:
            drawn = sum(own[name]["draws"])
            own[name]["interest"].append(drawn * debt.coupon / 12)
            fee = debt.commitment_fee / 12 * (faces[name] - drawn) if k >= 1 else 0.0
            own[name]["commitment_fees"].append(fee)
            use += own[name]["interest"][k] + fee + (debt.upfront_fee * faces[name] if k == 0 else 0.0)
            if k == kc:
                use += reserve(schedule(scenario, debt, faces[name]), kc, debt.dsra)
        if k == kc and scenario.lease.first_payment_to == "reduces_uses":
            use -= scenario.lease.first_payment.amount(hardware(scenario)[1])
        uses.append(use)
        for name, debt in debts:
            own[name]["draws"].append(gearing[name] * use / (1 - debt.oid))
            own[name]["net_draws"].append(gearing[name] * use)
    calls = [use - sum(own[name]["net_draws"][k] for name, _ in debts) for k, use in enumerate(uses)]
    return {"uses": uses, "equity_calls": calls, "tranche": own, "total_uses": sum(uses)}


def close(scenario: Scenario) -> dict[str, Any]:
    """Sources and uses: repeat until each commitment is what is drawn, whether share or face is given."""
    debts, cost = tranches(scenario), hardware(scenario)[1]
    gearing, faces = dict.fromkeys((name for name, _ in debts), 0.0), {name: 0.0 for name, _ in debts}
    given: dict[str, float] = {}
    for name, debt in debts:
        share = debt.debt_share if debt.debt_share is not None else scenario.capital.debt_share
        rate = debt.advance_rate if debt.advance_rate is not None else scenario.capital.advance_rate
        if debt.amortisation == "sculpted":
            monthly = debt.coupon * debt.payment_every / 12
            service = sculpted(scenario, debt)
            given[name] = sum(amount * (1 + monthly) ** -(j + 1) for j, amount in enumerate(service))
        elif rate is not None:
            given[name] = rate * cost
        else:
            gearing[name] = share
    faces |= given
    for _ in range(1000):
        before = dict(faces) | {f"{name}.share": share for name, share in gearing.items()}
        funding = fund(scenario, gearing, faces)
        for name, debt in debts:
            if name in given:
                gearing[name] = given[name] * (1 - debt.oid) / funding["total_uses"]
            else:
                faces[name] = sum(funding["tranche"][name]["draws"])
        now = dict(faces) | {f"{name}.share": share for name, share in gearing.items()}
        if all(abs(now[name] - before[name]) <= 1e-15 * max(abs(now[name]), 1.0) for name in now):
            break
    else:
        raise ArithmeticError("sources and uses do not converge")
    for name, debt in debts:
        own = funding["tranche"][name]
        own |= {
            "commitment": faces[name],
            "gear": gearing[name],
            "plan": schedule(scenario, debt, faces[name]),
        }
    plans = [(funding["tranche"][name]["plan"], debt.dsra) for name, debt in debts]
    dsra = sum(reserve(plan, scenario.grid.construction, months) for plan, months in plans)
    return {**funding, "dsra": dsra, "hardware_cost": cost}


def choose_sale(scenario: Scenario, d: int | None) -> tuple[int, float]:
    """Month in which the units are sold and the share of the price that the sale costs."""
    _, end, last = dates(scenario)
    if d is None:
        return end, scenario.gpu_price.sell_cost
    free = d + scenario.workout.downtime
    if scenario.workout.mode == "liquidate" and free <= last:
        return free, scenario.gpu_price.liquidation_cost
    return min(max(end, free), last), scenario.gpu_price.sell_cost


def merchant_rent(scenario: Scenario, margin: float) -> float:
    """A month's rent when let again at a margin over cost [USD/GPU-hour]."""
    return hardware(scenario)[0] * HOURS * scenario.workout.utilisation * max(margin, 0.0)


def normal(x: float) -> float:
    """Distribution function of the standard normal."""
    return math.erfc(-x / math.sqrt(2)) / 2


def expect_margin(scenario: Scenario, rate: float, d: int, k: int) -> float:
    """Expected positive part of the hourly margin in month k, seen from month d [USD/GPU-hour]."""
    market, workout = scenario.lease_rate, scenario.workout
    kappa, delta = math.log(2) * 12 / market.half_life, (k - d) / 12
    e = math.exp(-kappa * delta)
    theta = math.log(market.mean_level) - market.decline * d / 12
    mean = e * math.log(rate) + theta * (1 - e) - market.decline * (delta - (1 - e) / kappa)
    variance = market.volatility**2 * (1 - e * e) / (2 * kappa)
    forward, strike = (1 - workout.market_haircut) * math.exp(mean + variance / 2), workout.merchant_opex
    if variance == 0 or strike == 0 or forward == 0:
        return max(forward - strike, 0.0)
    far = (math.log(forward / strike) + variance / 2) / math.sqrt(variance)
    return forward * normal(far) - strike * normal(far - math.sqrt(variance))


def mean_price(scenario: Scenario, k: int) -> float:
    """Expected resale price of month k without floor and default, as a share of the day-one price."""
    price, years = scenario.gpu_price, k / 12
    if price.curve.kind == "exponential":
        share = max(math.exp(-price.curve.decay * years), price.curve.floor)
    elif price.curve.kind == "straight_line":
        share = max(1 - (1 - price.curve.salvage) * k / price.curve.life, price.curve.salvage)
    else:
        months, logs = zip(*((m, math.log(s)) for m, s in price.curve.knots), strict=True)
        tail = (logs[-1] - logs[-2]) / (months[-1] - months[-2])
        inside = float(PchipInterpolator(months, logs)(min(k, months[-1])))
        share = math.exp(inside + tail * max(k - months[-1], 0))
    if price.curve_is == "mean":
        return share
    jump = price.jump
    jumps = jump.intensity * math.expm1(jump.mean_log + jump.sd_log**2 / 2) if jump else 0.0
    return share * math.exp((price.volatility**2 / 2 + jumps) * years)


def claim_on_lessee(scenario: Scenario, price: float, lease_rate: float, d: int) -> float:
    """The claim that a default in month d leaves [USD]; price and lease rate are those of month d."""
    workout, (_, end, last) = scenario.workout, dates(scenario)
    per_month = 1 + workout.claim_rate / 12
    claim = sum(rent * per_month ** (d - q) for q, rent in contract_rents(scenario).items() if q >= d)
    if workout.claim_mitigation and workout.mode == "remarket":
        for k in range(d + workout.downtime, end + 1):
            margin = expect_margin(scenario, lease_rate, d, k)
            claim -= merchant_rent(scenario, margin) * per_month ** (d - k)
    elif workout.claim_mitigation:
        s = min(d + workout.downtime, last)
        growth = mean_price(scenario, s) / mean_price(scenario, d) if mean_price(scenario, d) else 0.0
        net = hardware(scenario)[0] * (1 - scenario.gpu_price.liquidation_cost) * price
        claim -= net * growth * per_month ** (d - s)
    return max(claim, 0.0)


def earn(
    scenario: Scenario,
    price: list[float],
    lease_rate: list[float] | None,
    d: int | None,
    claim: float | None,
) -> list[dict[str, float]]:
    """What comes in and what it costs by month, before accounts and debt [USD]."""
    workout, lease = scenario.workout, scenario.lease
    kc, end, last = dates(scenario)
    due, (sale_month, sale_cost) = contract_rents(scenario), choose_sale(scenario, d)
    start = kc + 1 if lease.timing == "arrears" else kc
    rows = []
    for k in range(last + 1):
        lost = d is not None and k >= d
        row = dict.fromkeys(("rent", "merchant", "sale", "claim", "guarantee", "opex", "enforcement"), 0.0)
        if not lost:
            row["rent"] = due.get(k, 0.0) * share_paid(scenario, k)
        if start <= k <= sale_month and (lost or not lease.triple_net):
            row["opex"] = scenario.opex.per_month
        if k == sale_month:
            row["sale"] = hardware(scenario)[0] * price[k] * (1 - sale_cost)
        promise = lease.residual_value_guarantee
        if (
            k == end
            and promise is not None
            and (sale_month >= end and sale_cost == scenario.gpu_price.sell_cost)
        ):
            row["guarantee"] = hardware(scenario)[0] * max(promise.amount - price[k], 0.0)
        if lost:
            if k < d + workout.downtime and k <= sale_month:
                row["enforcement"] = workout.enforcement_cost
            if workout.mode == "remarket" and d + workout.downtime <= k <= end:
                margin = (1 - workout.market_haircut) * lease_rate[k] - workout.merchant_opex
                row["merchant"] = merchant_rent(scenario, margin)
            pays = d + workout.claim_lag
            if k == pays or (k == last < pays and scenario.grid.tail > 0):
                if claim is None:
                    at_default = lease_rate[d] if lease_rate else math.nan
                    claim = workout.claim_recovery * claim_on_lessee(scenario, price[d], at_default, d)
                row["claim"] = claim
        rows.append(row)
    return rows
