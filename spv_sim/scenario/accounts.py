"""The `accounts` table: what the vehicle's accounts earn, and what it puts aside for its units."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Money, MoneyPerMonth, Months, Rate
from spv_sim.scenario.table import Table, setting


class Maintenance(Table):
    """Reserve filled from the cash flow behind the senior debt, and released when the units are gone."""

    target: Money | None = setting(
        "Target for a unit",
        "What the reserve holds for each unit; silent: whatever the contributions add up to.",
        default=None,
        gt=0,
        examples=("400 USD",),
        also=("per_unit", "balance"),
    )
    contribution: MoneyPerMonth | None = setting(
        "Contribution of a unit",
        "What is put in for each unit at most; silent: all that the cash allows, up to the target. "
        "What a date leaves out is not made up for.",
        default=None,
        gt=0,
        examples=("10 USD/month",),
        also=("per_month", "monthly"),
    )
    pays: Literal["enforcement", "costs"] = setting(
        "Pays for",
        "Costs of a month that the reserve meets before the cash does: those of enforcement, or all.",
        default="enforcement",
        also=("released_for", "covers"),
    )


class Accounts(Table):
    """Accounts of the vehicle."""

    interest_rate: Rate = setting(
        "Account interest",
        "Nominal annual rate that reserve and trap accounts earn, credited monthly.",
        default=0.0,
        gt=-1,
        examples=("3.6 %",),
        also=("interest",),
    )
    working_capital: Months = setting(
        "Working capital reserve",
        "Months of operating cost ahead held in an account that pays costs when the cash is short; paid in "
        "at COD out of debt and equity.",
        default=0,
        ge=0,
        le=60,
        examples=("3 months",),
        also=("wc_reserve", "opex_reserve"),
    )
    maintenance: Maintenance | None = setting(
        "Maintenance reserve",
        "Account for the upkeep of the units; silent: none. It needs a target, a contribution, or both.",
        default=None,
        also=("maintenance_reserve", "upgrade_reserve"),
    )
