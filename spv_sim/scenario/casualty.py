"""The `fleet.casualty` table: accidents that destroy units, and their insurance."""

from __future__ import annotations

from spv_sim.scenario.failures import LONGEST_LAG
from spv_sim.scenario.quantities import Intensity, Money, Months, Share
from spv_sim.scenario.table import Table, setting


class Casualty(Table):
    """How often an accident destroys a part of the fleet, and what its insurance pays to the vehicle.

    The insurer pays, for each destroyed unit, the stipulated loss value of the lease (or, where it says none,
    the book value) or what replacing the unit costs, whichever is more. That is cash of the vehicle, as the
    price of a sold unit is: it goes through the priority of payments, and calls no debt in by itself.
    """

    rate: Intensity = setting(
        "Casualty rate",
        "Expected number of casualties a year (Poisson).",
        le=12,
        examples=("0.02 /year",),
        also=("casualty_rate", "frequency", "intensity"),
    )
    loss: Share = setting(
        "Loss of a casualty",
        "Share of the units at work that a casualty destroys; they are not bought again.",
        gt=0,
        examples=("30 %",),
        also=("share", "severity"),
    )
    insured: bool = setting(
        "Insured", "Whether an insurer pays for the units; else the vehicle bears the loss.", default=True
    )
    deductible: Money = setting(
        "Deductible",
        "What the vehicle bears of each casualty.",
        default=0.0,
        ge=0,
        examples=("5 m USD",),
        also=("excess", "retention"),
    )
    payment_lag: Months = setting(
        "Payment lag",
        "Months from the casualty to the insurer's payment, but at last in the deal's last month.",
        default=0,
        ge=0,
        le=LONGEST_LAG,
        examples=("6 months",),
        also=("insurance_lag", "lag"),
    )
    covers_replacement: bool = setting(
        "Cover of replacement",
        "Whether the insurer pays what replacing a unit costs where that is more than the other value: the "
        "month's resale price without the day-one discount.",
        default=True,
    )
    book_life: Months | None = setting(
        "Book life",
        "Months from COD in which the cost of the units is written off in equal parts; silent: the term of "
        "the lease. Only where the lease has no early_termination, which says the stipulated loss values.",
        default=None,
        ge=1,
        le=600,
        examples=("72 months",),
    )

    @property
    def idle(self) -> tuple[str, ...]:
        """What is said of an insurance where there is none."""
        return () if self.insured else ("deductible", "payment_lag", "covers_replacement", "book_life")
