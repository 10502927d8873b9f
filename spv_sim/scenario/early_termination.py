"""The `lease.early_termination` table: when the lessee may end the lease early, and what that costs it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from spv_sim.scenario.quantities import Money, Months, Rate, Share
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.units import MONTHS, UnitError

LONGEST_TABLE = 600


def _read_time(text: str) -> str:
    if not 0 <= MONTHS.parse(text) <= LONGEST_TABLE:
        raise UnitError("range", f'"{text}" is outside 0 to {LONGEST_TABLE} months')
    return text


class EarlyTermination(Table):
    """The units are sold, and the lessee makes up what that falls short of the stipulated loss value."""

    month: Months | None = setting(
        "Month",
        "Month from closing in which the lessee ends the lease. One of month and hazard.",
        default=None,
        ge=1,
    )
    hazard: Rate | None = setting(
        "Hazard",
        "Yearly hazard of the lessee ending the lease, apart from its default. One of month and hazard.",
        default=None,
        gt=0,
        examples=("3 %/year",),
    )
    first_month: Months = setting(
        "First month",
        "Months from COD before which the lessee may not end the lease; only with hazard.",
        default=0,
        ge=0,
        examples=("24 months",),
    )
    fee: Money = setting("Fee", "Paid beside the stipulated loss value.", default=0.0, ge=0)
    stipulated_loss: dict[Annotated[str, AfterValidator(_read_time)], Share] = setting(
        "Stipulated loss values",
        "Time since COD -> stipulated loss value as a share of the hardware cost, linear in between; without "
        "it, the present value of later rents and the residual at discount_rate.",
        make=dict,
        max_length=LONGEST_TABLE,
        examples=('{ "0 months" = "100 %", "30 months" = "55 %", "60 months" = "10 %" }',),
        also=("slv", "stipulated_loss_value"),
    )
    discount_rate: Rate | None = setting(
        "Discount rate",
        "Nominal annual rate that discounts later rents; without it, the rate implicit in the lease.",
        default=None,
        gt=-1,
    )
    residual: Share = setting(
        "Residual", "Share of the hardware cost that is due at the end beside the rents.", default=0.0
    )

    @property
    def knots(self) -> list[tuple[int, float]]:
        """The stipulated loss values in months since COD and share of cost, in order of time."""
        return sorted((int(MONTHS.parse(text)), share) for text, share in self.stipulated_loss.items())
