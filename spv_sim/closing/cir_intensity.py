"""A random intensity at closing: its survival in closed form and on the grid, and its monthly step."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.market.intensity import CirTerms

Array = NDArray[np.float64]

STEP = 1 / 12

NO_CIR = CirTerms(False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Cir:
    """dy = speed (level - y) dt + volatility sqrt(y) dW.

    Parameters
    ----------
    initial, level : y at the start and in the long run [1/year].
    speed : of mean reversion [1/year].
    volatility : [1/year].
    """

    initial: float
    speed: float
    level: float
    volatility: float

    @property
    def stays_positive(self) -> bool:
        """Feller's condition: y never reaches 0."""
        return 2 * self.speed * self.level > self.volatility**2

    def loading(self, years: Array) -> Array:
        """B of the survival exp(A - B y) in continuous time [years].

        Source: Cox, Ingersoll and Ross (1985).
        """
        gamma = math.sqrt(self.speed**2 + 2 * self.volatility**2)
        grown = np.expm1(gamma * years)
        return np.asarray(2 * grown / ((gamma + self.speed) * grown + 2 * gamma))

    def log_survival(self, years: Array) -> Array:
        """ln E[exp(-integral of y)] by time, in continuous time [1]."""
        gamma = math.sqrt(self.speed**2 + 2 * self.volatility**2)
        below = (gamma + self.speed) * np.expm1(gamma * years) + 2 * gamma
        power = 2 * self.speed * self.level / self.volatility**2
        log_a = power * (math.log(2 * gamma) + (gamma + self.speed) * years / 2 - np.log(below))
        return np.asarray(log_a - self.loading(years) * self.initial)

    def grid_log_survival(self, months: int, step: float = STEP) -> Array:
        """ln E[exp(-trapezoids of y)] by month, with exact transitions on the grid [1].

        Returns
        -------
        (months + 1,) float64.

        Source: model 4.3, recursion of the Laplace transform backwards from each month.
        """
        decay = math.exp(-self.speed * step)
        scale = self.volatility**2 * -math.expm1(-self.speed * step) / (2 * self.speed)
        power = 2 * self.speed * self.level / self.volatility**2
        found = np.zeros(months + 1)
        # The weights depend only on how many steps lie behind, so that one pass serves every month.
        weight, log_a = step / 2, 0.0
        for month in range(1, months + 1):
            log_a -= power * math.log1p(weight * scale)
            weight = weight * decay / (1 + weight * scale) + step
            found[month] = log_a - (weight - step / 2) * self.initial
        return found


def cir_terms(cir: Cir, step: float = STEP) -> CirTerms:
    """Monthly steps of the intensity: mean and variance of the exact transition.

    Source: model 4.3; Andersen (2008).
    """
    decay = math.exp(-cir.speed * step)
    slope = cir.volatility**2 * decay * (1 - decay) / cir.speed
    return CirTerms(
        moves=True,
        initial=cir.initial,
        decay=decay,
        mean_added=cir.level * (1 - decay),
        variance_slope=slope,
        variance_added=cir.level * cir.volatility**2 * (1 - decay) ** 2 / (2 * cir.speed),
        half_step=step / 2,
    )


def jump_cir_log_survival(cir: Cir, events: float, severity: float, years: float) -> float:
    """ln of the survival where compound Poisson jumps with exponential sizes push the intensity up [1].

    Parameters
    ----------
    events : jumps [1/year].
    severity : mean size of a jump [1/year].
    years : horizon [years].

    Source: Duffie and Gârleanu (2001): a jump that is s years before the horizon costs 1 - 1/(1 + severity
    B(s)) of the survival; integrated by Gauss and Legendre's rule.
    """
    points, weights = np.polynomial.legendre.leggauss(96)
    ages = years * (points + 1) / 2
    lost = 1 - 1 / (1 + severity * cir.loading(ages))
    return float(cir.log_survival(np.array([years]))[0]) - events * years / 2 * float(weights @ lost)
