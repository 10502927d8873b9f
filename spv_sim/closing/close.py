"""Closes a scenario: one market and one deal in kernel terms, and the closing sheet that people read."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.capital import Base, CapitalClosing, close_capital
from spv_sim.closing.contract import Contract, lay_out_contract
from spv_sim.closing.covenant_terms import covenant_terms, covenants_of
from spv_sim.closing.debt import tranche_terms
from spv_sim.closing.default_terms import default_terms, guarantee_cap
from spv_sim.closing.discounting import common_discount
from spv_sim.closing.equity_classes import class_terms, opening_claims
from spv_sim.closing.filed_rent import lessee_liability, with_filed_rents
from spv_sim.closing.fleet import h100_equivalents, hardware_cost, spending
from spv_sim.closing.fleet_terms import fleet_terms, with_fleet
from spv_sim.closing.forward_rates import forward_rates
from spv_sim.closing.gpu_price_terms import log_mean_price
from spv_sim.closing.lease_terms import lease_terms
from spv_sim.closing.lessee_liability import LesseeLiability
from spv_sim.closing.market_terms import base_case_market, market_terms, price_of_new_unit
from spv_sim.closing.opening_book import open_accounts, opening_book
from spv_sim.closing.periods import months_due
from spv_sim.closing.pilot import run_pilot, sale_proceeds, without_debt
from spv_sim.closing.priority_terms import waterfall_terms
from spv_sim.closing.reserves import letter_terms, reserve_terms, working_capital
from spv_sim.closing.sources_and_uses import SourcesAndUses
from spv_sim.closing.workout_terms import workout_terms
from spv_sim.engine.columns import column_names
from spv_sim.engine.ledger import ledger_names
from spv_sim.engine.terms import Terms
from spv_sim.spv.asset_terms import AssetTerms
from spv_sim.spv.book import (
    CLASS_NPV,
    CLASS_VALUE,
    COSTS_DUE,
    DEBT,
    DEPOSIT_LEFT,
    DISCOUNT,
    DISTRIBUTED,
    DSRA,
    EQUITY_NPV,
    EQUITY_RECEIVED,
    EQUITY_VALUE,
    LENDER_VALUE,
    LETTER,
    LETTER_BEFORE,
    RENT_GUARANTEE_LEFT,
    TRAP,
    WORKING_CAPITAL,
)
from spv_sim.spv.deal import DealTerms, EquityTerms

if TYPE_CHECKING:
    from spv_sim.scenario.covenant import AnyCovenant
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

CASH_TOLERANCE = 1e-9
"""Share of total uses up to which an amount counts as zero in every test (model 0.7)."""


@dataclass(frozen=True)
class Closed:
    """A closed scenario.

    scenario : with the rents that filed figures imply, where the lease is told by them.
    terms : what the engine runs.  capital : debt and equity.  liability : the lease as the lessee books it.
    warnings : for people, none of them an error.
    """

    scenario: Scenario
    terms: Terms
    capital: CapitalClosing
    liability: LesseeLiability | None = None
    warnings: tuple[str, ...] = ()

    @property
    def tranches(self) -> tuple[str, ...]:
        """Names of the tranches, the most senior first."""
        return tuple(tranche.name for tranche in self.capital.tranches)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes of equity; none where there is one only."""
        return tuple(self.scenario.capital.equity)

    @property
    def investors(self) -> tuple[str, ...]:
        """Whose flows the engine sums: the whole equity, each tranche and each class."""
        return ("equity", *self.tranches, *self.classes)

    @property
    def columns(self) -> list[str]:
        """Names of the columns that a path leaves."""
        return column_names(self.tranches, self.classes, tuple(self.scenario.capital.covenant))

    @property
    def covenants(self) -> dict[str, AnyCovenant]:
        """All covenants by name, in their order in the book."""
        return covenants_of(self.scenario.capital)

    @property
    def ledger_rows(self) -> list[str]:
        """Names of the rows of a path's ledger."""
        return ledger_names(self.tranches, self.classes, tuple(self.covenants))

    @property
    def table(self) -> SourcesAndUses:
        """Sources and uses by month."""
        return self.capital.table

    @property
    def lock_up_levels(self) -> tuple[float | None, ...]:
        """DSCR down to each tranche below which distributions are trapped [x]; None without a test."""
        return tuple(self.scenario.capital.tranche[name].lock_up_dscr for name in self.tranches)


