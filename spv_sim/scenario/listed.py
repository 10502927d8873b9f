"""Settings that take one share or a list of them, one for each year or date."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from spv_sim.scenario import units
from spv_sim.scenario.quantities import Share, Unit
from spv_sim.scenario.units import UnitError

MOST_YEARS = 50
MOST_DATES = 240


class Listed(Unit):
    """Annotation of a field that takes one share, or a list with one for each `each`."""

    def __init__(self, each: str, most: int) -> None:
        super().__init__(units.SHARE)
        self.each = each
        self.most = most

    def parse(self, value: object) -> object:
        shares = value if isinstance(value, list | tuple) else [value]
        if not 1 <= len(shares) <= self.most:
            message = f"{len(shares)} shares; 1 to {self.most} are allowed, one for each {self.each}"
            raise UnitError("range", message)
        return shares

    @property
    def json_schema(self) -> dict[str, Any]:
        one = super().json_schema
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": self.most}]}


YearlyShares = Annotated[tuple[Share, ...], Listed("year", MOST_YEARS), Field(strict=False)]
DatedShares = Annotated[tuple[Share, ...], Listed("debt date", MOST_DATES), Field(strict=False)]
