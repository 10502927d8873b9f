"""Some paths of a closed deal as their ledger and columns tell them, with sums that tests ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.replay import CONTRACT_CASH
from spv_sim.closing.close import Closed
from spv_sim.closing.programme import ClosedProgramme
from spv_sim.closing.tranche_closing import TrancheClosing
from spv_sim.engine.cpu import LANES, ledgers, programme_ledgers, run_chunk
from spv_sim.engine.layout import lay_out
from spv_sim.scenario.capital import Tranche
from spv_sim.spv.book import CASH, DSRA, MAINTENANCE, TRAP, WORKING_CAPITAL
from spv_sim.spv.lessee_default import REJECTED

Array = NDArray[np.float64]

OUTSIDE = ("rent", "merchant", "claim", "sale", *CONTRACT_CASH, "account_interest", "letters_drawn")
INFLOWS = (*OUTSIDE, "equity_cure", "shared_in")
"""Rows that come in, from others than the vehicle's own shareholders and from all."""
ACCOUNTS = {
    "revenue": CASH,
    "trap": TRAP,
    "dsra": DSRA,
    "maintenance": MAINTENANCE,
    "working_capital": WORKING_CAPITAL,
}
"""Row of the ledger -> cell of the opening book."""


TO_LENDERS = ("interest_paid", "principal_paid", "prepaid", "premium_paid")
TO_OTHERS = ("letter_repaid", "fees_paid", "hedge_paid", "termination_paid")
"""Rows of a tranche that are paid to its lenders, and to bank, agent and hedging bank."""


@dataclass(frozen=True)
class Paths:
    """Some paths of a closed deal: (months after completion, paths) by name of the ledger, and columns.

    flows : (months after completion,) float64 by investor, summed over the paths [USD].
    """

    closed: Closed
    ledger: dict[str, Array]
    columns: dict[str, Array]
    flows: dict[str, Array]

    @property
    def uses(self) -> float:
        """Total uses [USD]."""
        return float(self.closed.table.uses.sum())

    @property
    def tranches(self) -> tuple[TrancheClosing, ...]:
        """The tranches as closed."""
        return self.closed.capital.tranches

    @property
    def loans(self) -> tuple[tuple[str, float], ...]:
        """Name and face at closing of every tranche, and of a loan that may repay one [USD]."""
        lent = tuple((of.name, of.commitment) for of in self.tranches)
        return (*lent, *((name, 0.0) for name in self.closed.loans[len(lent) :]))

    def of(self, loan: str, name: str) -> Array:
        """A loan's row of the ledger."""
        return self.ledger[f"{loan}.{name}"]

    def terms_of(self, loan: str) -> Tranche:
        """What the scenario says of a loan; a new one takes over what it does not say of its own."""
        said = self.closed.scenario.capital.tranche
        return said[loan] if loan in said else next(of for of in said.values() if of.refinance)

    def total(self, *names: str) -> Array:
        """Sum of rows by month and path [USD]."""
        return np.sum([self.ledger[name] for name in names], axis=0)

    def opened(self, opening: float, closing: Array) -> Array:
        """A balance at the start of each month [USD]."""
        return np.concatenate([np.full((1, closing.shape[1]), opening), closing[:-1]])

    @cached_property
    def outcome(self) -> Array:
        """What a default on the lease led to, by path; 0 without one on a lease in force."""
        return self.ledger["outcome"][-1]

    @cached_property
    def rejected_in(self) -> Array:
        """Month in which the lease is rejected, by path."""
        return np.where(self.outcome == REJECTED, self.ledger["default_month"][-1], np.inf)

    def rise(self, account: str) -> Array:
        """What an account gains in each month [USD]."""
        opening = float(self.closed.terms.deal.opening[ACCOUNTS[account]])
        return self.ledger[account] - self.opened(opening, self.ledger[account])

    @cached_property
    def months(self) -> Array:
        """The months, as a column."""
        first = self.closed.scenario.grid.construction + 1
        return np.arange(first, first + len(self.ledger["rent"]))[:, None]

    @cached_property
    def on_date(self) -> NDArray[np.bool_]:
        """Whether each month is a payment date, as a column."""
        return self.closed.terms.deal.pays[self.months]

    @cached_property
    def in_default(self) -> NDArray[np.bool_]:
        """Where the debt is in an event of default."""
        return self.ledger["event_of_default_month"] <= self.months

    @cached_property
    def paid(self) -> Array:
        """What leaves the accounts by month; a new loan pays itself to the old lender [USD]."""
        return (
            self.total("costs_paid", "dist", "shared_out")
            + self.of_all(*TO_LENDERS)
            + self.of_all(*TO_OTHERS)
        )

    @cached_property
    def inflow(self) -> Array:
        """What comes into the accounts by month, or from the shareholders to a lender [USD]."""
        return self.total(*INFLOWS) + self.of_all("hedge_received")

    def of_all(self, *names: str) -> Array:
        """Sum of rows of all loans by month and path [USD]."""
        return np.sum([self.of(loan, name) for loan, _ in self.loans for name in names], axis=0)

    @cached_property
    def owed(self) -> Array:
        """All debt and interest arrears after each month [USD]."""
        rows = [self.of(loan, name) for loan, _ in self.loans for name in ("debt", "interest_arrears")]
        return np.sum(rows, axis=0)


def run_paths(closed: Closed, count: int, lanes: int = LANES) -> Paths:
    """The first paths of a deal."""
    seed = closed.scenario.monte_carlo.seed
    rows = ledgers(closed.terms, closed.ledger_rows, seed, 0, count, lanes)
    chunk = run_chunk(closed.terms, seed, 0, count, lanes)
    return paths_of(closed, rows, chunk.columns, chunk.flow_sums)


def run_vehicles(programme: ClosedProgramme, seed: int, count: int, lanes: int = LANES) -> dict[str, Paths]:
    """The first paths of every vehicle of a programme, by name."""
    names = [closed.ledger_rows for closed in programme.vehicles.values()]
    rows = programme_ledgers(programme.terms, names, seed, 0, count, lanes)
    chunk, layout = run_chunk(programme.terms, seed, 0, count, lanes), lay_out(programme.terms.deals)
    found = {}
    for d, (name, closed) in enumerate(programme.vehicles.items()):
        columns = chunk.columns[layout.columns[d] : layout.columns[d + 1]]
        flows = chunk.flow_sums[:, layout.investors[d] : layout.investors[d + 1]]
        found[name] = paths_of(closed, rows[d], columns, flows)
    return found


def paths_of(closed: Closed, rows: dict[str, Array], columns: Array, flow_sums: Array) -> Paths:
    """Paths of a deal, of its (months + 1, paths) rows, its (n_columns, paths) columns and its flows.

    `flow_sums` are (blocks, investors, at least months + 1, slots).
    """
    months = slice(closed.scenario.grid.construction + 1, closed.terms.deal.last_month + 1)
    after = {name: values[months] for name, values in rows.items()}
    flows = dict(zip(closed.investors, flow_sums.sum(axis=(0, 3))[:, months], strict=True))
    return Paths(closed, after, dict(zip(closed.columns, columns, strict=True)), flows)
