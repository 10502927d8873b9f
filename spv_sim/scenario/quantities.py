"""The quantity kinds as field types of the scenario model: parsed on the way in, described for editors."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from spv_sim.scenario import units
from spv_sim.scenario.units import Kind


class Unit:
    """Annotation that makes a field a quantity of one kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def parse(self, value: object) -> object:
        """Read the written value; hook for types that are not one plain number."""
        return self.kind.parse(value)

    def format(self, value: Any) -> str:
        """Write the stored value back."""
        return self.kind.format(value)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self.parse, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.json_schema

    @property
    def json_schema(self) -> dict[str, Any]:
        """What an editor should accept."""
        return dict(self.kind.json_schema)


class Payment(NamedTuple):
    """A payment fixed in money, in a share of the hardware cost, or neither (0, 0)."""

    usd: float
    share_of_cost: float

    def amount(self, hardware_cost: float) -> float:
        """The payment [USD] for a hardware cost [USD]."""
        return self.usd + self.share_of_cost * hardware_cost


class PaymentUnit(Unit):
    """Annotation of a field that takes money or a share of the hardware cost."""

    def __init__(self) -> None:
        super().__init__(units.MONEY)

    def parse(self, value: object) -> object:
        if isinstance(value, str) and "%" in value:
            return Payment(0.0, units.PERCENT.parse(value))
        return Payment(units.MONEY.parse(value), 0.0)

    def format(self, value: Payment) -> str:
        return (
            units.SHARE.format(value.share_of_cost) if value.share_of_cost else units.MONEY.format(value.usd)
        )

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    @property
    def json_schema(self) -> dict[str, Any]:
        share = {"type": "string", "pattern": units.PERCENT.pattern}
        return {"anyOf": [units.MONEY.json_schema, share]}


Money = Annotated[float, Unit(units.MONEY)]
MoneyPerMonth = Annotated[float, Unit(units.MONEY_PER_MONTH)]
Hourly = Annotated[float, Unit(units.HOURLY)]
Rate = Annotated[float, Unit(units.RATE)]
Share = Annotated[float, Unit(units.SHARE), Field(ge=0, le=1)]
MonthlyShare = Annotated[float, Unit(units.MONTHLY_SHARE)]
Months = Annotated[int, Unit(units.MONTHS)]
Duration = Annotated[float, Unit(units.DURATION)]
Volatility = Annotated[float, Unit(units.VOLATILITY), Field(ge=0)]
Intensity = Annotated[float, Unit(units.INTENSITY), Field(ge=0)]
Ratio = Annotated[float, Unit(units.RATIO)]
Number = Annotated[float, Unit(units.NUMBER)]
Count = Annotated[int, Unit(units.COUNT)]
Metric = Annotated[float, Unit(units.METRIC)]
FirstPayment = Annotated[Payment, PaymentUnit()]
