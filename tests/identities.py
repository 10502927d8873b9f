"""The identities of model 9.4, told from the ledger and the columns of some paths, one function each.

Each says how far the worst path is off: amounts as a share of the total uses, so that 1e-9 counts as nothing
(model 0.7). None of them looks at how the engine judges itself.
"""

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
EXACT = 1e-9
"""Share of the total uses that counts as nothing (model 0.7, 9.4)."""

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


def largest(values: Array | float) -> float:
    """The largest of some residuals; infinite where one is not a number."""
    worst = np.max(values, initial=0.0)
    return float(worst) if np.isfinite(worst) else float("inf")


def sources_are_uses(paths: Paths) -> float:
    """I1: each month up to completion equity and net debt pay the uses, and the draws are the commitment."""
    table, scenario = paths.closed.table, paths.closed.scenario
    hardware = np.zeros(scenario.grid.construction + 1)
    for batch in scenario.fleet.batch.values():
        cost = batch.units * batch.unit_cost
        hardware[max(batch.delivery - batch.deposit_lead, 0)] += batch.deposit * cost
        hardware[batch.delivery] += (1 - batch.deposit) * cost
    hardware[0] += scenario.capital.other_costs
    spent = hardware + table.upfront_fee + table.interest + table.commitment_fee + table.reserve
    spent = spent + table.hedge_premium
    spent[-1] += table.working_capital
    gaps = [np.abs(table.equity + table.net_proceeds - table.uses), -table.equity, table.uses - spent]
    gaps += [np.abs([t.draws.sum() - t.commitment for t in paths.tranches]), -table.draws]
    return max(largest(gap) for gap in gaps) / paths.uses


def dollars_in_are_dollars_out(paths: Paths) -> float:
    """I2: each month's inflow is paid or kept in an account, and nothing is kept after the last month."""
    kept = np.sum([paths.rise(name) for name in ACCOUNTS], axis=0)
    left = np.abs(paths.total(*ACCOUNTS)[-1])
    return max(largest(np.abs(paths.inflow - paths.paid - kept)), largest(left)) / paths.uses


def accounts_hold_something(paths: Paths) -> float:
    """I3: no account is overdrawn, and only its own step of the priority fills one."""
    worst = max(largest(-paths.ledger[name]) for name in ACCOUNTS)
    filled = paths.rise("dsra") - paths.ledger["reserve_topped_up"]
    kept = paths.rise("maintenance") - paths.ledger["maintenance_put_in"]
    trapped = np.where(paths.on_date, 0.0, paths.rise("trap"))
    return max(worst, *(largest(gain) for gain in (filled, kept, trapped))) / paths.uses


def coupon_of(paths: Paths, number: int) -> Array:
    """What a tranche bears on each date, without a margin for default [1]."""
    loan, _ = paths.loans[number]
    coupon = paths.terms_of(loan).coupon if number < len(paths.tranches) else None
    accrual = paths.closed.terms.deal.tranche.interest.accrual[number][paths.months]
    bears = paths.of(loan, "coupon") if coupon is None else coupon
    return np.where(paths.on_date, bears * accrual, 0.0)


def grows_by(paths: Paths, number: int) -> Array:
    """Interest that the schedule of a sculpted tranche adds to its debt instead of asking for it [USD].

    While the debt performs, up to its maturity, and no more than the interest of the date.
    """
    if number >= len(paths.tranches):
        return np.zeros_like(paths.ledger["dist"])
    tranche = paths.tranches[number]
    asked = -np.minimum(tranche.scheduled_principal[paths.months], 0.0)
    debt = paths.opened(tranche.commitment, paths.of(tranche.name, "debt"))
    scheduled = ~paths.in_default & (paths.months < min(tranche.maturity, int(paths.months[-1, 0])))
    return np.where(scheduled, np.minimum(asked, debt * coupon_of(paths, number)), 0.0)


def debt_rolls_forward(paths: Paths) -> float:
    """I4: debt = debt before + interest paid in kind - principal, up to dust, and never below nothing."""
    worst = 0.0
    for number, (loan, face) in enumerate(paths.loans):
        debt = paths.of(loan, "debt")
        in_kind = grows_by(paths, number)
        if paths.terms_of(loan).pik:
            unpaid = paths.of(loan, "interest_due") - paths.of(loan, "interest_paid")
            in_kind = in_kind + np.maximum(unpaid, 0.0)
        repaid = paths.of(loan, "principal_paid") + paths.of(loan, "prepaid")
        gap = debt - paths.opened(face, debt) - in_kind + repaid
        worst = max(worst, largest(np.abs(gap)), largest(-debt))
    return worst / paths.uses


