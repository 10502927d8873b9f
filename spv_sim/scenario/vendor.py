"""The `vendor` table: what the seller of the hardware earns on it, for its own view of the deal."""

from __future__ import annotations

from spv_sim.scenario.quantities import Share
from spv_sim.scenario.table import Table, setting


class Vendor(Table):
    """The seller of the hardware, which may invest in the vehicle that buys from it."""

    gross_margin: Share = setting(
        "Gross margin",
        "Share of its revenue that the seller keeps after its own cost of the hardware.",
        le=1,
        examples=("70 %",),
        also=("margin",),
    )
    revenue_share: Share = setting(
        "Share of the hardware cost",
        "Share of the vehicle's hardware cost that is the seller's revenue; the rest goes to others.",
        default=1.0,
        gt=0,
        examples=("80 %",),
        also=("content_share",),
    )
