"""The `credit` table: when the lessee defaults."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from spv_sim.scenario import units
from spv_sim.scenario.quantities import Months, Rate, Unit
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.units import UnitError

MOST_YEARS = 50


class Yearly(Unit):
    """Annotation of a field that takes one rate, or a list with one for each year."""

    def parse(self, value: object) -> object:
        rates = value if isinstance(value, list | tuple) else [value]
        if not 1 <= len(rates) <= MOST_YEARS:
            raise UnitError("range", f"{len(rates)} rates; 1 to {MOST_YEARS} are allowed, one for each year")
        return rates

    @property
    def json_schema(self) -> dict[str, Any]:
        one = super().json_schema
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_YEARS}]}


YearlyRates = Annotated[
    tuple[Annotated[Rate, Field(ge=0, le=100)], ...], Yearly(units.RATE), Field(strict=False)
]


class Credit(Table):
    """Default of the lessee: a hazard rate, or one scheduled month as a stress."""

    hazard: YearlyRates = setting(
        "Hazard rate",
        "Yearly intensity of default, or a list with one for each year, the last of which continues.",
        default=(0.0,),
        examples=("8 %/year", '["10 %/year", "6 %/year"]'),
        also=("hazard_rate", "lambda", "default_rate", "intensity", "pd"),
    )
    measure: Literal["P", "Q"] = setting(
        "Measure",
        "P: frequencies to be expected in fact. Q: implied by prices, so that a risk premium is in it.",
    )
    clock: Literal["closing", "cod"] = setting("Clock", "Date from which the hazard runs.", default="closing")
    default_month: Months | None = setting(
        "Scheduled default",
        "Month after closing at which the lessee defaults on every path, as a stress; excludes hazard.",
        default=None,
        ge=1,
        examples=("24 months",),
    )
