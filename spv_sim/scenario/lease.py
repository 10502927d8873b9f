"""The `lease` table: what the lessee pays, when, and where its first payment goes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from spv_sim.scenario.deposit import Deposit
from spv_sim.scenario.early_termination import EarlyTermination
from spv_sim.scenario.end_of_term import EndOfTerm
from spv_sim.scenario.filed_lease import FiledLease
from spv_sim.scenario.guarantee import ResidualValueGuarantee
from spv_sim.scenario.quantities import (
    FirstPayment,
    Hourly,
    MonthlyShare,
    Months,
    Payment,
    Rate,
    Ratio,
    Share,
)
from spv_sim.scenario.rent_index import RentIndex
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.units import MONTHS, UnitError

LONGEST_TERM = 240


def _read_step(text: str) -> str:
    if not 1 <= MONTHS.parse(text) < LONGEST_TERM:
        raise UnitError("range", f'"{text}" is outside 1 to {LONGEST_TERM - 1} months')
    return text


class Holiday(Table):
    """Months in which only part of the rent is due."""

    start: Months = setting(
        "First month", "First month of the holiday, counted from closing; included.", ge=0
    )
    end: Months = setting("Last month", "Last month of the holiday, counted from closing; included.", ge=0)
    paid: Share = setting(
        "Share paid", "Share of the rent that stays due in these months.", examples=("0 %", "50 %")
    )


class Lease(Table):
    """What the lessee pays and when. One of rate, rate_factor, implicit_rate, filed sets the fixed rent."""

    rate: Hourly | None = setting(
        "Lease rate",
        "Contract rent of one GPU for one committed hour; a month has 730 hours. "
        "One of rate, rate_factor, implicit_rate, filed.",
        default=None,
        gt=0,
        also=("rent", "price", "lease_rate", "hourly_rate"),
    )
    rate_factor: MonthlyShare | None = setting(
        "Lease rate factor",
        "Monthly rent as a share of the hardware cost. One of rate, rate_factor, implicit_rate, filed.",
        default=None,
        gt=0,
        also=("lrf",),
    )
    implicit_rate: Rate | None = setting(
        "Rate implicit in the lease",
        "Nominal annual rate at which the level rents and the implicit residual repay the hardware cost. "
        "One of rate, rate_factor, implicit_rate, filed.",
        default=None,
        ge=0,
        also=("yield",),
    )
    implicit_residual: Share = setting(
        "Residual in the implicit rate",
        "Share of the hardware cost that the rents leave unpaid at the end; only with implicit_rate.",
        default=0.0,
        lt=1,
    )
    filed: FiledLease | None = setting(
        "Filed figures",
        "What the lessee files about the lease; one of rate, rate_factor, implicit_rate, filed.",
        default=None,
    )
    escalation: Rate = setting(
        "Escalation",
        "Yearly step of the rent; negative steps down.",
        default=0.0,
        gt=-1,
        examples=("2 %/year",),
    )
    steps: dict[Annotated[str, AfterValidator(_read_step)], Annotated[Ratio, Field(ge=0, le=100)]] = setting(
        "Rent steps",
        "Time since the rent's start -> rent from then on as a multiple of the first; excludes escalation.",
        make=dict,
        max_length=LONGEST_TERM,
        examples=('{ "12 months" = "0.94x", "24 months" = "0.88x" }',),
        also=("step_table", "step_down"),
    )
    term: Months = setting(
        "Lease term",
        "Months in which rent falls due, from the start of the rent.",
        ge=1,
        le=LONGEST_TERM,
        also=("tenor",),
    )
    rent_start: Literal["common", "per_batch"] = setting(
        "Start of the rent",
        "Whether the rent of all batches starts at COD (common), or that of each batch at its delivery and "
        "acceptance, for a term of its own (per_batch).",
        default="common",
    )
    early_rent_to: Literal["trap", "reduces_uses"] = setting(
        "Use of early rent",
        "Whether rent due up to COD is held in the trap account until the first debt date (trap) or set off "
        "against the uses of its month (reduces_uses).",
        default="trap",
        also=("pre_completion_revenue",),
    )
    timing: Literal["advance", "arrears"] = setting(
        "Payment timing",
        "Whether the rent of a period is due at its start (advance) or at its end (arrears).",
        default="arrears",
    )
    payment_every: Months = setting(
        "Payment interval",
        "Months between rent dates: 1 or 3; 12 on a grid of years.",
        default=1,
        examples=("1 month", "3 months"),
    )
    commitment: Share = setting(
        "Committed utilisation",
        "Take-or-pay share of the hours of a month that the lessee pays for, used or not.",
        default=1.0,
        ge=0,
        examples=("95 %",),
        also=("utilisation", "utilization", "take_or_pay", "committed_utilisation"),
    )
    billing: Literal["committed", "used"] = setting(
        "Billing",
        "Whether the lessee pays for the committed hours (committed), or for those that it uses and at least "
        "the committed ones (used); its use is that of [utilisation].",
        default="committed",
        also=("usage", "usage_based"),
    )
    first_payment: FirstPayment = setting(
        "First payment",
        "Paid once at COD, before the periodic rents: an amount, or a share of the hardware cost.",
        default=Payment(0.0, 0.0),
        examples=("885 m USD", "16 %"),
        also=("upfront_rent", "initial_payment", "prepaid_rent"),
    )
    first_payment_to: Literal["trap", "equity", "reduces_uses"] = setting(
        "Use of the first payment",
        "Held in the trap account until the first debt date (trap), distributed at COD (equity), "
        "or set off against the uses (reduces_uses).",
        default="trap",
    )
    triple_net: bool = setting(
        "Triple net",
        "Whether the lessee bears power, hosting, insurance and maintenance while it pays rent.",
        default=True,
    )
    hell_or_high_water: bool = setting(
        "Hell or high water",
        "Whether the rent is due in full whatever becomes of the units; else it abates by those that do not "
        "work. Needs [fleet.failures] or [fleet.casualty] to abate.",
        default=True,
    )
    rate_per: Literal["unit", "h100_equivalent"] = setting(
        "Unit of the rate",
        "Whether lease.rate is the rent of one GPU, whatever its generation, or of one H100-equivalent.",
        default="unit",
    )
    ramp: list[Annotated[Share, Field(ge=0, le=1)]] = setting(
        "Ramp",
        "Shares of the rent that are due in the first months after acceptance; in full afterwards.",
        make=list,
        max_length=LONGEST_TERM,
        examples=('["25 %", "50 %", "75 %"]',),
        also=("ramp_up",),
    )
    index: RentIndex | None = setting(
        "Index", "Rent that follows the market lease rate; needs [lease_rate].", default=None
    )
    end_of_term: EndOfTerm = setting(
        "End of term", "Purchase, renewal, or return and sale of the units.", make=EndOfTerm
    )
    early_termination: EarlyTermination | None = setting(
        "Early termination", "When the lessee ends the lease early, and what it then owes.", default=None
    )
    deposit: Deposit | None = setting(
        "Security deposit", "What the lessee leaves as security for its rent.", default=None
    )
    residual_value_guarantee: ResidualValueGuarantee | None = setting(
        "Residual value guarantee",
        "Promise that a unit is worth an amount at the end of its lease.",
        default=None,
        also=("rvg", "residual_guarantee"),
    )
    holiday: dict[str, Holiday] = setting(
        "Rent holidays",
        "Months in which only part of the rent is due: [lease.holiday.<name>].",
        make=dict,
        max_length=240,
    )

    @property
    def levels(self) -> list[tuple[int, float]]:
        """Rent steps in months since the start and multiple of the first rent, in order, from (0, 1) on."""
        given = {int(MONTHS.parse(text)): level for text, level in self.steps.items()}
        return sorted({0: 1.0, **given}.items())