def fleet_value(scenario: Scenario, last_month: int) -> Array:
    """Expected resale value of the fleet by month without a default, (last_month + 1,) float64 [USD]."""
    years = np.arange(last_month + 1) / 12
    price = np.exp(log_mean_price(scenario.gpu_price, price_of_new_unit(scenario), years))
    return np.asarray(h100_equivalents(scenario.fleet) * np.maximum(price, scenario.gpu_price.scrap_value))


def months_between_flows(equity: Array, lender: Array, pays: NDArray[np.bool_]) -> int:
    """Largest step from closing that meets every month in which anything may flow to an investor."""
    return max(int(np.gcd.reduce(np.flatnonzero((equity != 0) | (lender != 0) | pays))), 1)


def base_of(scenario: Scenario, contract: Contract, opex: Array) -> Base:
    """What the debt is sized on: the contract's rent less costs, and what a deal without debt would show."""
    value, earned = fleet_value(scenario, contract.last_month), contract.expected - opex
    by_cover = [of.sizing_case for of in scenario.capital.tranche.values() if of.target_dscr is not None]
    simulated, pilot = any(case != "base" for case in by_cover), None
    counts_sale = bool(by_cover) and scenario.capital.sale_in_cfads
    if simulated or counts_sale:
        trial, numbers = close(without_debt(scenario)).terms, scenario.monte_carlo
        if counts_sale:
            market = base_case_market(scenario, contract.last_month)
            earned = earned + sale_proceeds(trial._replace(market=market))
        if simulated:
            pilot = run_pilot(trial, numbers.pilot_paths, numbers.pilot_seed)
    curve = forward_rates(scenario.rates, contract.last_month, scenario.deal.closing)
    return Base(earned, value, curve, pilot)


