"""Closes a programme: each vehicle by itself, and one market for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spv_sim.closing.close import Closed, close
from spv_sim.closing.contract import lay_out_contract
from spv_sim.closing.market_terms import market_terms, price_of_new_unit
from spv_sim.engine.terms import Programme, Ties
from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario


@dataclass(frozen=True)
class ClosedProgramme:
    """A closed programme.

    vehicles : the closed deal of each vehicle, by name; its market is that of the programme.
    terms : what the engine runs.
    """

    vehicles: Mapping[str, Closed]
    terms: Programme


def close_programme(programme: Scenario, vehicles: Mapping[str, Scenario]) -> ClosedProgramme:
    """Close every vehicle, and open one market that lasts as long as the longest of them.

    The lessee may miss a rent date of any vehicle; each deal meets the default at its own next rent date.
    Prices are those of the units of the vehicle that is complete first, and those of the others in proportion
    to what their units cost. Interest up to completion is that of the forward rates.

    Raises
    ------
    UserError : where a vehicle cannot be closed, or where vehicles ask different things of one market.

    Source: model 9.6.
    """
    closed = {name: close_locked_in(scenario) for name, scenario in vehicles.items()}
    vehicles = {name: each.scenario for name, each in closed.items()}
    first = min(vehicles, key=lambda name: vehicles[name].grid.construction)
    last_month = max(each.terms.deal.last_month for each in closed.values())
    rent_dates = np.zeros(last_month + 1)
    for scenario in vehicles.values():
        own = lay_out_contract(scenario).rent_dates
        months = np.arange(len(own))
        rent_dates[: len(own)] += (own > 0) & (months > scenario.grid.construction)
        if scenario.credit.draw_stop:
            rent_dates[1 : scenario.grid.construction + 1] += 1
    market = market_terms(vehicles[first], rent_dates, last_month)
    check_market(vehicles, closed, first)
    cost = price_of_new_unit(vehicles[first])
    deals = tuple(
        each.terms.deal._replace(price_scale=price_of_new_unit(vehicles[name]) / cost)
        for name, each in closed.items()
    )
    check_sharing(programme, closed)
    shares = np.array([programme.spv[name].cross_collateral for name in vehicles])
    ties = Ties(
        cross_default=np.array([programme.spv[name].cross_default for name in vehicles]),
        cross_collateral=shares if shares.sum() > 1 else shares[:0],
    )
    terms = Programme(market, deals, ties, next(iter(closed.values())).terms.hurdle)
    return ClosedProgramme(closed, terms)


def close_locked_in(scenario: Scenario) -> Closed:
    """The closed deal with the forward rates of closing up to completion."""
    closed = close(scenario)
    if not closed.terms.deal.contingent.in_use:
        return closed
    capital = scenario.capital.model_copy(update={"contingent_equity": False})
    return close(scenario.model_copy(update={"capital": capital}))


def check_market(vehicles: Mapping[str, Scenario], closed: Mapping[str, Closed], first: str) -> None:
    """What the vehicles take from the market must be one thing.

    Raises
    ------
    UserError : another clock of default, other draws of the contract, other failures or casualties, a price
        floor in another proportion.
    """
    common, grid = closed[first].terms.market, vehicles[first].grid
    for name, scenario in vehicles.items():
        own = closed[name].terms.market
        if scenario.credit.clock == "cod" and scenario.grid.construction != grid.construction:
            raise differs(
                name,
                "grid.construction",
                'the default curve counts from COD, which must be one then; set credit.clock = "closing"',
            )
        if scenario.grid.periods_per_year != grid.periods_per_year:
            raise differs(name, "grid.periods_per_year", "all vehicles of a programme share one time grid")
        if not same_draws(own.contract, common.contract):
            raise differs(
                name,
                "lease",
                "guarantor, early termination and chances of outcomes are drawn once for the lessee, and "
                "must be those of every vehicle",
            )
        if closed[name].terms.deal.assets.fleet.active and not same_draws(own.failures, common.failures):
            raise differs(
                name,
                "fleet",
                "failures and casualties come from one market, and must be as frequent in every vehicle that "
                f"has any as in {first}",
            )
        cost, base = price_of_new_unit(scenario), price_of_new_unit(vehicles[first])
        if scenario.gpu_price.scrap_value > 0 and cost != base:
            raise differs(
                name, "fleet", "with a scrap value, units of all vehicles must cost the same; set it to 0 USD"
            )


def check_sharing(programme: Scenario, closed: Mapping[str, Closed]) -> None:
    """Cash that may go to another vehicle must not be split among classes of equity before.

    Raises
    ------
    UserError : a vehicle with this mark has classes of equity; no other vehicle has the mark.
    """
    marked = [name for name in closed if programme.spv[name].cross_collateral]
    for name in marked:
        key = f"spv.{name}.cross_collateral"
        if closed[name].classes:
            why = (
                "a vehicle that shares its cash has one class of equity; leave out capital.equity or the mark"
            )
            raise UserError(Problem("sharing", f"{key}: {why}", key=key))
        if len(marked) == 1:
            why = "no other vehicle has this mark, so that there is nobody to share with; set it there too"
            raise UserError(Problem("sharing", f"{key}: {why}", key=key))


def same_draws(own: object, common: object) -> bool:
    """Whether two sets of clocks are the same as far as both reach."""
    if isinstance(own, tuple) and isinstance(common, tuple):
        return all(same_draws(a, b) for a, b in zip(own, common, strict=True))
    if isinstance(own, np.ndarray) and isinstance(common, np.ndarray):
        if not (own.size and common.size):
            return own.size == common.size
        reach = min(len(own), len(common))
        return bool(np.array_equal(own[:reach], common[:reach]))
    return own == common


def differs(name: str, table: str, why: str) -> UserError:
    """A vehicle that asks its own thing of what all share."""
    key = f"spv.{name}.{table}"
    return UserError(Problem("one-market", f"{key}: {why}", key=key))
