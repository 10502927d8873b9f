"""Lessee credit as the closing sheet shows it: engine, measure, default curve and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spv_sim.closing.credit_curve import hazard_curve, rating_matrix
from spv_sim.closing.credit_terms import black_cox
from spv_sim.closing.rating_chain import generator_of
from spv_sim.scenario.credit_quotes import Rating

if TYPE_CHECKING:
    from spv_sim.scenario.credit import Credit

YEARS = (1, 2, 3, 5, 7, 10)
MOST_PIECES = 60
"""A curve of more pieces is told by its probabilities alone."""


def credit_sheet(credit: Credit) -> dict[str, Any]:
    """The `credit` part of the closing sheet.

    Probabilities of default are those of the curve by years since the credit clock started; what shocks on
    top of it add is not among them.
    """
    sheet: dict[str, Any] = {
        "engine": "scheduled" if credit.default_month is not None else credit.engine,
        "measure": credit.measure,
        "used_measure": credit.used_measure,
        "risk_premium": credit.risk_premium,
        "source": source(credit),
    }
    if credit.default_month is not None:
        return sheet
    years = np.array(YEARS, dtype=np.float64)
    if credit.engine == "black_cox":
        defaults = black_cox(credit).default_probability(years)
    else:
        curve = hazard_curve(credit)
        defaults = 1 - curve.survival(years)
        if len(curve.knots) <= MOST_PIECES:
            sheet["hazards"] = [
                {"to_year": knot, "hazard": rate} for knot, rate in zip(curve.knots, curve.rates, strict=True)
            ]
    if isinstance(credit.quotes, Rating):
        sheet["generator_error"] = generator_of(rating_matrix(credit.quotes))[1]
    sheet["default_probability"] = {
        str(year): float(value) for year, value in zip(YEARS, defaults, strict=True)
    }
    return sheet


def source(credit: Credit) -> str:
    """Where the default curve comes from."""
    if credit.default_month is not None:
        return "schedule"
    if credit.engine == "black_cox":
        return "black_cox"
    return "hazard" if credit.quotes is None else credit.quotes.kind