def close(scenario: Scenario) -> Closed:
    """Compute everything that is known at financial close.

    Raises
    ------
    UserError : where the debt cannot be closed as the scenario asks.
    """
    liability = lessee_liability(scenario)
    scenario = with_filed_rents(scenario, liability)
    lease, completion = scenario.lease, scenario.grid.construction
    contract = lay_out_contract(scenario)
    last_month = contract.last_month

    months = np.arange(last_month + 1)
    falls = months_due(scenario.grid.period, completion, last_month)
    opex = np.where(months >= completion + (lease.timing == "arrears"), scenario.opex.per_month * falls, 0.0)
    performing = np.zeros_like(opex) if lease.triple_net else opex
    costs_ahead = working_capital(scenario, np.where(months <= contract.asset_end, performing, 0.0))
    spent = replace(spending(scenario, contract.early_rent), working_capital=float(costs_ahead[completion]))
    base = base_of(scenario, contract, performing)
    capital = close_capital(scenario.capital, spent, base)
    table = capital.table
    opening = open_accounts(scenario, contract.early_rent, performing)
    net_flow = np.zeros(last_month + 1)
    net_flow[: completion + 1] = -table.equity
    net_flow[completion] += opening.distribution
    total_uses = float(table.uses.sum())
    net_flow[np.abs(net_flow) <= CASH_TOLERANCE * total_uses] = 0.0
    discount = (1 + scenario.deal.hurdle) ** (-months / 12)

    npv = float(net_flow @ discount)

    market = market_terms(scenario, contract.rent_dates, last_month)
    lender = np.zeros((len(capital.tranches), last_month + 1))
    lender[:, : completion + 1] = [tranche.lender_flow for tranche in capital.tranches]
    senior = scenario.capital.tranche[capital.tranches[0].name]
    pays = np.logical_or.reduce([tranche.pays for tranche in capital.tranches])
    debt_terms = tranche_terms(scenario.capital, capital.tranches, market.short_rate.step_volatility > 0)
    discounts = debt_terms.interest.discount
    letters = letter_terms(scenario.capital, capital.tranches)
    service = np.array([of.scheduled_interest + of.scheduled_principal for of in capital.tranches])
    draws = np.array([tranche.draws for tranche in capital.tranches])
    worth = common_discount(scenario, last_month)
    lease_said = lease_terms(scenario, contract)
    held = capital.equity if scenario.capital.equity else ()
    promote = scenario.capital.promote if held else None
    classes = class_terms(held, promote, pays, CASH_TOLERANCE * total_uses)
    promised, owed = opening_claims(held, promote)
    covenants, covenant_cells = covenant_terms(
        scenario.capital,
        base.cash_flow,
        hardware_cost(scenario.fleet) / h100_equivalents(scenario.fleet),
        completion,
    )
    new_price = price_of_new_unit(scenario)
    book = opening_book(
        {
            TRAP: opening.trap,
            DSRA: capital.reserve,
            WORKING_CAPITAL: float(costs_ahead[completion]),
            COSTS_DUE: opening.cost_arrears,
            EQUITY_RECEIVED: opening.distribution,
            EQUITY_NPV: npv,
            EQUITY_VALUE: float(net_flow @ worth),
            DEPOSIT_LEFT: lease_said.deposit,
            RENT_GUARANTEE_LEFT: guarantee_cap(scenario),
            DISTRIBUTED: opening.distribution,
            **promised,
        },
        {
            DEBT: debt_terms.commitment,
            DISCOUNT: discounts[:, completion],
            LENDER_VALUE: lender @ worth,
            LETTER: letters.face[:, completion],
            LETTER_BEFORE: letters.face[:, completion],
        },
        {CLASS_NPV: classes.flow @ discount, CLASS_VALUE: classes.flow @ worth, **owed},
        covenant_cells,
    )
    fleet = fleet_terms(scenario, new_price, last_month, first_cell=len(book))
    deal = DealTerms(
        completion=completion,
        last_month=last_month,
        total_uses=total_uses,
        tolerance=CASH_TOLERANCE * total_uses,
        first_rate_month=completion + 1.0 if debt_terms.interest.any_floats else math.inf,
        flow_every=months_between_flows(net_flow, np.abs(lender).sum(axis=0), pays),
        rent_dates=(contract.rent_dates > 0) & (months > completion),
        price_scale=1.0,
        pays=pays,
        dates=np.flatnonzero(pays),
        payment_every=senior.payment_every,
        grace=min(
            tranche.grace for tranche in scenario.capital.tranche.values() if tranche.rank == senior.rank
        ),
        assets=AssetTerms(
            lease=lease_said,
            default=default_terms(scenario, last_month),
            workout=workout_terms(scenario, contract, new_price),
            fleet=fleet,
            opex_performing=performing,
            opex_defaulted=opex,
        ),
        tranche=debt_terms,
        covenant=covenants,
        waterfall=waterfall_terms(
            scenario.waterfall,
            scenario.capital,
            scenario.accounts,
            [tranche.name for tranche in capital.tranches],
            dict(zip(covenants_of(scenario.capital), covenants.cell.tolist(), strict=True)),
        ),
        equity=EquityTerms(
            net_flow=net_flow,
            contributed=float(table.equity.sum()),
            distributed_at_completion=opening.distribution,
            last_call=completion,
            discount=discount,
            npv_at_completion=npv,
        ),
        letters=letters,
        classes=classes,
        reserves=reserve_terms(scenario.accounts, senior.payment_every, costs_ahead),
        counts_interest=float(scenario.capital.interest_in_cfads),
        counts_sale=float(scenario.capital.sale_in_cfads),
        account_rate=scenario.accounts.interest_rate / 12,
        discount=worth,
        falls=falls,
        opening=with_fleet(book, fleet),
        lender_flow=lender,
        scheduled_value=(discounts * service).sum(axis=1),
        drawn_value=(discounts[:, : completion + 1] * draws).sum(axis=1),
    )
    hurdle = math.expm1(math.log1p(scenario.deal.hurdle) / 12)
    return Closed(scenario, Terms(market, deal, hurdle), capital, liability)
