"""The hardware's seller at closing: its margin, and how much of it goes back into the deal."""

from __future__ import annotations

from typing import Any

from spv_sim.closing.close import Closed


def vendor_margin(closed: Closed) -> float:
    """Gross margin on the sale, in present value at the rate that is everybody's [USD]. Source: model 8.4."""
    seller, spent = closed.scenario.vendor, closed.table.hardware
    if seller is None:
        return 0.0
    worth = closed.terms.deal.discount[: len(spent)]
    return float(seller.gross_margin * seller.revenue_share * (spent @ worth))


def vendor_sheet(closed: Closed) -> dict[str, Any]:
    """What the seller earns on the sale and pays in as an investor, in USD, and the share that goes back."""
    seller = closed.scenario.vendor
    if seller is None:
        return {}
    revenue = seller.revenue_share * float(closed.table.hardware.sum())
    invested = sum(float(held.calls.sum()) for held in closed.capital.equity if held.vendor)
    margin = seller.gross_margin * revenue
    return {
        "revenue": revenue,
        "gross_margin": margin,
        "invested": invested,
        "margin_reinvested": invested / margin if margin > 0 else None,
    }
