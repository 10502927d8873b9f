"""A class of equity: its share, its preference and whether the vendor holds it."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Rate, Share
from spv_sim.scenario.table import Table, setting


class EquityClass(Table):
    """Investors who share in calls and distributions on the same terms."""

    share: Share = setting(
        "Share", "Share of the equity calls; the classes' shares sum to 1.", examples=("75 %",)
    )
    kind: Literal["common", "preferred"] = setting(
        "Kind", "Preferred equity is served before common equity, up to its rate.", default="common"
    )
    rate: Rate | None = setting(
        "Preferred rate",
        "Annual rate that preferred equity earns before common equity; required with preferred.",
        default=None,
        ge=0,
        examples=("10 %",),
        also=("preferred_return", "coupon", "hurdle"),
    )
    vendor: bool = setting(
        "Vendor",
        "Whether the seller of the hardware holds this class.",
        default=False,
        also=("is_vendor", "supplier"),
    )
