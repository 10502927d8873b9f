"""A closed deal in kernel terms, put together from what every room of the closing says."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.capital import Base, CapitalClosing
from spv_sim.closing.casualty import insurance_terms, with_insurance
from spv_sim.closing.contingent_equity import contingent_terms
from spv_sim.closing.contract import Contract
from spv_sim.closing.coupon import payment_dates
from spv_sim.closing.covenant_terms import covenant_terms, covenants_of
from spv_sim.closing.debt import tranche_terms
from spv_sim.closing.default_terms import default_terms, guarantee_cap
from spv_sim.closing.discounting import common_discount
from spv_sim.closing.draw_stop import Planned, no_stop, stop_terms
from spv_sim.closing.equity_classes import class_terms, opening_claims
from spv_sim.closing.equity_terms import equity_terms
from spv_sim.closing.fleet import h100_equivalents, hardware_cost
from spv_sim.closing.fleet_terms import fleet_terms, with_fleet
from spv_sim.closing.lease_terms import lease_terms
from spv_sim.closing.market_terms import price_of_new_unit
from spv_sim.closing.opening_book import open_accounts, opening_book
from spv_sim.closing.priority_terms import waterfall_terms
from spv_sim.closing.refinancing import new_loan_closing, refinance_terms, with_new_loan
from spv_sim.closing.reserves import letter_terms, reserve_terms
from spv_sim.closing.running_costs import RunningCosts
from spv_sim.closing.workout_terms import workout_terms
from spv_sim.engine.refinancing import NEW_LOAN
from spv_sim.scenario.covenant import interval_of
from spv_sim.spv.asset_terms import AssetTerms
from spv_sim.spv.book import (
    CLASS_NPV,
    CLASS_VALUE,
    COSTS_DUE,
    DEBT,
    DEPOSIT_LEFT,
    DISCOUNT,
    DISTRIBUTED,
    DRAWN,
    DRAWN_VALUE,
    DSRA,
    EQUITY_NPV,
    EQUITY_PAID_IN,
    EQUITY_RECEIVED,
    EQUITY_VALUE,
    LENDER_VALUE,
    LETTER,
    LETTER_BEFORE,
    PROMISED_VALUE,
    RENT_GUARANTEE_LEFT,
    SHORTFALL,
    TRAP,
    WORKING_CAPITAL,
)
from spv_sim.spv.deal import DealTerms
from spv_sim.spv.tolerance import CASH_TOLERANCE

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario
    from spv_sim.spv.contingent_equity import ContingentTerms

Array = NDArray[np.float64]


def first_rate_month(completion: int, floats: bool, contingent: ContingentTerms) -> float:
    """First month whose payments follow the path's base rates; infinite where none do."""
    if contingent.in_use:
        return float(np.flatnonzero(contingent.owed.any(axis=0))[0])
    return completion + 1.0 if floats else math.inf


def months_between_flows(
    equity: Array, lender: Array, pays: NDArray[np.bool_], stopped: Array, owed: Array
) -> int:
    """Largest step from closing that meets every month in which anything may flow to an investor.

    `stopped` are flows up to completion where draws are stopped, `owed` is more than 0 where interest up to
    completion follows the path's rates; both by month in their last axis.
    """
    flows = (equity != 0) | (lender != 0) | pays
    flows[: stopped.shape[-1]] |= (stopped != 0).any(axis=(0, 1))
    flows[: owed.shape[-1]] |= (owed != 0).any(axis=0)
    return max(int(np.gcd.reduce(np.flatnonzero(flows))), 1)


def dates_of_default(contract: Contract, early: bool) -> NDArray[np.bool_]:
    """Months in which the deal may meet a default: rent dates after completion, and where it is early any
    month before, (last_month + 1,) bool.
    """
    months = np.arange(contract.last_month + 1)
    after = (contract.rent_dates > 0) & (months > contract.completion)
    return after | (early & (months > 0) & (months <= contract.completion))