def asked_for(paths: Paths, number: int, interest: Array) -> Array:
    """Interest as it falls due: of a tranche that pays on some dates alone, with what went before [USD].

    Between its dates it asks for it where all its principal is due too.
    """
    loan, face = paths.loans[number]
    every = paths.terms_of(loan).payment_every
    if every == paths.closed.terms.deal.payment_every:
        return interest
    own = paths.tranches[number].pays[paths.months]
    called = paths.of(loan, "principal_due") >= paths.opened(face, paths.of(loan, "debt"))
    asked, held = np.zeros_like(interest), np.zeros_like(interest[0])
    for month in range(len(interest)):
        held = held + interest[month]
        at_once = called[month] | paths.in_default[month] | own[month] | (month == len(interest) - 1)
        asked[month] = np.where(at_once, held, 0.0)
        held = held - asked[month]
    return asked


def interest_is_paid_or_owed(paths: Paths) -> float:
    """I5: interest on the debt and on arrears is paid, in arrears or added to the debt."""
    worst = 0.0
    for number, (tranche, face) in enumerate(paths.loans):
        terms = paths.terms_of(tranche)
        accrual = paths.closed.terms.deal.tranche.interest.accrual[number][paths.months]
        bare = coupon_of(paths, number)
        rate = bare + np.where(paths.in_default, terms.default_margin * accrual, 0.0)
        debt = paths.opened(face, paths.of(tranche, "debt"))
        arrears = paths.of(tranche, "interest_arrears")
        before = paths.opened(0.0, arrears)
        late = bare * before if terms.interest_on_arrears == "coupon" else 0.0
        due, paid = paths.of(tranche, "interest_due"), paths.of(tranche, "interest_paid")
        unpaid = np.zeros_like(due) if terms.pik else np.maximum(due - paid, 0.0)
        owed = np.where(paths.on_date, unpaid, before)
        current = asked_for(paths, number, np.where(paths.on_date, debt * rate, 0.0))
        accrued = np.where(paths.on_date, current + before + late, 0.0) - grows_by(paths, number)
        gaps = [np.abs(due - accrued), np.abs(arrears - owed), paid - due]
        worst = max(worst, *(largest(gap) for gap in gaps))
    return worst / paths.uses


def losses_are_what_is_unpaid(paths: Paths) -> float:
    """I6: a tranche's loss is its unpaid principal and arrears, and all losses are claims less payments."""
    lost = drawn = accrued = received = 0.0
    worst = 0.0
    for number, (tranche, face) in enumerate(paths.loans):
        loss = paths.columns[f"{tranche}.loss"]
        owed = paths.of(tranche, "debt")[-1] + paths.of(tranche, "interest_arrears")[-1]
        worst = max(worst, largest(np.abs(loss - owed)))
        arrears = paths.opened(0.0, paths.of(tranche, "interest_arrears"))
        new = np.where(paths.on_date, paths.of(tranche, "interest_due") - arrears, 0.0)
        new = new + grows_by(paths, number)
        lost, drawn, accrued = lost + loss, drawn + face, accrued + new.sum(axis=0)
        for name in ("interest_paid", "principal_paid", "prepaid"):
            received = received + paths.of(tranche, name).sum(axis=0)
    gap = np.abs(lost - np.maximum(drawn + accrued - received, 0.0))
    return max(worst, largest(gap) / len(paths.months)) / paths.uses


def equity_waits_for_the_tests(paths: Paths) -> float:
    """I7: a distribution needs a passed test, no debt or the last date; after default, no debt."""
    dist, repaid = paths.ledger["dist"], paths.owed <= 2 * len(paths.loans) * EXACT * paths.uses
    last = paths.months == paths.months[-1]
    allowed = repaid | ((paths.ledger["locked"] == 0) & ~paths.in_default)
    locked_out = (paths.ledger["locked"] > 0) & ~last
    worst = max(largest(dist[~(allowed | last)]), largest(dist[locked_out]))
    return max(worst, largest(dist[paths.in_default & ~repaid])) / paths.uses
