"""The `correlation` table: how the random drivers move together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import Field

from spv_sim.scenario.quantities import Number
from spv_sim.scenario.table import Table, setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Driver = Literal["gpu_price", "lease_rate", "short_rate", "lessee_credit", "utilisation", "power"]
DRIVERS: tuple[str, ...] = get_args(Driver)
Coefficient = Annotated[Number, Field(ge=-1, le=1)]
SIMULATED = ("gpu_price", "lease_rate", "short_rate", "lessee_credit")


def _pairs(driver: str) -> Any:
    return setting(
        f"Correlations of {driver}",
        f"Correlation of the increments of {driver} with those of other drivers; each pair once, else 0.",
        make=dict,
        examples=("{ lease_rate = 0.6 }",),
    )


class Correlation(Table):
    """Correlations between the random drivers, each pair written once."""

    gpu_price: dict[Driver, Coefficient] = _pairs("gpu_price")
    lease_rate: dict[Driver, Coefficient] = _pairs("lease_rate")
    short_rate: dict[Driver, Coefficient] = _pairs("short_rate")
    lessee_credit: dict[Driver, Coefficient] = _pairs("lessee_credit")
    utilisation: dict[Driver, Coefficient] = _pairs("utilisation")
    power: dict[Driver, Coefficient] = _pairs("power")

    def pairs(self) -> Iterator[tuple[str, str, float]]:
        """Each written pair with its coefficient."""
        for driver in DRIVERS:
            for other, coefficient in getattr(self, driver).items():
                yield driver, other, coefficient

    def between(self, driver: str, other: str) -> float:
        """The coefficient of a pair, in whichever order it was written; 0 where it was not."""
        return next((rho for a, b, rho in self.pairs() if {a, b} == {driver, other}), 0.0)

    def matrix(self) -> NDArray[np.float64]:
        """The (6, 6) correlation matrix in the order of DRIVERS."""
        import numpy as np

        matrix = np.eye(len(DRIVERS))
        for driver, other, coefficient in self.pairs():
            row, column = DRIVERS.index(driver), DRIVERS.index(other)
            matrix[row, column] = matrix[column, row] = coefficient
        return matrix
