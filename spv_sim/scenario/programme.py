"""The `spv` tables: several vehicles of one lessee in one programme, each changing what all share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import WithJsonSchema

from spv_sim.scenario.table import Table, setting

Own = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
"""Settings of a table as the file nests them; they are read with the vehicle's deal."""


def own(title: str, of: str) -> Own:
    """A table of the vehicle's own settings."""
    made: Own = setting(
        title,
        f"What this vehicle changes in the table {of}, written as there; the rest is the programme's.",
        make=dict,
    )
    return made


class Spv(Table):
    """One vehicle of a programme."""

    extends: str | None = setting(
        "File",
        "Scenario file of one deal, relative to this file: the vehicle is its deal, on the market of the "
        "programme. Its tables grid, fleet, lease, workout, opex, accounts, capital and waterfall stand in "
        "place of the programme's, and what is said here goes on top.",
        default=None,
        examples=("valor-1.toml",),
        also=("file", "parent"),
    )
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
    grid: Own = own("Time grid", "grid")
    fleet: Own = own("Fleet", "fleet")
    lease: Own = own("Lease", "lease")
    workout: Own = own("Workout", "workout")
    opex: Own = own("Operating cost", "opex")
    accounts: Own = own("Accounts", "accounts")
    capital: Own = own("Capital", "capital")
    waterfall: Own = own("Priority of payments", "waterfall")


SHARED = ("extends", "cross_default", "cross_collateral")
"""Settings of a vehicle that do not belong to the deal."""

OWN = tuple(name for name in Spv.model_fields if name not in SHARED)
"""Tables that a vehicle may have of its own; all others are of the market, and one for all vehicles."""

TOLD = ("name", "description")
"""Settings of the table deal that a vehicle takes from the file that it extends."""
