"""The kinds of credit quote from which a hazard can be drawn: one table each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from spv_sim.scenario import units
from spv_sim.scenario.quantities import Months, Rate, Share, Unit
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.units import MONTHS, UnitError

LONGEST_QUOTE = 600
MOST_QUOTES = 60
MOST_RATINGS = 30
DEFAULT = "default"
PriceOfPar = Annotated[float, Unit(units.OF_PAR), Field(gt=0, le=3)]


def _read_tenor(text: str) -> str:
    if not 1 <= MONTHS.parse(text) <= LONGEST_QUOTE:
        raise UnitError("range", f'"{text}" is outside 1 to {LONGEST_QUOTE} months')
    return text


Tenor = Annotated[str, AfterValidator(_read_tenor)]


def in_order(quotes: dict[str, float]) -> list[tuple[float, float]]:
    """Tenors [years] with what is quoted for them, in order of time."""
    return sorted((float(MONTHS.parse(tenor)) / 12, quote) for tenor, quote in quotes.items())


def _recovery() -> float:
    recovery: float = setting(
        "Recovery", "Share of par that is recovered at default.", lt=1, examples=("40 %",)
    )
    return recovery


def _flat_rate() -> float:
    rate: float = setting(
        "Discount rate", "Flat, continuously compounded rate that discounts the quote's payments.", gt=-1
    )
    return rate


class Cds(Table):
    """Par spreads of credit default swaps on the lessee, a hazard flat between the tenors."""

    kind: Literal["cds"] = setting("Kind", "Credit default swaps.")
    spreads: dict[Tenor, Annotated[Rate, Field(gt=0)]] = setting(
        "Par spreads",
        "Tenor -> yearly premium at which the swap costs nothing.",
        min_length=1,
        max_length=MOST_QUOTES,
        examples=('{ "1 year" = "350 bps", "3 years" = "480 bps", "5 years" = "550 bps" }',),
    )
    recovery: Share = _recovery()
    flat_rate: Rate = _flat_rate()


class Bond(Table):
    """Price of a bond of the lessee with coupons each half-year, one flat hazard."""

    kind: Literal["bond"] = setting("Kind", "A bond's price.")
    coupon_rate: Rate = setting("Coupon", "Nominal yearly coupon, half of it each half-year.", ge=0)
    maturity: Months = setting("Maturity", "Months to repayment, whole half-years.", ge=6, le=LONGEST_QUOTE)
    price: PriceOfPar = setting("Price", "Price as a share of par, on a coupon date.")
    recovery: Share = _recovery()
    flat_rate: Rate = _flat_rate()


class CumulativeDefault(Table):
    """Default rates of an agency's rating, a hazard flat between the years."""

    kind: Literal["cumulative_default"] = setting("Kind", "Cumulative default rates.")
    defaults: dict[Tenor, Annotated[Share, Field(lt=1)]] = setting(
        "Cumulative default rates",
        "Time -> share of the obligors of the rating that have defaulted by then.",
        min_length=1,
        max_length=MOST_QUOTES,
        examples=('{ "1 year" = "2.93 %", "3 years" = "10.46 %", "5 years" = "15.60 %" }',),
    )


class Rating(Table):
    """An agency's yearly transition matrix, a hazard that follows the lessee's rating on its way."""

    kind: Literal["rating"] = setting("Kind", "A rating chain.")
    initial: str = setting("Rating at the start", "A row of the matrix.", examples=("BB",))
    transitions: dict[str, dict[str, Share]] = setting(
        "Transitions",
        "Rating -> rating a year later -> share of the obligors; `default` is final, each row adds to 100 %.",
        min_length=1,
        max_length=MOST_RATINGS,
        examples=(
            '{ BB = { BB = "85 %", B = "13 %", default = "2 %" }, B = { B = "92 %", default = "8 %" } }',
        ),
    )

    @property
    def matrix(self) -> list[list[float]]:
        """The yearly matrix with default as its last, final state."""
        states = [*self.transitions, DEFAULT]
        rows = [[row.get(state, 0.0) for state in states] for row in self.transitions.values()]
        return [*rows, [0.0] * len(self.transitions) + [1.0]]


AnyQuotes = Annotated[Cds | Bond | CumulativeDefault | Rating, Field(discriminator="kind")]
MEASURE_OF = {"cds": "Q", "bond": "Q", "cumulative_default": "P", "rating": "P"}
"""The measure that a kind of quote speaks in: prices hold a risk premium, frequencies do not."""
