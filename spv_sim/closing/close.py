"""Closes a scenario: one market and one deal in kernel terms, and the closing sheet that people read."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spv_sim.closing.base import base_of
from spv_sim.closing.capital import CapitalClosing, close_capital
from spv_sim.closing.contract import lay_out_contract
from spv_sim.closing.covenant_terms import covenants_of
from spv_sim.closing.deal_terms import deal_terms
from spv_sim.closing.filed_rent import lessee_liability, with_filed_rents
from spv_sim.closing.fleet import spending
from spv_sim.closing.lessee_liability import LesseeLiability
from spv_sim.closing.market_terms import market_terms
from spv_sim.closing.running_costs import running_costs
from spv_sim.closing.sources_and_uses import SourcesAndUses
from spv_sim.engine.columns import column_names
from spv_sim.engine.ledger import ledger_names
from spv_sim.engine.refinancing import NEW_LOAN
from spv_sim.engine.terms import Terms

if TYPE_CHECKING:
    from spv_sim.scenario.covenant import AnyCovenant
    from spv_sim.scenario.model import Scenario


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
    def loans(self) -> tuple[str, ...]:
        """Names of the tranches, and of the loan that may refinance one."""
        return (*self.tranches, *((NEW_LOAN,) if self.terms.deal.refinance.in_use else ()))

    @property
    def investors(self) -> tuple[str, ...]:
        """Whose flows the engine sums: the whole equity, each tranche, a new loan and each class."""
        return ("equity", *self.loans, *self.classes)

    @property
    def columns(self) -> list[str]:
        """Names of the columns that a path leaves."""
        covenants, refinances = tuple(self.scenario.capital.covenant), self.terms.deal.refinance.in_use
        return column_names(self.tranches, self.classes, covenants, refinances=refinances)

    @property
    def covenants(self) -> dict[str, AnyCovenant]:
        """All covenants by name, in their order in the book."""
        return covenants_of(self.scenario.capital)

    @property
    def ledger_rows(self) -> list[str]:
        """Names of the rows of a path's ledger."""
        return ledger_names(self.loans, self.classes, tuple(self.covenants))

    @property
    def table(self) -> SourcesAndUses:
        """Sources and uses by month."""
        return self.capital.table

    @property
    def lock_up_levels(self) -> tuple[float | None, ...]:
        """DSCR down to each tranche below which distributions are trapped [x]; None without a test."""
        return tuple(self.scenario.capital.tranche[name].lock_up_dscr for name in self.tranches)


def close(scenario: Scenario) -> Closed:
    """Compute everything that is known at financial close.

    Raises
    ------
    UserError : where the debt cannot be closed as the scenario asks.
    """
    liability = lessee_liability(scenario)
    scenario = with_filed_rents(scenario, liability)
    contract = lay_out_contract(scenario)
    costs = running_costs(scenario, contract)
    ahead = float(costs.ahead[scenario.grid.construction])
    spent = replace(spending(scenario, contract.early_rent), working_capital=ahead)
    base = base_of(scenario, contract, costs.performing, lambda trial: close(trial).terms)
    capital = close_capital(scenario.capital, spent, base)
    market = market_terms(scenario, contract.rent_dates, contract.last_month)
    rates_move = market.short_rate.step_volatility > 0
    hazard = market.credit.cumulative_hazard
    deal = deal_terms(scenario, contract, costs, base, capital, rates_move, hazard)
    hurdle = math.expm1(math.log1p(scenario.deal.hurdle) / 12)
    return Closed(scenario, Terms(market, deal, hurdle), capital, liability)
