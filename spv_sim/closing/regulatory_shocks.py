"""Regulatory shocks at closing: the survival they leave, in closed form, and their monthly law."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.gpu_price_terms import poisson_cdf
from spv_sim.market.intensity import ShockTerms

Array = NDArray[np.float64]

STEP = 1 / 12

NO_SHOCKS = ShockTerms(np.empty(0), 0.0, 1.0, 1.0, STEP)


def shock_log_survival(events: float, severity: float, speed: float, years: Array) -> Array:
    """ln of the survival under shocks alone: each lifts the hazard by an exponential that dies away [1].

    Parameters
    ----------
    events : Poisson intensity of the shocks [1/year].
    severity : mean rise of the hazard [1/year].
    speed : rate at which a rise dies away [1/year].
    years : (n,) float64, time since the first shock may come [years].

    Source: model 4.4; the integral of 1 - 1/(1 + severity (1 - exp(-speed s)) / speed) in closed form.
    """
    ratio = severity / speed
    # ∫ ds / (a - b e^{-speed s}) = ln(a e^{speed t} - b) / (a speed), with a = 1 + ratio and b = ratio.
    kept = np.log1p((1 + ratio) * np.expm1(speed * years)) / ((1 + ratio) * speed)
    return np.asarray(-events * (years - kept))


def shock_terms(events: float, severity: float, speed: float) -> ShockTerms:
    """Kernel terms of the shocks."""
    return ShockTerms(
        count_cdf=poisson_cdf(events * STEP),
        mean_severity=severity,
        speed=speed,
        decay=math.exp(-speed * STEP),
        step=STEP,
    )
