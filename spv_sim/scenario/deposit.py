"""The `lease.deposit` table: what the lessee leaves as security for its rent."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Months
from spv_sim.scenario.table import Table, setting


class Deposit(Table):
    """Security in months of rent."""

    kind: Literal["cash", "letter_of_credit", "prepaid_last"] = setting(
        "Kind",
        "Cash in a segregated account or a letter of credit, drawn for the claim at a default and else "
        "returned, or the last months' rent paid at COD (prepaid_last).",
    )
    months: Months = setting(
        "Months of rent",
        "Size in months of the first rent (cash, letter_of_credit) or last months paid ahead (prepaid_last).",
        ge=1,
        le=240,
        examples=("3 months",),
    )
