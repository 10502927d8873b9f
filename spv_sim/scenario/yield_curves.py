"""The kinds of yield curve: each one's table, discount factors and forward rates, side by side."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from spv_sim.scenario.quantities import Duration, Rate
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.units import MONTHS, UnitError, quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

LONGEST_KNOT = 1200
LOWEST, HIGHEST = -0.5, 1.0
"""Bounds of a zero rate [1/year]."""


class YieldCurve(Table):
    """What every kind of curve can do; rates are continuously compounded."""

    @abstractmethod
    def log_discount(self, years: Values) -> Values:
        """ln of the discount factor to a time since closing.

        Parameters
        ----------
        years : (n,) float64 [years], >= 0.

        Returns
        -------
        (n,) float64 [1], 0 at time 0.
        """

    @abstractmethod
    def forward(self, years: Values) -> Values:
        """Instantaneous forward rate, minus the slope of `log_discount`; at a kink the later [1/year]."""

    def faults(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """What makes the curve meaningless: setting within it, and in words."""
        yield from ()

    def rises(self, months: int) -> Iterator[tuple[tuple[str, ...], str]]:
        """Where a discount factor is above an earlier one, which a forward rate below zero means."""
        import numpy as np

        rising = np.flatnonzero(np.diff(self.log_discount(np.arange(months + 1) / 12)) > 0)
        if len(rising):
            first = int(rising[0])
            yield (), f"the discount factor rises from month {first} to month {first + 1}"

    def highest_forward(self, first: int, last: int) -> float:
        """Highest instantaneous forward rate from one month to another [1/year]."""
        import numpy as np

        return float(np.max(self.forward(np.arange(first, last + 1) / 12)))

    def cautions(self, months: int) -> Iterator[str]:
        """What a reader should know when the curve is used for `months` months."""
        yield from ()


class NelsonSiegel(YieldCurve):
    """Level, slope and one hump.

    Source: C. R. Nelson and A. F. Siegel, Parsimonious modeling of yield curves, J. Business 60 (1987).
    """

    kind: Literal["nelson_siegel"] = setting("Kind", "Nelson and Siegel's curve of four numbers.")
    level: Rate = setting(
        "Level", "Zero rate of the far end.", ge=LOWEST, le=HIGHEST, examples=("3.85 %/year",)
    )
    slope: Rate = setting(
        "Slope",
        "Zero rate of the near end less that of the far end.",
        default=0.0,
        ge=-1,
        le=1,
        examples=("0.45 %/year",),
    )
    curvature: Rate = setting(
        "Curvature",
        "Weight of the hump between the two ends.",
        default=0.0,
        ge=-1,
        le=1,
        examples=("-0.60 %/year",),
    )
    decay_time: Duration = setting(
        "Decay time",
        "Time in which slope and hump fade by a factor e.",
        gt=0,
        le=LONGEST_KNOT,
        examples=("21.6 months", "1.8 years"),
    )

    def log_discount(self, years: Values) -> Values:
        import numpy as np

        time = self.decay_time / 12
        spent = np.asarray(years, dtype=np.float64) / time
        faded = -np.expm1(-spent)
        hump = faded - spent * np.exp(-spent)
        return -time * (self.level * spent + self.slope * faded + self.curvature * hump)

    def forward(self, years: Values) -> Values:
        import numpy as np

        spent = np.asarray(years, dtype=np.float64) / (self.decay_time / 12)
        return self.level + (self.slope + self.curvature * spent) * np.exp(-spent)


def _read_knot(text: str) -> str:
    if not 1 <= MONTHS.parse(text) <= LONGEST_KNOT:
        raise UnitError("range", f'"{text}" is outside 1 to {LONGEST_KNOT} months')
    return text


class Knots(YieldCurve):
    """Goes through given zero rates: ln of the discount factor is linear between them, forwards are flat.

    Before the first knot its zero rate holds; after the last the forward rate before it goes on.
    """

    kind: Literal["knots"] = setting("Kind", "Zero rates at given times.")
    zero_rates: dict[
        Annotated[str, AfterValidator(_read_knot)], Annotated[Rate, Field(ge=LOWEST, le=HIGHEST)]
    ] = setting(
        "Zero rates",
        "Time since closing -> continuously compounded zero rate to it.",
        min_length=1,
        max_length=LONGEST_KNOT,
        examples=('{ "3 months" = "3.9 %", "2 years" = "3.6 %", "5 years" = "3.7 %" }',),
    )

    @property
    def knots(self) -> list[tuple[int, float, str]]:
        """Month, ln of the discount factor and spelling of each knot, in order of time."""
        given = ((int(MONTHS.parse(text)), rate, text) for text, rate in self.zero_rates.items())
        return sorted(((month, -rate * month / 12, text) for month, rate, text in given), key=itemgetter(0))

    def log_discount(self, years: Values) -> Values:
        import numpy as np

        x, y = self._corners()
        time = np.asarray(years, dtype=np.float64)
        beyond = np.maximum(time - x[-1], 0.0)
        return np.asarray(np.interp(time, x, y) - self.forward(x[-1:]) * beyond)

    def forward(self, years: Values) -> Values:
        import numpy as np

        x, y = self._corners()
        rates = -np.diff(y) / np.diff(x)
        segment = np.searchsorted(x, np.asarray(years, dtype=np.float64), side="right") - 1
        return np.asarray(rates[np.minimum(segment, len(rates) - 1)])

    def _corners(self) -> tuple[Values, Values]:
        import numpy as np

        knots = self.knots
        months = np.array([0, *(month for month, _, _ in knots)])
        return months / 12, np.array([0.0, *(value for _, value, _ in knots)])

    def faults(self) -> Iterator[tuple[tuple[str, ...], str]]:
        for before, knot in pairwise(self.knots):
            if before[0] == knot[0]:
                yield ("zero_rates", knot[2]), f"{quote(before[2])} is the same time; give each once"

    def rises(self, months: int) -> Iterator[tuple[tuple[str, ...], str]]:
        for before, knot in pairwise([(0, 0.0, ""), *self.knots]):
            if knot[1] > before[1]:
                words = f"the discount factor rises from month {before[0]} to month {knot[0]}"
                yield ("zero_rates", knot[2]), words

    def cautions(self, months: int) -> Iterator[str]:
        last = self.knots[-1][0]
        if months > last:
            yield f"the last knot is at {last} months of {months}; the forward rate before it is carried on"


AnyYieldCurve = Annotated[NelsonSiegel | Knots, Field(discriminator="kind")]
