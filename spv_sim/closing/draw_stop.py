"""A default before completion at closing: for each month of it, what is drawn, delivered, owed and held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.equity_classes import class_terms, opening_claims
from spv_sim.closing.fleet_terms import cohort_of
from spv_sim.spv.book import (
    CLASS_NPV,
    CLASS_VALUE,
    COSTS_DUE,
    DEBT,
    DISTRIBUTED,
    DRAWN,
    DRAWN_VALUE,
    DSRA,
    EQUITY_NPV,
    EQUITY_PAID_IN,
    EQUITY_RECEIVED,
    EQUITY_VALUE,
    INTEREST_ACCRUED,
    INTEREST_ARREARS,
    LENDER_VALUE,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    OUTCOME,
    OUTSIDE_VALUE,
    PHASE,
    PROMISED_VALUE,
    TRAP,
    UNITS_WORKING,
    WORKING_CAPITAL,
    class_cell,
)
from spv_sim.spv.draw_stop import StopTerms
from spv_sim.spv.fleet import WHOLE, WORKING, cohort_cell
from spv_sim.spv.lease_phase import DOWNTIME
from spv_sim.spv.lessee_default import REJECTED

if TYPE_CHECKING:
    from spv_sim.closing.capital import CapitalClosing
    from spv_sim.closing.contract import Contract
    from spv_sim.closing.running_costs import RunningCosts
    from spv_sim.scenario.fleet import Batch
    from spv_sim.scenario.model import Scenario
    from spv_sim.spv.deal import EquityTerms
    from spv_sim.spv.equity import ClassTerms
    from spv_sim.spv.fleet import FleetTerms

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Planned:
    """What the closing expects, were there no default.

    book : after completion.  discounts : (n, months + 1), at each tranche's coupon [1].
    worth : (months + 1,), value at closing of a dollar, whoever gets it [1].
    lender_flow : (n, months + 1) up to completion [USD].
    """

    scenario: Scenario
    contract: Contract
    capital: CapitalClosing
    costs: RunningCosts
    book: Array
    fleet: FleetTerms
    discounts: Array
    worth: Array
    lender_flow: Array


def no_stop(completion: int) -> StopTerms:
    """Terms where no default stops a draw."""
    none = np.zeros(completion + 1)
    return StopTerms(False, np.zeros((1, 1)), np.zeros((1, 1, 1)), none, none, none)


def is_delivered(batch: Batch, month: int) -> bool:
    """Whether a batch comes to the vehicle where the lessee defaults in a month.

    Source: model 1.6, and 0.9 for the order: a default is met before the month's draws.
    """
    return batch.delivery < month or not batch.cancellable


def settled_with_seller(scenario: Scenario, month: int, completion: int) -> tuple[Array, float]:
    """What the shareholders still pay for batches that cannot be cancelled, by month up to completion, and
    what comes back of the deposits on the others [USD].
    """
    calls, refund = np.zeros(completion + 1), 0.0
    for batch in scenario.fleet.batch.values():
        if batch.delivery < month:
            continue
        cost = batch.units * batch.unit_cost
        ahead, deposit = max(batch.delivery - batch.deposit_lead, 0), batch.deposit * cost
        if batch.cancellable:
            refund += (1 - batch.deposit_forfeited) * deposit if ahead < month else 0.0
        else:
            calls[batch.delivery] += cost - deposit
            calls[ahead] += deposit if ahead >= month else 0.0
    return calls, refund


def interest_owed(debt: Array, rates: Array, bears: NDArray[np.bool_]) -> Array:
    """Interest from the default to completion, none of it paid, (n,) float64 [USD].

    Parameters
    ----------
    debt : (n,) float64, drawn [USD].  rates : (n, months) float64, coupons of these months [1].
    bears : (n,) bool, whether unpaid interest bears interest.
    """
    owed = np.zeros(len(debt))
    for rate in rates.T:
        owed = owed + rate * (debt + np.where(bears, owed, 0.0))
    return owed


def stop_terms(
    planned: Planned, equity: EquityTerms, classes: ClassTerms, pays: NDArray[np.bool_]
) -> StopTerms:
    """Kernel terms: a row for a default in each month up to completion, row 0 for none.

    Nothing is paid between the default and the first payment date after completion: interest at the rates of
    closing and the cost of enforcement accrue, deposits that come back and rent received before are held.
    Downtime ends after completion at the earliest. The debt that was promised is what was drawn.

    Limits: a letter of credit stands as planned; the vehicle's running cost begins with completion.
    Source: model 1.6, 2.5 (shareholders pay what is called for beyond the draws).
    """
    scenario, contract = planned.scenario, planned.contract
    completion, months = contract.completion, range(1, contract.completion + 1)
    workout, batches = scenario.workout, scenario.fleet.batch.values()
    weights = np.array([batch.units * scenario.fleet.weight(batch) for batch in batches])
    arrives = np.array([[is_delivered(batch, month) for batch in batches] for month in range(completion + 1)])
    share = arrives @ weights / weights.sum()
    rejected_in = np.maximum(np.arange(completion + 1), completion + 1 - workout.downtime).astype(float)
    n, investors = len(planned.capital.tranches), 1 + len(planned.lender_flow) + len(classes.flow)
    flow = np.zeros((completion + 1, investors, completion + 1))
    book = np.tile(planned.book, (completion + 1, 1))
    for month in months:
        calls, refund = settled_with_seller(scenario, month, completion)
        net = np.where(np.arange(completion + 1) < month, equity.net_flow[: completion + 1], -calls)
        stopped = np.zeros_like(equity.net_flow)
        stopped[: completion + 1] = net
        lender = np.where(np.arange(len(planned.worth)) < month, planned.lender_flow, 0.0)
        row, held = book[month], refund + early_rent(planned, month)
        fill_deal(planned, equity, row, month, held, stopped, lender, share[month])
        fill_tranches(planned, row, month, lender)
        flow[month, 0], flow[month, 1 : 1 + n] = net, lender[:, : completion + 1]
        flow[month, 1 + n :] = fill_classes(planned, equity, row, stopped, pays)
        fill_fleet(planned, row, arrives[month], 1.0 if rejected_in[month] > completion else kept(planned))
    return StopTerms(
        in_use=True,
        book=book,
        flow=flow,
        share=share,
        units=kept(planned) * share * contract.units[0],
        rejected_in=rejected_in,
    )


def kept(planned: Planned) -> float:
    """Share of the units that the vehicle gets hold of after a default [1]."""
    return 1 - planned.scenario.workout.shrinkage


def early_rent(planned: Planned, month: int) -> float:
    """Rent received before the default and not spent [USD]."""
    if planned.scenario.lease.early_rent_to != "trap":
        return 0.0
    return float(planned.contract.early_rent[:month].sum())


def fill_deal(
    planned: Planned,
    equity: EquityTerms,
    row: Array,
    month: int,
    held: float,
    net_flow: Array,
    lender_flow: Array,
    share: float,
) -> None:
    """The deal's cells after a default in the month; `held` is the cash that waits for the lenders [USD]."""
    completion, worth = planned.contract.completion, planned.worth
    costs = 0.0
    if share > 0:
        idle = completion + 1 - month
        costs = planned.scenario.workout.enforcement_cost * idle + float(planned.costs.defaulted[completion])
    crossed = (net_flow - equity.net_flow) + (lender_flow - planned.lender_flow).sum(axis=0)
    for cell, value in {
        TRAP: held,
        DSRA: 0.0,
        WORKING_CAPITAL: 0.0,
        COSTS_DUE: costs,
        DISTRIBUTED: 0.0,
        EQUITY_RECEIVED: 0.0,
        EQUITY_PAID_IN: -float(net_flow.sum()),
        EQUITY_NPV: float(net_flow @ equity.discount),
        EQUITY_VALUE: float(net_flow @ worth),
        OUTSIDE_VALUE: float(crossed @ worth),
        OUTCOME: float(REJECTED),
        PHASE: float(DOWNTIME),
    }.items():
        row[cell] = value


