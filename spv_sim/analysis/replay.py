"""Replays one path from its address: every cash flow, month by month, and what the path left behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.close import Closed
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import LANES, ledgers, run_chunk

Array = NDArray[np.float64]

CONTRACT_CASH = ("purchase", "termination", "guarantee", "deposit")
"""Cash that only some contracts bring."""


@dataclass(frozen=True)
class Replay:
    """A path in full.

    columns : what the path left, by column name.
    months : (n,) float64 by name, from completion (rent in advance) or the month after it, to the last month.
    series : (months + 1,) float64 by name, from closing.
    """

    path: int
    seed: int
    columns: dict[str, float]
    months: dict[str, Array]
    series: dict[str, Array]


def replay_path(closed: Closed, path: int, seed: int, lanes: int = LANES) -> Replay:
    """Run one path again with its flows kept; equal, bit for bit, to the same path of any run."""
    chunk = run_chunk(closed.terms, seed, path, 1, lanes)
    rows = {name: values[:, 0] for name, values in ledgers(closed.terms, seed, path, 1, lanes).items()}
    columns = dict(zip(column_names(closed.tranche), (float(v) for v in chunk.columns[:, 0]), strict=True))
    return Replay(path, seed, columns, ledger_months(closed, rows), series(closed, rows))


def ledger_months(closed: Closed, rows: dict[str, Array]) -> dict[str, Array]:
    """The ledger under the names of the reference deals (model R12), with the engine's further columns."""
    deal = closed.terms.deal
    k = np.arange(deal.completion + 1, deal.last_month + 1)
    row = {name: values[deal.completion + 1 :] for name, values in rows.items()}
    received = ("rent", "merchant", "claim", "sale", *CONTRACT_CASH, "account_interest")
    cash_in = np.sum([row[name] for name in received], axis=0)
    months = {
        "k": k.astype(float),
        "price": row["price"],
        "lease_rate": row["lease_rate"],
        "lessee_defaulted": (row["default_month"] <= k).astype(float),
        "rent": row["rent"] + row["merchant"],
        "sale": row["sale"],
        **{name: row[name] for name in CONTRACT_CASH},
        "claim": row["claim"],
        "account_interest": row["account_interest"],
        "inflow": cash_in,
        "costs_due": row["costs_due"],
        "costs_paid": row["costs_paid"],
        "int_due": row["int_due"],
        "int_arrears_due": row["int_arrears_due"],
        "int_paid": row["int_paid"],
        "prin_due": row["prin_due"],
        "prin_paid": row["prin_paid"],
        "cfads": row["cfads"],
        "debt_service": row["debt_service"],
        "dscr": row["dscr"],
        "locked": row["locked"],
        "eod": (row["event_of_default_month"] <= k).astype(float),
        "dist": row["dist"],
        "revenue": row["revenue"],
        "trap": row["trap"],
        "dsra": row["dsra"],
        "D": row["D"],
        "cost_arrears": row["cost_arrears"],
        "interest_arrears": row["interest_arrears"],
        "principal_arrears": row["principal_arrears"],
    }
    return months if closed.scenario.lease.timing == "arrears" else with_completion(closed, months)


def with_completion(closed: Closed, months: dict[str, Array]) -> dict[str, Array]:
    """The months with that of completion before them, in which rent in advance arrives (model R6)."""
    deal = closed.terms.deal
    rent = float(deal.assets.lease.rent_payable[deal.completion])
    known = {
        "k": float(deal.completion),
        "rent": rent,
        "inflow": rent,
        "costs_due": float(deal.assets.opex_performing[deal.completion]),
        "costs_paid": float(deal.assets.opex_performing[deal.completion]) - deal.opening_cost_arrears,
        "trap": deal.opening_trap,
        "dsra": deal.opening_dsra,
        "D": deal.tranche.commitment,
        "cost_arrears": deal.opening_cost_arrears,
        "price": np.nan,
        "lease_rate": np.nan,
        "dscr": np.nan,
    }
    return {name: np.concatenate(([known.get(name, 0.0)], values)) for name, values in months.items()}


def series(closed: Closed, rows: dict[str, Array]) -> dict[str, Array]:
    """Flows from closing to the last month, and what was known at closing."""
    deal, table = closed.terms.deal, closed.table
    ledger = slice(deal.completion + 1, None)
    equity, senior = deal.equity.net_flow.copy(), deal.lender_flow.copy()
    equity[ledger] = rows["dist"][ledger]
    senior[ledger] = rows["int_paid"][ledger] + rows["prin_paid"][ledger]
    return {
        "equity_cf": equity,
        "senior_cf": senior,
        "sched_principal": closed.debt.principal,
        "sched_ds": closed.debt.debt_service,
        "uses": table.uses,
        "draws": table.draws,
        "equity_draws": table.equity,
    }
