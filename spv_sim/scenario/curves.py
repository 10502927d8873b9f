"""The kinds of GPU depreciation curve: each one's table and its value since closing, side by side."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from spv_sim.scenario.monotone_cubic import interpolate_monotone
from spv_sim.scenario.quantities import Months, Rate, Ratio, Share
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.units import MONTHS, UnitError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]


LONGEST_LIFE = 600


class Curve(Table):
    """What every kind of curve can do."""

    @abstractmethod
    def share(self, years: Values) -> Values:
        """Value at a time since closing as a share of the day-one value.

        Parameters
        ----------
        years : (n,) float64, calendar time since closing [years], >= 0.

        Returns
        -------
        (n,) float64 [share], 1 at time 0.
        """

    def cautions(self, months: int) -> Iterator[str]:
        """What a reader should know when the curve is used for `months` months."""
        yield from ()

    def faults(self) -> Iterator[tuple[str, str]]:
        """Settings that do not fit together: the one to mend, and why."""
        yield from ()


class Exponential(Curve):
    """Falls at a constant rate, exp(-decay t), down to its floor."""

    kind: Literal["exponential"] = setting("Kind", "Exponential decline.")
    decay: Rate = setting(
        "Decay", "Continuous rate of decline of the price.", ge=0, examples=("24.5 %/year",)
    )
    floor: Share = setting(
        "Floor",
        "Share of the day-one value below which the curve does not fall.",
        default=0.0,
        examples=("5 %",),
    )

    def share(self, years: Values) -> Values:
        import numpy as np

        return np.maximum(np.exp(-self.decay * np.asarray(years, dtype=np.float64)), self.floor)


class StraightLine(Curve):
    """Falls by equal amounts to the salvage share at the end of its life, then stays there."""

    kind: Literal["straight_line"] = setting("Kind", "Straight-line decline.")
    life: Months = setting("Life", "Months until the salvage value is reached.", ge=1, le=LONGEST_LIFE)
    salvage: Share = setting(
        "Salvage", "Share of the day-one value left at the end of the life.", examples=("10 %",)
    )

    def share(self, years: Values) -> Values:
        import numpy as np

        spent = np.asarray(years, dtype=np.float64) / (self.life / 12)
        return np.maximum(1 - (1 - self.salvage) * spent, self.salvage)


def _read_knot(text: str) -> str:
    if not 0 <= MONTHS.parse(text) <= LONGEST_LIFE:
        raise UnitError("range", f'"{text}" is outside 0 to {LONGEST_LIFE} months')
    return text


class Points(Curve):
    """Goes through given points: monotone cubic (PCHIP) in the logarithm, constant decline after the last."""

    kind: Literal["table"] = setting("Kind", "Points of the curve.")
    points: dict[Annotated[str, AfterValidator(_read_knot)], Annotated[Share, Field(gt=0)]] = setting(
        "Points",
        "Time since closing -> share of the day-one value; time 0 is 100 % and need not be given.",
        min_length=1,
        max_length=LONGEST_LIFE,
        examples=('{ "12 months" = "75 %", "36 months" = "40 %", "60 months" = "20 %" }',),
    )

    @property
    def knots(self) -> list[tuple[int, float]]:
        """The points in months and share, in order of time, from (0, 1) on."""
        given = {int(MONTHS.parse(text)): share for text, share in self.points.items()}
        return sorted({0: 1.0, **given}.items())

    def share(self, years: Values) -> Values:
        import numpy as np

        months, values = (np.array(column, dtype=np.float64) for column in zip(*self.knots, strict=True))
        return np.exp(interpolate_monotone(months / 12, np.log(values), np.asarray(years, dtype=np.float64)))

    def cautions(self, months: int) -> Iterator[str]:
        knots = self.knots
        if any(later > earlier for (_, earlier), (_, later) in pairwise(knots)):
            yield "the curve rises between two points"
        if months > knots[-1][0]:
            last = knots[-1][0]
            yield f"the last point is at {last} months of {months}; the decline before it is carried on"


class DecliningBalance(Curve):
    """Loses the same share of its value every year, evenly within the year, down to the salvage share."""

    kind: Literal["declining_balance"] = setting("Kind", "Declining balance.")
    life: Months = setting("Life", "Months by which the factor is divided.", ge=1, le=LONGEST_LIFE)
    factor: Ratio = setting(
        "Factor",
        "Share lost in a year as a multiple of 1 / life in years; 2x is double declining.",
        default=2.0,
        gt=0,
        examples=("2x", "1.5x"),
    )
    salvage: Share = setting(
        "Salvage", "Share of the day-one value below which the curve does not fall.", examples=("10 %",)
    )

    @property
    def yearly_loss(self) -> float:
        """Share of the value that a year takes."""
        return self.factor * 12 / self.life

    def share(self, years: Values) -> Values:
        import numpy as np

        year, part = np.divmod(np.asarray(years, dtype=np.float64), 1.0)
        left = (1 - self.yearly_loss) ** year * (1 - self.yearly_loss * part)
        return np.maximum(left, self.salvage)

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.yearly_loss > 1:
            yield "factor", f"{self.factor:g}x over {self.life} months takes more than the value in a year"


class SumOfYears(Curve):
    """Sum of the years' digits: each year's loss is a step smaller than the one before, even within it."""

    kind: Literal["sum_of_years"] = setting("Kind", "Sum of the years' digits.")
    life: Months = setting("Life", "Months until the salvage value is reached.", ge=12, le=LONGEST_LIFE)
    salvage: Share = setting(
        "Salvage", "Share of the day-one value left at the end of the life.", examples=("10 %",)
    )

    def share(self, years: Values) -> Values:
        import numpy as np

        life = self.life / 12
        year, part = np.divmod(np.minimum(np.asarray(years, dtype=np.float64), life), 1.0)
        spent = year * life - year * (year - 1) / 2 + (life - year) * part
        return np.asarray(1 - (1 - self.salvage) * spent / (life * (life + 1) / 2))

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.life % 12:
            yield "life", f"{self.life} months are not a whole number of years, which this kind counts in"


class BetterGeneration(Table):
    """A release of better machines, after which the same money buys more performance."""

    at: Months = setting("Month", "Month of the release, counted from closing.", ge=1, le=LONGEST_LIFE)
    gain: Ratio = setting(
        "Gain",
        "Performance per dollar of the new machines over that of the ones before.",
        ge=1,
        examples=("2.2x",),
    )


class Hedonic(Curve):
    """Follows the price of performance: a steady decline, and a step down at each release."""

    kind: Literal["hedonic"] = setting("Kind", "Decline of the price of performance.")
    decline: Rate = setting(
        "Decline",
        "Continuous rate at which a dollar buys more of the same performance, between releases.",
        ge=0,
        examples=("12 %/year",),
    )
    elasticity: Share = setting(
        "Elasticity",
        "Power of the gain by which a release divides the price: 0 % not at all, 100 % in full.",
        examples=("35 %",),
        also=("pass_through",),
    )
    release: dict[str, BetterGeneration] = setting(
        "Releases",
        "Releases that are foreseen, by name: [gpu_price.curve.release.<name>].",
        min_length=1,
        max_length=50,
        examples=('{ rubin = { at = "18 months", gain = "2.2x" } }',),
    )

    def share(self, years: Values) -> Values:
        import numpy as np

        at = np.asarray(years, dtype=np.float64)
        log_share = -self.decline * at
        for release in self.release.values():
            log_share -= self.elasticity * np.log(release.gain) * (at >= release.at / 12)
        return np.exp(log_share)


AnyCurve = Annotated[
    Exponential | StraightLine | DecliningBalance | SumOfYears | Points | Hedonic,
    Field(discriminator="kind"),
]