def fill_tranches(planned: Planned, row: Array, month: int, lender_flow: Array) -> None:
    """The tranches' cells after a default in the month."""
    completion, tranches = planned.contract.completion, planned.capital.tranches
    said = [planned.scenario.capital.tranche[of.name] for of in tranches]
    drawn = np.array([of.draws[:month].sum() for of in tranches])
    rates = np.array([of.coupon.by_month[month : completion + 1] for of in tranches])
    capitalises = np.array([of.pik for of in said])
    bears = capitalises | np.array([of.interest_on_arrears == "coupon" for of in said])
    owed = interest_owed(drawn, rates, bears)
    cells: dict[int, Array] = {
        DEBT: drawn + np.where(capitalises, owed, 0.0),
        INTEREST_ARREARS: np.where(capitalises, 0.0, owed),
        INTEREST_ACCRUED: owed,
        LENDER_VALUE: lender_flow @ planned.worth,
        DRAWN: drawn,
        PROMISED_VALUE: drawn * planned.discounts[:, month - 1],
        DRAWN_VALUE: np.array(
            [at[:month] @ of.draws[:month] for at, of in zip(planned.discounts, tranches, strict=True)]
        ),
    }
    end = N_DEAL_CELLS + len(tranches) * N_TRANCHE_CELLS
    for cell, values in cells.items():
        row[N_DEAL_CELLS + cell : end : N_TRANCHE_CELLS] = values


def fill_classes(
    planned: Planned, equity: EquityTerms, row: Array, net_flow: Array, pays: NDArray[np.bool_]
) -> Array:
    """The cells of the classes of equity, and their flows: (classes, completion + 1) float64 [USD]."""
    capital, completion = planned.scenario.capital, planned.contract.completion
    if not capital.equity:
        return np.zeros((0, completion + 1))
    calls = np.maximum(-net_flow[: completion + 1], 0.0)
    held = [replace(of, calls=of.share * calls) for of in planned.capital.equity]
    flow = class_terms(held, capital.promote, pays, 0.0).flow
    promised, owed = opening_claims(held, capital.promote)
    cells = owed | {CLASS_NPV: flow @ equity.discount, CLASS_VALUE: flow @ planned.worth}
    for cell, value in promised.items():
        row[cell] = value
    for cell, values in cells.items():
        for place, value in enumerate(values):
            row[class_cell(len(planned.capital.tranches), place, cell)] = value
    return np.asarray(flow[:, : completion + 1])


def fill_fleet(planned: Planned, row: Array, arrives: NDArray[np.bool_], left: float) -> None:
    """The cohorts' cells: the units that come to the vehicle, of which it gets hold of a share `left`."""
    fleet = planned.fleet
    if not fleet.active:
        return
    units = np.zeros(len(fleet.units))
    for batch, comes in zip(planned.scenario.fleet.batch.values(), arrives, strict=True):
        units[cohort_of(planned.scenario, batch)] += left * batch.units if comes else 0.0
    for cohort, count in enumerate(units):
        row[[cohort_cell(fleet, cohort, cell) for cell in (WORKING, WHOLE)]] = count
    row[UNITS_WORKING] = units.sum()
