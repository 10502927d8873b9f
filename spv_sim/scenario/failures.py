"""The `fleet.failures` table: how often units fail, and who replaces them from what."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Count, Duration, Money, Months, Number, Rate, Share
from spv_sim.scenario.table import Table, setting

LONGEST_LAG = 24


class Bathtub(Table):
    """Failures by age: early ones, a constant rate, and wear."""

    early_shape: Number = setting(
        "Shape of early failures",
        "Weibull exponent of the failures that become rarer with age.",
        gt=0,
        lt=1,
        examples=("0.5",),
    )
    early_scale: Duration = setting(
        "Scale of early failures",
        "Age at which early failures alone would leave 37 % of the units.",
        gt=0,
        le=1_000_000,
        examples=("400 years",),
    )
    constant_rate: Rate = setting(
        "Constant rate", "Failure rate at every age.", default=0.0, ge=0, le=100, examples=("2 %/year",)
    )
    wear_shape: Number = setting(
        "Shape of wear",
        "Weibull exponent of the failures that become more frequent with age.",
        gt=1,
        le=100,
        examples=("3",),
    )
    wear_scale: Duration = setting(
        "Scale of wear",
        "Age at which wear alone would leave 37 % of the units.",
        gt=0,
        le=1_000_000,
        examples=("9 years",),
    )


class Failures(Table):
    """How units fail and are replaced. One of annual_rate and bathtub says how often."""

    annual_rate: Rate | None = setting(
        "Annual failure rate",
        "Share of the units that fail in a year, at every age. One of annual_rate, bathtub.",
        default=None,
        ge=0,
        lt=1,
        examples=("5 %/year",),
        also=("afr", "failure_rate", "annual_failure_rate"),
    )
    bathtub: Bathtub | None = setting(
        "Bathtub curve",
        "Failures by age of the batch. One of annual_rate, bathtub.",
        default=None,
        also=("weibull", "curve"),
    )
    common_variance: Number = setting(
        "Common variance",
        "Variance of a monthly factor of mean 1 on the failure rate of all units: cooling, firmware.",
        default=0.0,
        ge=0,
        le=100,
        examples=("0.5",),
        also=("common_var", "overdispersion"),
    )
    warranty: Months = setting(
        "Warranty",
        "Age of a batch up to which failed units are replaced free.",
        default=0,
        ge=0,
        le=240,
        examples=("1 year",),
    )
    replacement_lag: Months = setting(
        "Replacement lag",
        "Months until a unit that the warranty or the lessee replaces works again.",
        default=1,
        ge=0,
        le=LONGEST_LAG,
        examples=("1 month",),
    )
    spares: Count | None = setting(
        "Spares",
        "Units in stock that replace failures which the vehicle bears: bought when it begins to bear them, "
        "reordered as they are used. Without spares such units are lost. Excludes service_level.",
        default=None,
        ge=0,
        le=10**9,
        examples=("250",),
    )
    service_level: Share | None = setting(
        "Service level",
        "Sizes the spares: probability that they meet all failures of the delivery time of new ones. "
        "Excludes spares.",
        default=None,
        gt=0,
        lt=1,
        examples=("99 %",),
    )
    spare_lag: Months = setting(
        "Delivery of spares",
        "Months from the order of a spare to its delivery and payment.",
        default=1,
        ge=1,
        le=LONGEST_LAG,
        examples=("3 months",),
        also=("restock_lag", "lead_time"),
    )
    spare_cost: Money | None = setting(
        "Cost of a spare",
        "Price of a spare, as of an H100-equivalent; silent: that of a new unit, as gpu_price.new_price.",
        default=None,
        gt=0,
        examples=("35,000 USD",),
    )
    return_condition: Literal["contract_count", "stipulated_loss"] = setting(
        "Return condition",
        "Whether the lessee of a triple-net lease replaces what fails, so that the contract's number comes "
        "back (contract_count), or pays missing_value for each unit missing at the end (stipulated_loss).",
        default="contract_count",
    )
    missing_value: Money | None = setting(
        "Stipulated loss of a missing unit",
        "What the lessee pays for a unit, as of an H100-equivalent, that it cannot return; only with the "
        "stipulated loss.",
        default=None,
        gt=0,
        examples=("20,000 USD",),
        also=("return_slv", "return_value"),
    )

    @property
    def idle(self) -> tuple[str, ...]:
        """What is said of spares where none are kept."""
        return () if self.spares or self.service_level is not None else ("spare_lag", "spare_cost")
