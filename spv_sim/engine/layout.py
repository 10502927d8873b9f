"""Where each deal of a programme keeps its things, one deal behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from spv_sim.engine.columns import count_columns
from spv_sim.engine.ledger import count_rows
from spv_sim.engine.terms import count_investors
from spv_sim.kernel.records import record_length
from spv_sim.spv.assets import open_assets
from spv_sim.spv.deal import DealTerms


class Layout(NamedTuple):
    """(n + 1,) int64 each: where the things of each deal begin; the last entry is the end of all.

    The flows of the equity of all deals together lie behind those of the deals, where there are several, and
    their columns behind the deals' columns.

    cells : the book, and behind it what is remembered of the assets, of which the cells begin at `assets`.
    flows : months times investors.  investors : equity, tranches and classes of equity.
    columns : what a path leaves.  ledger : its rows times months.
    first_month, last_month : of any deal.  lease_end : last month of any lease, the same of all leases.
    last_stop : last month in which a default stops the draws of any deal; 0 where none does.
    last_contingent : last month in which interest up to completion follows the rates of a path; 0 where none
        does.
    """

    cells: Any
    assets: Any
    flows: Any
    investors: Any
    columns: Any
    ledger: Any
    first_month: int
    last_month: int
    lease_end: int
    last_stop: int
    last_contingent: int


def lay_out(deals: Sequence[DealTerms]) -> Layout:
    """The layout of some deals in their order."""
    books = [len(deal.opening) for deal in deals]
    records = [record_length(open_assets(deal.assets, 0.0)) + 1 for deal in deals]
    investors = [count_investors(deal) for deal in deals]
    flows = [n * (deal.last_month + 1) for n, deal in zip(investors, deals, strict=True)]
    columns = [count_columns(deal) for deal in deals]
    rows = [(deal.last_month + 1) * count_rows(deal) for deal in deals]
    cells = ends([book + record for book, record in zip(books, records, strict=True)])
    return Layout(
        cells=cells,
        assets=cells + np.array([*books, 0]),
        flows=ends(flows),
        investors=ends(investors),
        columns=ends(columns),
        ledger=ends(rows),
        first_month=min(deal.completion for deal in deals),
        last_month=max(deal.last_month for deal in deals),
        lease_end=max(deal.assets.lease.last_month for deal in deals),
        last_stop=max(deal.completion if deal.stop.in_use else 0 for deal in deals),
        last_contingent=max(deal.completion if deal.contingent.in_use else 0 for deal in deals),
    )


def ends(lengths: Sequence[int]) -> Any:
    """Where each of some things begins that lie one behind the other, and the end."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
