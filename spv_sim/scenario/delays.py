"""The kinds of delay after an announced date: each one's table and its distribution, side by side."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from spv_sim.scenario.quantities import Duration, Number
from spv_sim.scenario.table import Table, setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

LONGEST_DELAY = 240


class Delay(Table):
    """What every kind of delay can do."""

    @abstractmethod
    def reached(self, months: Values) -> Values:
        """Probability that the delay is at most so many months.

        Parameters
        ----------
        months : (n,) float64, >= 0 [months].

        Returns
        -------
        (n,) float64 [1].
        """

    def faults(self) -> Iterator[tuple[str, str]]:
        """Settings that do not fit together: the one to mend, and why."""
        yield from ()


class GammaDelay(Delay):
    """Gamma distributed: the sum of `shape` exponential waits of mean `scale`."""

    kind: Literal["gamma"] = setting("Kind", "Gamma distribution.")
    shape: Number = setting("Shape", "Shape of the distribution.", gt=0, le=1000, examples=("2",))
    scale: Duration = setting(
        "Scale",
        "Scale; the mean is shape x scale.",
        gt=0,
        le=LONGEST_DELAY,
        examples=("1.5 months",),
    )

    def reached(self, months: Values) -> Values:
        import numpy as np
        from scipy.special import gammainc

        return np.asarray(gammainc(self.shape, months / self.scale), dtype=np.float64)


class LognormalDelay(Delay):
    """Lognormally distributed."""

    kind: Literal["lognormal"] = setting("Kind", "Lognormal distribution.")
    median: Duration = setting("Median", "Median delay.", gt=0, le=LONGEST_DELAY, examples=("3 months",))
    sd_log: Number = setting(
        "Standard deviation of the log",
        "Standard deviation of the logarithm of the delay.",
        gt=0,
        le=10,
        examples=("0.5",),
    )

    def reached(self, months: Values) -> Values:
        import numpy as np
        from scipy.special import ndtr

        with np.errstate(divide="ignore"):
            return np.asarray(ndtr(np.log(months / self.median) / self.sd_log), dtype=np.float64)


class TriangularDelay(Delay):
    """Between a least and a greatest delay, most likely at the mode."""

    kind: Literal["triangular"] = setting("Kind", "Triangular distribution.")
    least: Duration = setting(
        "Least", "Least delay.", default=0.0, ge=0, le=LONGEST_DELAY, examples=("0 months",)
    )
    mode: Duration = setting("Mode", "Most likely delay.", ge=0, le=LONGEST_DELAY, examples=("2 months",))
    most: Duration = setting("Most", "Greatest delay.", gt=0, le=LONGEST_DELAY, examples=("9 months",))

    def reached(self, months: Values) -> Values:
        import numpy as np

        low, mode, high = self.least, self.mode, self.most
        up = np.clip(months, low, mode) - low
        down = high - np.clip(months, mode, high)
        rising = up**2 / ((high - low) * (mode - low)) if mode > low else np.zeros_like(up)
        falling = 1 - down**2 / ((high - low) * (high - mode)) if high > mode else np.ones_like(down)
        return np.asarray(np.where(months < mode, rising, falling))

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.least <= self.mode <= self.most or self.least == self.most:
            yield "mode", f"{self.least:g}, {self.mode:g} and {self.most:g} months are not in rising order"


AnyDelay = Annotated[GammaDelay | LognormalDelay | TriangularDelay, Field(discriminator="kind")]
