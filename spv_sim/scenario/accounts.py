"""The `accounts` table: what the vehicle's accounts earn."""

from __future__ import annotations

from spv_sim.scenario.quantities import Rate
from spv_sim.scenario.table import Table, setting


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
