"""Settings that take one share or amount, or a list of them, one for each year or date."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from spv_sim.scenario import units
from spv_sim.scenario.quantities import Money, Share, Unit
from spv_sim.scenario.units import Kind, UnitError

MOST_YEARS = 50
MOST_DATES = 240


class Listed(Unit):
    """Annotation of a field that takes one quantity, or a list with one for each `each`."""

    def __init__(self, each: str, most: int, kind: Kind = units.SHARE, noun: str = "shares") -> None:
        super().__init__(kind)
        self.each = each
        self.most = most
        self.noun = noun

    def parse(self, value: object) -> object:
        listed = value if isinstance(value, list | tuple) else [value]
        if not 1 <= len(listed) <= self.most:
            message = f"{len(listed)} {self.noun}; 1 to {self.most} are allowed, one for each {self.each}"
            raise UnitError("range", message)
        return listed

    @property
    def json_schema(self) -> dict[str, Any]:
        one = super().json_schema
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": self.most}]}


YearlyShares = Annotated[tuple[Share, ...], Listed("year", MOST_YEARS), Field(strict=False)]
Amount = Annotated[Money, Field(ge=0)]
YearlyAmounts = Annotated[
    tuple[Amount, ...], Listed("year", MOST_YEARS, units.MONEY, "amounts"), Field(strict=False)
]
DatedShares = Annotated[tuple[Share, ...], Listed("debt date", MOST_DATES), Field(strict=False)]
