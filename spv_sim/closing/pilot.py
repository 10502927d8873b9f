"""Cash flow of the deal before its debt is known: the same vehicle, all equity, on paths of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.engine.cpu import ledgers
from spv_sim.engine.ledger import ledger_names
from spv_sim.engine.summing import BLOCK
from spv_sim.engine.terms import Terms
from spv_sim.scenario.accounts import Accounts
from spv_sim.scenario.capital import Capital, Tranche
from spv_sim.scenario.waterfall import Waterfall

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

LEAVING = ("sale", "purchase", "termination", "guarantee")
"""What units bring when they leave the vehicle, by ledger row."""

NO_DEBT = "none"

REACHED = {"p50": 0.50, "p90": 0.90, "p99": 0.99}
"""Probability with which the cash flow of a sizing case is reached, by its name."""

SECTIONS = 16
"""Parts of the pilot set whose own quantiles tell the error of the whole."""


@dataclass(frozen=True)
class Pilot:
    """Simulated cash flow available for debt service of a deal without debt.

    flows : (months + 1, paths) float64 [USD].  seed : of the paths.  completion : month of COD.
    """

    flows: Array
    seed: int
    completion: int

    @property
    def paths(self) -> int:
        """Number of paths."""
        return int(self.flows.shape[1])

    def section(self, number: int) -> Pilot:
        """One of the parts of equal size, in which every path is as likely as in the whole."""
        return Pilot(self.flows[:, number::SECTIONS], self.seed, self.completion)

    def cash_flow(self, case: str, every: int) -> Array:
        """What each debt date reaches, of the cash flow since the one before: (months + 1,) float64 [USD].

        The quantile of each date by itself, the smallest value that at most a share of 1 - p of the paths lie
        below; no path need have them all. Source: model 7.3.
        """
        months = len(self.flows)
        reached = np.zeros(months)
        dates = np.arange(self.completion + every, months, every)
        summed = np.cumsum(self.flows, axis=0)
        between = summed[dates] - summed[dates - every]
        level = 1 - REACHED[case]
        reached[dates] = np.quantile(between, level, axis=1, method="inverted_cdf")
        return reached


def without_debt(scenario: Scenario) -> Scenario:
    """The scenario with nothing borrowed: rent, costs and sale do not depend on who paid for the units."""
    dates = max(scenario.capital.tranche.values(), key=lambda tranche: tranche.payment_every)
    nothing = Tranche.model_validate(
        {
            "coupon": "0 %",
            "commitment": "0 USD",
            "amortisation": "bullet",
            "tenor": f"{dates.tenor} months",
            "payment_every": f"{dates.payment_every} months",
        }
    )
    capital = Capital(tranche={NO_DEBT: nothing}).model_copy(
        update={
            "other_costs": scenario.capital.other_costs,
            "sale_in_cfads": scenario.capital.sale_in_cfads,
        }
    )
    return scenario.model_copy(update={"capital": capital, "accounts": Accounts(), "waterfall": Waterfall()})


def run_pilot(terms: Terms, paths: int, seed: int) -> Pilot:
    """Simulate a deal without debt on its own market, block by block."""
    blocks = [
        rows_of(terms, ("cfads",), seed, first, min(BLOCK, paths - first)) for first in range(0, paths, BLOCK)
    ]
    return Pilot(np.concatenate(blocks, axis=1), seed, terms.deal.completion)


def sale_proceeds(terms: Terms) -> Array:
    """What units bring when they leave, on the one path of a certain market: (months + 1,) float64 [USD]."""
    return rows_of(terms, LEAVING)[:, 0]


def rows_of(
    terms: Terms, names: Sequence[str], seed: int = 0, first_path: int = 0, n_paths: int = 1
) -> Array:
    """Sum of rows of the ledger, zero up to completion: (months + 1, n_paths) float64 [USD]."""
    with np.errstate(invalid="ignore"):  # what nobody has lent has no rate of loss
        rows = ledgers(terms, ledger_names((NO_DEBT,), (), ()), seed, first_path, n_paths)
    return np.nan_to_num(sum((rows[name] for name in names), start=np.zeros(())), nan=0.0)
