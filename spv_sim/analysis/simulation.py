"""A simulation: all paths run, collected and estimated, with the first of them kept month by month."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.breach import refuse_breach
from spv_sim.analysis.replay_completion import completion_books, delivered_share
from spv_sim.closing.close import Closed
from spv_sim.closing.vendor import vendor_margin
from spv_sim.engine.cpu import LANES, ledgers, simulate
from spv_sim.engine.refinancing import NEW_LOAN
from spv_sim.engine.summing import BLOCK
from spv_sim.results.checks import Check, check_breach, check_lost_values, check_survival
from spv_sim.results.collect import Collected, Collector
from spv_sim.results.estimate import Estimate
from spv_sim.results.estimate_all import estimate_all
from spv_sim.results.loss_shares import (
    GUARANTOR_PAID,
    OUTSIDE,
    VENDOR,
    WHOLE_EQUITY,
    stakeholders,
    whole_loss,
)
from spv_sim.results.metrics_default import GUARANTOR, KEYS
from spv_sim.results.variables import DealFacts, VendorStake, variables

if TYPE_CHECKING:
    from spv_sim.analysis.until import Until
    from spv_sim.scenario.credit import Credit
    from spv_sim.scenario.model import Scenario
from spv_sim.spv.book import DEBT, tranche_cell

Array = NDArray[np.float64]

FAN_PATHS = BLOCK

AS_ONE = ("debt", "interest_current", "interest_due", "principal_due", "interest_paid", "principal_paid")
"""Rows of the ledger in which a figure shows a loan and the one that repays it as one."""


@dataclass(frozen=True)
class Simulation:
    """Everything that a run of paths leaves.

    survival : (months + 1,) float64, closed form, probability of no default up to each month [1].
    """

    collected: Collected
    facts: DealFacts
    estimates: dict[str, Estimate]
    checks: list[Check]
    survival: Array

    @property
    def lost_values(self) -> dict[str, Array]:
        """(kept,) loss of each stakeholder, and of the deal as `spv`, on the kept paths [USD]."""
        columns, holders = self.collected.columns, self.facts.stakeholders
        if not holders or not self.collected.kept:
            return {}
        lost = {holder.name: holder.lost_value(columns) for holder in holders}
        return lost | {"spv": whole_loss(columns, holders)}


def deal_facts(closed: Closed, base: Mapping[str, float] | None = None) -> DealFacts:
    """What the estimators must know of the deal; `base`, the columns of its base case, tells its promises."""
    deal, promised = closed.terms.deal, base or {}
    return DealFacts(
        commitments={of.name: of.commitment for of in closed.capital.tranches},
        total_uses=deal.total_uses,
        hurdle=closed.scenario.deal.hurdle,
        months=deal.last_month,
        debt_start=deal.completion,
        promised_yields={name: promised.get(f"{name}.yield", np.nan) for name in closed.tranches},
        classes=closed.classes,
        stakeholders=stakeholders(
            promised,
            closed.tranches,
            shareholders(closed),
            guarantor_of(closed.scenario),
            bank=deal.letters.in_use,
            refinances=deal.refinance.in_use,
        ),
        outside=promised.get(OUTSIDE, np.nan),
        after_default=after_default(closed.scenario.credit),
        vendor=vendor_stake(closed) if promised else None,
        covenants=tuple(closed.scenario.capital.covenant),
        units=float(deal.assets.fleet.units.sum()),
        refinances=deal.refinance.in_use,
    )


def shareholders(closed: Closed) -> Mapping[str, Mapping[str, float]]:
    """Who holds the equity: each class of its own, all classes of the hardware's seller as the vendor."""
    parts: dict[str, dict[str, float]] = {}
    for name in closed.classes:
        vendor = closed.scenario.capital.equity[name].vendor
        parts.setdefault(VENDOR if vendor else name, {})[f"{name}.pv"] = 1.0
    return parts or WHOLE_EQUITY


def vendor_stake(closed: Closed) -> VendorStake | None:
    """What the deal is to the hardware's seller; None where its margin is not known. Source: model 8.4."""
    if closed.scenario.vendor is None:
        return None
    parts = dict(shareholders(closed).get(VENDOR, {}))
    if guarantor_of(closed.scenario) == VENDOR:
        parts[GUARANTOR_PAID] = -1.0
    return VendorStake(vendor_margin(closed), parts)


def guarantor_of(scenario: Scenario) -> str | None:
    """Whose loss the payments of the residual value guarantee are; None without one."""
    promise = scenario.lease.residual_value_guarantee
    if promise is None:
        return None
    return "guarantor" if promise.guarantor == "third_party" else promise.guarantor


def after_default(credit: Credit) -> tuple[str, ...]:
    """Outcomes of a default that may happen, and a guarantor; none where there is only rejection."""
    said = credit.outcome
    happens = tuple(name for name, key in KEYS.items() if key in said.possible)
    guarantor = (GUARANTOR,) if credit.guarantor else ()
    return happens + guarantor if guarantor or happens != ("rejected",) else ()


