"""The `lease.filed` table: what the lessee files about its lease, from which the rents are worked out."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from spv_sim.scenario.quantities import Money
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.units import UnitError, quote

MOST_FIGURES = 100


def _read_date(text: str) -> str:
    try:
        datetime.date.fromisoformat(text)
    except ValueError as fault:
        raise UnitError("unit", f'{quote(text)} is not a date; write "2026-12-31"') from fault
    return text


class Sourced(Table):
    """An amount with its source."""

    amount: Money = setting("Amount", "The filed amount.", gt=0)
    source: str = setting("Source", "Where it was filed.", examples=("S-1 of 2026-05-20, L10256",))


class MaturityTable(Table):
    """Balance, payments to come and principal by period, which together tell the payments by period."""

    at: datetime.date = setting("Date", "Date of the balance.", examples=("2026-03-31",))
    balance: Money = setting("Balance", "Liability at that date.", gt=0, examples=("9,041 m USD",))
    payments_left: Money = setting(
        "Payments left", "All payments after that date, undiscounted.", gt=0, examples=("11,717 m USD",)
    )
    principal: dict[Annotated[str, AfterValidator(_read_date)], Annotated[Money, Field(gt=0)]] = setting(
        "Principal by period",
        "Last day of each period -> principal that falls due in it. What all of them exceed the balance by "
        "is taken off each in proportion.",
        min_length=1,
        max_length=50,
        examples=('{ "2026-12-31" = "801 m USD", "2027-12-31" = "1,540 m USD" }',),
    )
    source: str = setting(
        "Source", "Where the table was filed.", examples=("S-1 of 2026-05-20, L15197, L15828",)
    )

    @property
    def periods(self) -> list[tuple[datetime.date, float]]:
        """Last day and principal of each period, in order of time."""
        return sorted((datetime.date.fromisoformat(day), amount) for day, amount in self.principal.items())


class FiledFigure(Sourced):
    """A filed amount that the lessee's liability is compared with."""

    kind: Literal["balance", "paid", "interest", "principal"] = setting(
        "Kind",
        "The liability at the end of the period, or what was paid, accrued as interest or repaid in it.",
    )
    start: datetime.date | None = setting(
        "Start",
        "Day at whose end the period starts; silent: from COD on, when the lease begins. Has no meaning for "
        "a balance.",
        default=None,
        examples=("2025-12-31",),
    )
    end: datetime.date = setting("End", "Last day of the period.", examples=("2026-12-31",))
    of: Literal["lease", "group"] = setting(
        "Of",
        "Whether the figure is filed for this lease alone, or for it and lease.filed.group together.",
        default="lease",
    )


class FiledLease(Table):
    """The lessee's own figures of its lease; the rents, and the rate that it books them at, follow."""

    total: Sourced = setting("Total", "All payments over the life of the lease, the first one included.")
    opening: Sourced = setting(
        "Opening liability", "Liability as the lease begins, at COD, before the first payment."
    )
    rents: Literal["stepped", "level"] = setting(
        "Course of the rents",
        "Whether the payments after the first one step as those of the maturity table do (stepped), or are "
        "equal (level). Either way they sum up to the total.",
        default="stepped",
    )
    maturity: MaturityTable | None = setting(
        "Maturity table",
        "Liability by period, of this lease or of several that step alike; required for stepped rents.",
        default=None,
    )
    group: list[str] = setting(
        "Group",
        "Scenario files, beside this one, of the other leases that some figures are filed together with.",
        make=list,
        max_length=20,
        examples=('["valor-1.toml"]',),
    )
    figure: dict[str, FiledFigure] = setting(
        "Figures",
        "Filed amounts to compare with, by name: [lease.filed.figure.<name>].",
        make=dict,
        max_length=MOST_FIGURES,
    )
