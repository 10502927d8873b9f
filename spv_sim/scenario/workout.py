"""The `workout` table: what happens to the fleet and to the claim after the lessee's default."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Count, Hourly, MoneyPerMonth, Months, Rate, Share
from spv_sim.scenario.table import Table, setting


class Workout(Table):
    """Fleet and claim after a default."""

    mode: Literal["remarket", "liquidate", "best"] = setting(
        "Mode",
        "remarket: let the fleet again at the market rate until the lease would have ended. liquidate: sell "
        "it by force. best: when the downtime ends, what is expected to bring more after costs, by that "
        "month's price and lease rate; a residual value guarantee is left out of the account.",
    )
    choice_rate: Rate | None = setting(
        "Discount rate of the choice",
        "Nominal annual rate, compounded monthly, at which mode best discounts what it compares; silent: "
        "claim_rate.",
        default=None,
        gt=-1,
    )
    downtime: Months = setting(
        "Downtime",
        "Months from the default until the fleet is let again or sold.",
        ge=0,
        le=240,
        examples=("6 months",),
        also=("remarketing_months",),
    )
    enforcement_cost: MoneyPerMonth = setting(
        "Enforcement cost", "Cost of enforcement during the downtime.", default=0.0, ge=0
    )
    utilisation: Share = setting(
        "Utilisation",
        "Share of the hours that are let after the downtime; of those in use where there is [utilisation].",
        default=1.0,
        examples=("75 %",),
        also=("utilization",),
    )
    market_haircut: Share = setting(
        "Haircut on the market rate",
        "Share of the market rate that is lost when the fleet is let again.",
        default=0.0,
        examples=("10 %",),
    )
    merchant_opex: Hourly = setting(
        "Merchant operating cost",
        "Cost of a GPU-hour that the vehicle bears once the lessee is gone.",
        default=0.0,
        ge=0,
        examples=("0.60 USD/GPU-hour",),
    )
    shrinkage: Share = setting(
        "Shrinkage",
        "Share of the units that the vehicle does not get hold of after a default.",
        default=0.0,
        examples=("2 %",),
    )
    liquidation_months: Months = setting(
        "Length of a forced sale",
        "Months over which the units are sold in equal parts, each at its month's price.",
        default=1,
        ge=1,
        le=60,
    )
    market_depth: Count | None = setting(
        "Market depth",
        "Units that the market takes in a month; a forced sale of as many or more costs price_impact.",
        default=None,
        ge=1,
        examples=("50_000",),
    )
    price_impact: Share = setting(
        "Price impact",
        "Share of the price lost where a month's forced sale is as large as market_depth; less below.",
        default=0.0,
        examples=("15 %",),
    )
    claim_recovery: Share = setting(
        "Recovery on the claim",
        "Share of the claim on the lessee that is paid.",
        default=0.0,
        examples=("40 %",),
        also=("recovery", "recovery_rate"),
    )
    claim_recovery_sd: Share = setting(
        "Spread of the recovery",
        "Standard deviation over the paths of that share, which then follows a Beta distribution.",
        default=0.0,
        examples=("20 %",),
    )
    claim_rate: Rate = setting(
        "Claim discount rate", "Nominal annual rate at which the claim discounts lost rents.", gt=-1
    )
    claim_lag: Months = setting(
        "Claim lag",
        "Months from the default until the recovery is paid.",
        ge=0,
        le=240,
        examples=("18 months",),
    )
    claim_mitigation: bool = setting(
        "Mitigation", "Whether expected proceeds of letting or selling again reduce the claim.", default=True
    )
