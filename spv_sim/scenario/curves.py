"""The kinds of GPU depreciation curve: each one's table and its value since closing, side by side."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from spv_sim.scenario.quantities import Months, Rate, Share
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


class Exponential(Curve):
    """Falls at a constant rate: exp(-decay t)."""

    kind: Literal["exponential"] = setting("Kind", "Exponential decline.")
    decay: Rate = setting(
        "Decay", "Continuous rate of decline of the price.", ge=0, examples=("24.5 %/year",)
    )

    def share(self, years: Values) -> Values:
        import numpy as np

        return np.exp(-self.decay * np.asarray(years, dtype=np.float64))


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


def interpolate_monotone(x: Values, y: Values, at: Values) -> Values:
    """Monotone piecewise cubic through the knots, and the last segment's mean slope after the last knot.

    Parameters
    ----------
    x : (n,) float64, increasing, n >= 2.
    y : (n,) float64.
    at : (m,) float64, >= x[0].

    Returns
    -------
    (m,) float64.

    Source
    ------
    Fritsch and Butland (1984), "A method for constructing local monotone piecewise cubic
    interpolants": weighted harmonic mean of the neighbouring slopes inside, a three-point formula
    limited for shape at the ends.
    """
    import numpy as np

    width, slope = np.diff(x), np.diff(y) / np.diff(x)
    tangent = np.zeros_like(y)
    if len(x) == 2:
        tangent[:] = slope[0]
    else:
        before, after = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
        same = slope[1:] * slope[:-1] > 0
        inner = np.zeros_like(before)
        inner[same] = ((before + after)[same]) / (
            (before / np.where(slope[:-1] == 0, 1, slope[:-1]))[same]
            + (after / np.where(slope[1:] == 0, 1, slope[1:]))[same]
        )
        tangent[1:-1] = inner
        tangent[0] = _end_slope(width[0], width[1], slope[0], slope[1])
        tangent[-1] = _end_slope(width[-1], width[-2], slope[-1], slope[-2])
    left = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    part = (at - x[left]) / width[left]
    rest = 1 - part
    curve = (
        y[left] * (1 + 2 * part) * rest**2
        + width[left] * tangent[left] * part * rest**2
        + y[left + 1] * (3 - 2 * part) * part**2
        - width[left] * tangent[left + 1] * part**2 * rest
    )
    return np.where(at > x[-1], y[-1] + slope[-1] * (at - x[-1]), curve)


def _end_slope(near: float, next_: float, slope: float, next_slope: float) -> float:
    tangent = ((2 * near + next_) * slope - near * next_slope) / (near + next_)
    if tangent * slope <= 0:
        return 0.0
    if slope * next_slope <= 0 and abs(tangent) > 3 * abs(slope):
        return 3 * slope
    return tangent


AnyCurve = Annotated[Exponential | StraightLine | Points, Field(discriminator="kind")]
