"""A rate for every year: one number, or a list with one for each."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from spv_sim.scenario import units
from spv_sim.scenario.quantities import Rate, Unit
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
