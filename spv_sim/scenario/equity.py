"""Classes of equity: their shares, their preference, who holds them, and the promote between them."""

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
        "Kind",
        "Preferred equity takes every distribution until it has its rate and its capital back, and nothing "
        "after that; common equity shares what is left.",
        default="common",
    )
    rate: Rate | None = setting(
        "Preferred rate",
        "Effective annual rate that preferred equity earns before common equity; required with preferred.",
        default=None,
        ge=0,
        examples=("10 %",),
        also=("preferred_return", "coupon", "hurdle"),
    )
    pik: bool = setting(
        "Unpaid return capitalises",
        "Whether preferred return that is not paid on a payment date earns the rate as well (PIK) or only "
        "waits; only with preferred.",
        default=True,
        also=("compounding", "accrues"),
    )
    vendor: bool = setting(
        "Vendor",
        "Whether the seller of the hardware holds this class.",
        default=False,
        also=("is_vendor", "supplier"),
    )

    @property
    def idle(self) -> tuple[str, ...]:
        """Terms of a preference that the class does not have."""
        return ("rate", "pik") if self.kind == "common" else ()


class Promote(Table):
    """The manager's part of the profit of common equity, over the whole life of the deal (European)."""

    hurdle: Rate = setting(
        "Hurdle",
        "Effective annual rate on their capital that common investors have back before any carry is paid.",
        ge=0,
        examples=("8 %",),
        also=("preferred_return",),
    )
    carry: Share = setting(
        "Carry",
        "Share of the profit of common equity that goes to the manager.",
        gt=0,
        lt=1,
        examples=("20 %",),
    )
    catch_up: Share = setting(
        "Catch-up",
        "Share of what is left after the hurdle that the manager takes until it has its carry of all profit; "
        "0 for none, else above the carry.",
        default=1.0,
        examples=("100 %",),
    )
    to: str = setting(
        "Manager",
        "Class of common equity that receives the carry.",
        examples=("sponsor",),
        also=("manager", "general_partner"),
    )
