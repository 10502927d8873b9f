"""The `spv` tables: several vehicles of one lessee in one programme, each changing what all share."""

from __future__ import annotations

from spv_sim.scenario.deal import Overrides
from spv_sim.scenario.table import Table, setting


def own(title: str, of: str) -> Overrides:
    """A table of the vehicle's own settings."""
    made: Overrides = setting(
        title,
        f"What this vehicle changes in the table {of}, written as there; the rest is the programme's.",
        make=dict,
    )
    return made


class Spv(Table):
    """One vehicle of a programme."""

    cross_default: bool = setting(
        "Cross-default",
        "Whether an event of default of any vehicle with this mark is one of this vehicle a month later.",
        default=False,
        also=("cross_defaults",),
    )
    cross_collateral: bool = setting(
        "Cross-collateral",
        "Whether what this vehicle is about to pay its shareholders first cures the senior shortfall of "
        "every other vehicle with this mark that pays in the same month, and theirs its own.",
        default=False,
        also=("cross_collateralised", "cross_collateralized", "cross_collateralisation"),
    )
    grid: Overrides = own("Time grid", "grid")
    fleet: Overrides = own("Fleet", "fleet")
    lease: Overrides = own("Lease", "lease")
    workout: Overrides = own("Workout", "workout")
    opex: Overrides = own("Operating cost", "opex")
    accounts: Overrides = own("Accounts", "accounts")
    capital: Overrides = own("Capital", "capital")
    waterfall: Overrides = own("Priority of payments", "waterfall")


SHARED = ("cross_default", "cross_collateral")
"""Settings of a vehicle that do not belong to the deal."""
