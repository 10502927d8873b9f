"""Yield curves that tests of rates start from."""

from __future__ import annotations

from typing import Any

from spv_sim.scenario.rates import Rates
from spv_sim.scenario.yield_curves import Knots, NelsonSiegel

GIVEN = {"level": "3.85 %", "slope": "0.45 %", "curvature": "-0.6 %", "decay_time": "1.8 years"}


def nelson_siegel(**changed: str) -> NelsonSiegel:
    """The curve of the given checks: levels .0385, .0045, -.006 and 1.8 years."""
    return NelsonSiegel.model_validate({"kind": "nelson_siegel", **GIVEN, **changed})


def knots(**zero_rates: str) -> Knots:
    """A curve through zero rates: months=rate, as in m12="3 %"."""
    spelled = {f"{name[1:]} months": rate for name, rate in zero_rates.items()}
    return Knots.model_validate({"kind": "knots", "zero_rates": spelled})


def rates(**changed: Any) -> Rates:
    """The given curve with the given Hull-White parameters."""
    document: dict[str, Any] = {
        "curve": {"kind": "nelson_siegel", **GIVEN},
        "model": "hull_white",
        "mean_reversion": "5 %",
        "volatility": "0.9 %/sqrt(year)",
    }
    return Rates.model_validate({**document, **changed})