def deal_terms(
    scenario: Scenario,
    contract: Contract,
    costs: RunningCosts,
    base: Base,
    capital: CapitalClosing,
    rates_move: bool,
    cumulative_hazard: Array,
) -> DealTerms:
    """The deal as the engine runs it.

    Parameters
    ----------
    rates_move : whether the short rate is random.
    cumulative_hazard : (months + 1,) float64, -ln of the lessee's survival to each month [1]; where it
        defaults before completion the draws stop.
    """
    completion, last_month, table = scenario.grid.construction, contract.last_month, capital.table
    early_default = float(cumulative_hazard[completion]) > 0
    total_uses = float(table.uses.sum())
    tolerance = CASH_TOLERANCE * total_uses
    opening = open_accounts(scenario, contract.early_rent, costs.performing)
    equity = equity_terms(scenario, table, opening.distribution, last_month, tolerance)
    worth = common_discount(scenario, last_month)

    lease_end = contract.contract_end
    said = with_new_loan(scenario.capital, completion, lease_end)
    tranches = capital.tranches
    if len(said.tranche) > len(tranches):
        maturity = completion + said.tranche[NEW_LOAN].tenor
        tranches = (*tranches, new_loan_closing(said, tranches, maturity))
    lender = np.zeros((len(tranches), last_month + 1))
    lender[:, : completion + 1] = [tranche.lender_flow for tranche in tranches]
    senior, every = scenario.capital.tranche[tranches[0].name], interval_of(scenario.capital.tranche)
    slowest = max(tranche.payment_every for tranche in scenario.capital.tranche.values())
    pays = np.logical_or.reduce([tranche.pays for tranche in tranches])
    debt = tranche_terms(said, tranches, rates_move)
    discounts = debt.interest.discount
    letters = letter_terms(said, tranches)
    service = np.array([of.scheduled_interest + of.scheduled_principal for of in tranches])
    draws = np.array([tranche.draws for tranche in tranches])

    lease = lease_terms(scenario, contract)
    held = capital.equity if scenario.capital.equity else ()
    promote = scenario.capital.promote if held else None
    classes = class_terms(held, promote, pays, tolerance)
    promised, owed = opening_claims(held, promote)
    unit_cost = hardware_cost(scenario.fleet) / h100_equivalents(scenario.fleet)
    rent = np.where(np.arange(last_month + 1) > completion, contract.expected, 0.0)
    covenants, covenant_cells = covenant_terms(said, base.cash_flow, rent, unit_cost, completion)
    book = opening_book(
        {
            TRAP: opening.trap,
            DSRA: capital.reserve,
            WORKING_CAPITAL: float(costs.ahead[completion]),
            COSTS_DUE: opening.cost_arrears,
            EQUITY_PAID_IN: equity.contributed,
            EQUITY_RECEIVED: opening.distribution,
            EQUITY_NPV: equity.npv_at_completion,
            EQUITY_VALUE: float(equity.net_flow @ worth),
            DEPOSIT_LEFT: lease.deposit,
            RENT_GUARANTEE_LEFT: guarantee_cap(scenario),
            DISTRIBUTED: opening.distribution,
            SHORTFALL: math.nan,
            **promised,
        },
        {
            DEBT: debt.commitment,
            DISCOUNT: discounts[:, completion],
            DRAWN: debt.commitment,
            PROMISED_VALUE: (discounts * service).sum(axis=1),
            DRAWN_VALUE: (discounts[:, : completion + 1] * draws).sum(axis=1),
            LENDER_VALUE: lender @ worth,
            LETTER: letters.face[:, completion],
            LETTER_BEFORE: letters.face[:, completion],
        },
        {CLASS_NPV: classes.flow @ equity.discount, CLASS_VALUE: classes.flow @ worth, **owed},
        covenant_cells,
    )
    new_price = price_of_new_unit(scenario)
    fleet = fleet_terms(scenario, new_price, last_month, first_cell=len(book))
    book = with_fleet(book, fleet)
    insurance = insurance_terms(scenario, contract, open_cell=len(book))
    book = with_insurance(book, insurance, fleet.suffers)
    loans = [said.tranche[of.name] for of in tranches]
    contingent = contingent_terms(scenario, loans, tranches, equity, rates_move)
    stop = no_stop(completion)
    if early_default:
        whole, all_loans = scenario.model_copy(update={"capital": said}), replace(capital, tranches=tranches)
        planned = Planned(whole, contract, all_loans, costs, book, fleet, discounts, worth, lender)
        stop = stop_terms(planned, equity, classes, pays)
    ranks = scenario.capital.tranche.values()
    return DealTerms(
        completion=completion,
        last_month=last_month,
        total_uses=total_uses,
        tolerance=tolerance,
        first_rate_month=first_rate_month(completion, debt.interest.any_floats, contingent),
        flow_every=months_between_flows(
            equity.net_flow, np.abs(lender).sum(axis=0), pays, stop.flow, contingent.owed
        ),
        rent_dates=dates_of_default(contract, early_default),
        price_scale=1.0,
        pays=pays,
        whole=payment_dates(completion, slowest, last_month),
        dates=np.flatnonzero(pays),
        payment_every=every,
        grace=min(tranche.grace for tranche in ranks if tranche.rank == senior.rank),
        assets=AssetTerms(
            lease=lease,
            default=default_terms(scenario, last_month, early_default),
            workout=workout_terms(scenario, contract, new_price),
            fleet=fleet,
            insurance=insurance,
            opex_performing=costs.performing,
            opex_defaulted=costs.defaulted,
        ),
        tranche=debt,
        covenant=covenants,
        waterfall=waterfall_terms(
            scenario.waterfall,
            said,
            scenario.accounts,
            [tranche.name for tranche in tranches],
            dict(zip(covenants_of(said), covenants.cell.tolist(), strict=True)),
        ),
        equity=equity,
        letters=letters,
        classes=classes,
        reserves=reserve_terms(scenario.accounts, every, costs.ahead),
        refinance=refinance_terms(
            scenario.capital,
            tranches,
            scenario.credit,
            cumulative_hazard,
            contract.expected - costs.performing,
            base.value,
            lease_end,
        ),
        counts_interest=float(scenario.capital.interest_in_cfads),
        counts_sale=float(scenario.capital.sale_in_cfads),
        account_rate=scenario.accounts.interest_rate / 12,
        discount=worth,
        falls=costs.falls,
        opening=book,
        lender_flow=lender,
        stop=stop,
        contingent=contingent,
    )
