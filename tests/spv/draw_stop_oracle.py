"""Deal X after a default before completion, in slow, obvious Python."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.close import Closed
from spv_sim.closing.contract import lay_out_contract


def arrives(closed: Closed, month: int) -> list[bool]:
    return [b.delivery < month or not b.cancellable for b in closed.scenario.fleet.batch.values()]


def slow_path(
    closed: Closed, d: int, rows: dict[str, NDArray[np.float64]], path: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Flows of equity and of the senior lender after a default in month d up to completion [USD].

    From the first payment date after completion the debt is in default: costs, interest, principal, equity.
    """
    s, table, senior = closed.scenario, closed.table, closed.capital.tranches[0]
    said, work, lease = s.capital.tranche["senior"], s.workout, s.lease
    last, contract = closed.terms.deal.last_month, lay_out_contract(s)
    completion = s.grid.construction
    batches = [*s.fleet.batch.values()]
    equity, lender = np.zeros(last + 1), np.zeros(last + 1)
    equity[:d], lender[:d] = -table.equity[:d], senior.lender_flow[:d]
    cash = contract.early_rent[:d].sum()
    for batch, comes in zip(batches, arrives(closed, d), strict=True):
        cost, ahead = batch.units * batch.unit_cost, max(batch.delivery - batch.deposit_lead, 0)
        if batch.delivery >= d and comes:
            equity[batch.delivery] -= (1 - batch.deposit) * cost
            equity[ahead] -= batch.deposit * cost if ahead >= d else 0.0
        elif batch.delivery >= d and ahead < d:
            cash += (1 - batch.deposit_forfeited) * batch.deposit * cost
    share = sum(b.units for b, comes in zip(batches, arrives(closed, d), strict=True) if comes) / 500_000
    units = 500_000 * share * (1 - work.shrinkage)
    due = contract.expected
    claim = share * sum(due[q] * (1 + work.claim_rate / 12) ** -(q - d) for q in range(d, len(due)))
    if lease.deposit:
        drawn = min(claim, closed.terms.deal.assets.lease.deposit)
        cash, claim = cash + drawn, claim - drawn
    rate, debt, arrears = said.coupon / 12, senior.draws[:d].sum(), 0.0
    for _ in range(d, completion + 1):
        arrears += rate * (debt + (arrears if said.pik or said.interest_on_arrears == "coupon" else 0.0))
    if said.pik:
        debt, arrears = debt + arrears, 0.0
    ready = max(d + work.downtime, completion + 1)
    costs = work.enforcement_cost * (completion + 1 - d) if share else 0.0
    costs += s.opex.per_month if share and lease.timing == "advance" else 0.0
    left, end = units, max(lay_out_contract(s).contract_end, ready)
    for k in range(completion + 1, last + 1):
        inflow = s.accounts.interest_rate / 12 * cash
        price, rent = rows["price"][k, path], rows["lease_rate"][k, path]
        owned = left > 0
        if owned and k < ready:
            costs += work.enforcement_cost
        if owned:
            costs += s.opex.per_month
        if owned and work.mode == "remarket" and k >= ready:
            margin = max((1 - work.market_haircut) * rent - work.merchant_opex, 0.0)
            inflow += units * 730 * work.utilisation * margin
        if owned and work.mode == "remarket" and k == end:
            inflow, left = inflow + left * price * (1 - s.gpu_price.sell_cost), 0.0
        if owned and work.mode == "liquidate" and k >= ready:
            sold = min(units / work.liquidation_months, left)
            inflow += sold * price * (1 - s.gpu_price.liquidation_cost)
            left = left - sold if k < ready + work.liquidation_months - 1 else 0.0
        if k == max(d, completion + 1 - work.downtime) + work.claim_lag:
            inflow += work.claim_recovery * claim
        cash += inflow
        paid = min(costs, cash)
        cash, costs = cash - paid, costs - paid
        interest = rate * (debt + (arrears if said.interest_on_arrears == "coupon" else 0.0)) + arrears
        paid = min(interest, cash)
        cash, arrears, lender[k] = cash - paid, interest - paid, paid
        repaid = min(debt, cash)
        cash, debt, lender[k] = cash - repaid, debt - repaid, lender[k] + repaid
        if said.pik:
            debt, arrears = debt + arrears, 0.0
        if debt + arrears < 1e-9 * table.uses.sum():
            equity[k], cash = cash, 0.0
    return equity, lender
