"""The `lease.residual_value_guarantee` table: who makes good a low price when the lease expires."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Money, Rate, Share
from spv_sim.scenario.table import Table, setting


class ResidualValueGuarantee(Table):
    """A promise that a returned unit is worth an amount."""

    amount: Money = setting(
        "Guaranteed value",
        "Value of one unit at the end of its lease that the guarantor makes good.",
        gt=0,
        examples=("5,200 USD",),
        also=("value", "guaranteed_value"),
    )
    coverage: Share = setting(
        "Coverage", "Share of the shortfall that the guarantor pays.", default=1.0, examples=("90 %",)
    )
    cap: Money | None = setting(
        "Cap",
        "Most that the guarantor pays for the whole fleet; each unit has its equal part of it.",
        default=None,
        ge=0,
        examples=("500 m USD",),
    )
    on_default: bool = setting(
        "Covers a forced sale",
        "Whether the guarantor also makes good the price of a forced sale before the end of the lease.",
        default=False,
    )
    guarantor: Literal["third_party", "vendor", "lessee"] = setting(
        "Guarantor",
        "Who guarantees. A guarantee of the lessee itself is worth nothing after its default.",
        default="third_party",
    )
    hazard: Rate = setting(
        "Guarantor's default hazard",
        "Yearly hazard at which the guarantor fails, independent of the lessee, from closing on; a guarantor "
        "that has failed pays nothing.",
        default=0.0,
        ge=0,
        examples=("2 %/year",),
    )
