"""Replays one path from its address: every cash flow, month by month, and what the path left behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.replay_completion import with_completion
from spv_sim.closing.close import Closed
from spv_sim.engine.cpu import LANES, ledgers, run_chunk
from spv_sim.engine.ledger import COVENANT_ROWS
from spv_sim.engine.refinancing import NEW_LOAN
from spv_sim.results.metric import COVENANT_PREFIX
from spv_sim.scenario.capital import Tranche
from spv_sim.scenario.grid import MONTHS_A_YEAR
from spv_sim.scenario.waterfall import has_fees

Array = NDArray[np.float64]

CONTRACT_CASH = (
    *("arrears", "support", "purchase", "termination", "missing", "insurance", "guarantee", "deposit"),
)
"""Cash that only some contracts bring."""
TO_LENDER = ("interest_paid", "principal_paid", "prepaid", "premium_paid")

PHASES = (
    "performing",
    "curing",
    "bankrupt",
    "units idle",
    "units let again",
    "units in forced sale",
    "units sold",
)
"""Words for the codes of `spv.lease_phase`; a lease performs again after a cure."""

OF_UNITS = {
    "units": "units",
    "failed": "units_failed",
    "replaced": "units_replaced",
    "lost": "units_lost",
    "destroyed": "units_destroyed",
    "working_share": "working_share",
    "spares": "spares",
}
"""Of units that fail or are destroyed: numbers of the month, share of those held that works, cost of
spares [USD]."""


@dataclass(frozen=True)
class Replay:
    """A path in full.

    columns : what the path left, by column name.
    months : (n,) float64 by name, from completion (rent in advance) or the month after it, to the last month.
    series : (months + 1,) float64 by name, from closing.  On a grid of years, both keep the yearly dates.
    tranches : names of the tranches in order of rank.  classes : names of the classes of equity.
    """

    path: int
    seed: int
    columns: dict[str, float]
    months: dict[str, Array]
    series: dict[str, Array]
    tranches: tuple[str, ...]
    classes: tuple[str, ...] = ()


def replay_path(closed: Closed, path: int, seed: int, lanes: int = LANES) -> Replay:
    """Run one path again with its flows kept; equal, bit for bit, to the same path of any run."""
    chunk = run_chunk(closed.terms, seed, path, 1, lanes)
    kept = ledgers(closed.terms, closed.ledger_rows, seed, path, 1, lanes)
    return tell(closed, path, seed, chunk.columns, chunk.flow_sums[0], kept)


def tell(
    closed: Closed, path: int, seed: int, left: Array, flow_sums: Array, kept: dict[str, Array]
) -> Replay:
    """The replay of a path from what it left.

    Parameters
    ----------
    left : (n_columns, 1) float64.  flow_sums : (investors, months + 1, slots) float64 [USD].
    kept : (months + 1, 1) float64 by name of the ledger's rows.
    """
    rows = {name: values[:, 0] for name, values in kept.items()}
    flows = dict(zip(closed.investors, flow_sums.sum(axis=2), strict=True))
    columns = dict(zip(closed.columns, (float(v) for v in left[:, 0]), strict=True))
    months = ledger_months(closed, rows, flows)
    shown = series(closed, rows, flows) | {f"{name}_cf": flows[name] for name in closed.classes}
    if closed.scenario.grid.periods_per_year == 1:
        months = {name: values[months["k"] % MONTHS_A_YEAR == 0] for name, values in months.items()}
        shown = {name: values[::MONTHS_A_YEAR] for name, values in shown.items()}
    return Replay(path, seed, columns, months, shown, closed.tranches, closed.classes)


def ledger_months(closed: Closed, rows: dict[str, Array], flows: dict[str, Array]) -> dict[str, Array]:
    """The ledger under the names of the reference deals (model R12), with the engine's further columns.

    Debt, interest and principal without a name are those of the tranche that is paid first; where there are
    several, each has its rows under its own name as well, and so has each class of equity. `flows` are those
    of the investors, from closing.
    """
    deal, senior = closed.terms.deal, closed.tranches[0]
    k = np.arange(deal.completion + 1, deal.last_month + 1)
    row = {name: values[deal.completion + 1 :] for name, values in rows.items()}
    received = ("rent", "merchant", "claim", "sale", *CONTRACT_CASH, "account_interest")
    hedges = [row[f"{name}.hedge_received"] for name in closed.tranches]
    cash_in = np.sum([*(row[name] for name in received), *hedges], axis=0)
    months = {
        "k": k.astype(float),
        "price": row["price"],
        "lease_rate": row["lease_rate"],
        "lessee_defaulted": (row["default_month"] <= k).astype(float),
        "lease_phase": row["lease_phase"],
        "outcome": row["outcome"],
        "rent_due": row["rent_due"],
        "rent": row["rent"] + row["merchant"],
        "sale": row["sale"],
        **{name: row[name] for name in CONTRACT_CASH},
        "claim": row["claim"],
        "account_interest": row["account_interest"],
        "inflow": cash_in,
        "costs_due": row["costs_due"],
        "costs_paid": row["costs_paid"],
        "int_due": row[f"{senior}.interest_current"],
        "int_arrears_due": row[f"{senior}.interest_due"] - row[f"{senior}.interest_current"],
        "int_paid": row[f"{senior}.interest_paid"],
        "prin_due": row[f"{senior}.principal_due"],
        "prin_paid": row[f"{senior}.principal_paid"] + row[f"{senior}.prepaid"],
        "cfads": row["cfads"],
        "debt_service": row["debt_service"],
        "dscr": row["dscr"],
        "locked": row["locked"],
        "eod": (row["event_of_default_month"] <= k).astype(float),
        "dist": row["dist"],
        "equity_cure": row["equity_cure"],
        "revenue": row["revenue"],
        "trap": row["trap"],
        "dsra": row["dsra"],
        **(letters(closed, row) if deal.letters.in_use else {}),
        **{name: row[name] for name in ("maintenance", "working_capital") if is_kept(closed, name)},
        "D": row[f"{senior}.debt"],
        "cost_arrears": row["cost_arrears"],
        "interest_arrears": row[f"{senior}.interest_arrears"],
        "principal_arrears": row[f"{senior}.principal_arrears"],
        **floating_rows(closed, row),
        **rows_by_tranche(closed, row),
        **rows_of_new_loan(row),
        **{name: values for name, values in row.items() if name.rpartition(".")[0] in closed.classes},
        **rows_by_covenant(closed, row, k),
        **rows_of_units(closed, row),
    }
    if closed.scenario.lease.timing == "arrears":
        return months
    return with_completion(closed, months, flows, float(rows["default_month"][-1]))


def is_kept(closed: Closed, account: str) -> bool:
    """Whether the deal has an account that most do without."""
    return bool(getattr(closed.scenario.accounts, account))


def letters(closed: Closed, row: dict[str, Array]) -> dict[str, Array]:
    """Letters of credit of all tranches: undrawn, drawn in the month, lent by their banks and paid back."""
    every = {
        name: np.sum([row[f"{tranche}.{name}"] for tranche in closed.tranches], axis=0)
        for name in ("letter_of_credit", "letter_loan", "letter_repaid")
    }
    return {"letter_drawn": row["letters_drawn"], **every}


def rows_by_tranche(closed: Closed, row: dict[str, Array]) -> dict[str, Array]:
    """Ledger rows of several tranches under their own names; Q is what the second is owed.

    Of one tranche alone the rows of what is hedged, charged or prepaid, without its name.
    """
    if len(closed.tranches) > 1:
        own = {name: values for name, values in row.items() if name.rpartition(".")[0] in closed.tranches}
        return {"Q": row[f"{closed.tranches[1]}.debt"], **own}
    (alone,) = closed.tranches
    said = closed.scenario.capital.tranche[alone]
    return {name: row[f"{alone}.{name}"] for name in further_rows(said)}


def further_rows(tranche: Tranche) -> list[str]:
    """Rows of a tranche that only some of them have."""
    rows = ["fees_paid"] if has_fees(tranche) else []
    rows += ["premium_paid"] if tranche.prepayment_premium or tranche.refinance else []
    if tranche.hedge_share > 0:
        rows += ["hedge_received", "hedge_due", "hedge_paid", "termination_due", "termination_paid"]
    return rows


def floating_rows(closed: Closed, row: dict[str, Array]) -> dict[str, Array]:
    """The short rate and the coupon of the first tranche that floats; what hedges bring and are worth."""
    said = closed.scenario.capital.tranche
    found = {}
    for name in reversed(closed.tranches):
        if said[name].base_rate is not None:
            found = {"short_rate": row["short_rate"], "coupon": row[f"{name}.coupon"]}
    hedged = [name for name in closed.tranches if said[name].hedge_share > 0]
    if hedged:
        paid = [row[f"{name}.{what}_paid"] for name in hedged for what in ("hedge", "termination")]
        received = [row[f"{name}.hedge_received"] for name in hedged]
        found["hedge_net"] = np.sum(received, axis=0) - np.sum(paid, axis=0)
        found["swap_value"] = np.sum([row[f"{name}.hedge_value"] for name in hedged], axis=0)
    return found


def rows_of_new_loan(row: dict[str, Array]) -> dict[str, Array]:
    """Ledger rows of a loan that may refinance a tranche; what it lends is a payment below zero."""
    due = ("interest_due", "interest_paid", "principal_due", "principal_paid")
    shown = ("debt", *due, "prepaid", "premium_paid", "interest_arrears", "principal_arrears", "coupon")
    return {f"{NEW_LOAN}.{name}": row[f"{NEW_LOAN}.{name}"] for name in shown if f"{NEW_LOAN}.debt" in row}


def rows_by_covenant(closed: Closed, row: dict[str, Array], months: NDArray[np.int_]) -> dict[str, Array]:
    """What each covenant measures on a payment date, its level, and whether it fails; NaN between dates."""
    found: dict[str, Array] = {}
    for place, name in enumerate(closed.covenants):
        at = f"{COVENANT_PREFIX}{name}"
        level = closed.terms.deal.covenant.level[place, months]
        found |= {f"{at}.{part}": row[f"{at}.{part}"] for part in COVENANT_ROWS}
        found[f"{at}.level"] = np.where(np.isnan(row[f"{at}.fails"]), np.nan, level)
    return found


def rows_of_units(closed: Closed, row: dict[str, Array]) -> dict[str, Array]:
    """Ledger rows of units that fail or are destroyed."""
    if not closed.terms.deal.assets.fleet.active:
        return {}
    left_out = () if closed.terms.deal.assets.fleet.suffers else ("destroyed",)
    return {shown: row[name] for shown, name in OF_UNITS.items() if shown not in left_out}


def series(closed: Closed, rows: dict[str, Array], flows: dict[str, Array]) -> dict[str, Array]:
    """Flows from closing to the last month, and what was known at closing; the first tranche as `senior`."""
    deal, table = closed.terms.deal, closed.table
    after = slice(deal.completion + 1, None)
    equity = flows["equity"].copy()
    equity[after] = rows["dist"][after] - rows["equity_cure"][after]
    found = {"equity_cf": equity, "uses": table.uses, "equity_draws": table.equity}
    for row, of in enumerate(closed.capital.tranches):
        flow = flows[of.name].copy()
        paid = np.sum([rows[f"{of.name}.{name}"] for name in TO_LENDER], axis=0)
        flow[after] = paid[after]
        front = f"{of.name}_" if row else ""
        found |= {
            f"{front or 'senior_'}cf": flow,
            f"{front}sched_principal": of.scheduled_principal,
            f"{front}sched_ds": of.scheduled_debt_service,
            f"{front}draws": of.draws,
        }
    if deal.refinance.in_use:
        found[f"{NEW_LOAN}_cf"] = np.sum([rows[f"{NEW_LOAN}.{name}"] for name in TO_LENDER], axis=0)
    return found
