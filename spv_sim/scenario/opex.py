"""The `opex` table: what the vehicle itself costs while the lease runs."""

from __future__ import annotations

from spv_sim.scenario.quantities import MoneyPerMonth
from spv_sim.scenario.table import Table, setting


class Opex(Table):
    """Operating costs that the vehicle bears."""

    per_month: MoneyPerMonth = setting(
        "Operating cost",
        "Trustee, administration, insurance and whatever the lease leaves to the vehicle.",
        default=0.0,
        ge=0,
        also=("cost", "monthly"),
    )
