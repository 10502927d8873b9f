"""What paths leave behind against their ledgers, which a run of their own writes; see `tests.identities`."""

from __future__ import annotations

import numpy as np

from tests.identities import largest
from tests.paths import TO_LENDERS, Paths


def flows_are_in_the_ledger(paths: Paths) -> float:
    """The sums of what investors get by month are those of the ledger, by path and dollar of the uses."""
    worst, row = 0.0, paths.ledger
    of_row = {"equity": row["dist"] - row["equity_cure"]}
    for loan, _ in paths.loans:
        of_row[loan] = np.sum([paths.of(loan, name) for name in TO_LENDERS], axis=0)
    of_row |= {name: row[f"{name}.dist"] for name in paths.closed.classes}
    for name, values in of_row.items():
        worst = max(worst, largest(np.abs(paths.flows[name] - values.sum(axis=1))))
    return worst / row["dist"].shape[1] / paths.uses


def columns_are_in_the_ledger(paths: Paths) -> float:
    """The columns of a path are the sums, extremes and months of its ledger, as far as it has them.

    Amounts are told as a share of the total uses, months and ratios as they are.
    """
    row, column, equity = paths.ledger, paths.columns, paths.closed.terms.deal.equity
    months = len(paths.months)
    paid_in = equity.contributed + row["equity_cure"].sum(axis=0)
    received = equity.distributed_at_completion + row["dist"].sum(axis=0)
    sums = {
        "equity.cures": row["equity_cure"].sum(axis=0),
        "spv.claim": row["claim"].sum(axis=0),
        "spv.sale": row["sale"].sum(axis=0),
    }
    gaps = [np.abs(column[name] - total) for name, total in sums.items()]
    gaps.append(np.where(paid_in > 0, np.abs(column["equity.moic"] * paid_in - received), 0.0))
    discount = equity.discount[paths.months]
    value = equity.npv_at_completion + (discount * (row["dist"] - row["equity_cure"])).sum(axis=0)
    gaps.append(np.abs(column["equity.npv"] - value))
    exact = {
        "spv.lock_up_months": row["locked"].sum(axis=0),
        "lessee.default_month": row["default_month"][-1],
        "lessee.outcome": row["outcome"][-1],
    }
    least = np.min(np.where(np.isnan(row["dscr"]), np.inf, row["dscr"]), axis=0)
    exact["spv.min_dscr"] = np.where(np.isinf(least), np.nan, least)
    other = [
        ~((column[name] == values) | (np.isnan(column[name]) & np.isnan(values)))
        for name, values in exact.items()
    ]
    return max(*(largest(gap) / months / paths.uses for gap in gaps), float(np.any(other)))


SUMS = {"flows": flows_are_in_the_ledger, "columns": columns_are_in_the_ledger}
"""What is left of a path against its ledger, by name."""