class Follower:
    """Follows the paths of one deal, chunk by chunk, to its estimates."""

    def __init__(
        self, closed: Closed, paths: int | None, keep: int, base: Mapping[str, float] | None = None
    ) -> None:
        self.closed = closed
        self.facts = deal_facts(closed, base)
        self.names = closed.columns
        self.breach = self.names.index("spv.breach")
        self.collector = Collector(variables(self.facts), keep=keep, paths=paths)

    def take(self, first_path: int, columns: Array, flow_sums: Array) -> None:
        """The next paths.

        Parameters
        ----------
        columns : (n_columns, n_paths) float64.  flow_sums : (blocks, investors, months + 1, slots) [USD].

        Raises
        ------
        IdentityError : where an identity of the cash does not hold on a path.
        """
        refuse_breach(columns[self.breach], first_path)
        flows = {name: flow_sums[:, row] for row, name in enumerate(self.closed.investors)}
        self.collector.add(first_path, dict(zip(self.names, columns, strict=True)), flows)

    def so_far(self, names: Collection[str]) -> dict[str, Estimate]:
        """The named metrics of the paths up to now."""
        return estimate_all(self.collector.so_far(), self.facts, names)

    def finish(self) -> Simulation:
        """What all paths say."""
        collected = self.collector.finish()
        survival = np.exp(-self.closed.terms.market.credit.cumulative_hazard)
        checks = [
            check_breach(collected.sample("spv.breach")),
            *check_survival(collected.sample("lessee.default_month"), survival),
        ]
        if "spv.lost_value_breach" in collected.followed:
            checks.insert(1, check_lost_values(collected.sample("spv.lost_value_breach")))
        return Simulation(collected, self.facts, estimate_all(collected, self.facts), checks, survival)


def run_simulation(
    closed: Closed,
    paths: int,
    seed: int,
    keep: int,
    workers: int | None = None,
    report: Callable[[int], None] = lambda paths: None,
    lanes: int = LANES,
    base: Mapping[str, float] | None = None,
    until: Until | None = None,
) -> Simulation:
    """Run and estimate; `report` hears of the number of paths done, `base` are the columns of the base case.

    With `until` the run ends once that is satisfied, and is then the same as one of so many paths.

    Raises
    ------
    IdentityError : where an identity of the cash does not hold on a path; the first of them ends the run.
    """
    follower = Follower(closed, None if until else paths, keep, base)
    with closing(simulate(closed.terms, paths, seed, workers, lanes=lanes)) as chunks:
        for chunk in chunks:
            follower.take(chunk.first_path, chunk.columns, chunk.flow_sums)
            done = chunk.first_path + chunk.columns.shape[1]
            report(done)
            if until is not None and until.is_enough(done, follower.so_far):
                break
    return follower.finish()


def fan_ledgers(closed: Closed, paths: int, seed: int) -> dict[str, Array]:
    """The ledger of the first paths: (months + 1, at most FAN_PATHS) float64 by name, from completion on."""
    rows = ledgers(closed.terms, closed.ledger_rows, seed, 0, min(paths, FAN_PATHS))
    return with_resale_value(closed, rows)


def with_resale_value(closed: Closed, rows: dict[str, Array]) -> dict[str, Array]:
    """A ledger with completion filled in, the net resale value of the fleet, and a new loan in its place."""
    deal = closed.terms.deal
    filled = {name: np.array(values) for name, values in rows.items()}
    books = completion_books(closed, filled["default_month"][-1])
    for i, of in enumerate(closed.capital.tranches):
        filled[f"{of.name}.debt"][deal.completion] = books[:, tranche_cell(i, DEBT)]
    kept = 1 - deal.assets.workout.sell_cost
    units = deal.assets.lease.units[:, None] * filled["working_share"]
    units = units * delivered_share(closed, filled["default_month"][-1])
    filled["residual"] = kept * units * filled["price"]
    opening = np.exp(closed.terms.market.gpu_price.log_curve[deal.completion])
    if deal.completion == 0:
        filled["residual"][0] = kept * deal.assets.lease.units[0] * opening
    filled["residual"][deal.assets.lease.last_month + 1 :] = np.nan
    return in_place(closed, filled)


def in_place(closed: Closed, rows: dict[str, Array]) -> dict[str, Array]:
    """A ledger in which the loan that refinances a tranche counts with it, as figures of the debt show it."""
    terms = closed.terms.deal.refinance
    if not terms.in_use:
        return rows
    old = closed.tranches[terms.old]
    joined = {
        f"{old}.{name}": np.nan_to_num(rows[f"{old}.{name}"]) + np.nan_to_num(rows[f"{NEW_LOAN}.{name}"])
        for name in AS_ONE
    }
    return rows | joined
