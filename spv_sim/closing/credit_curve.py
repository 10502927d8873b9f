"""The default curve of the lessee at closing: as stated or drawn from quotes, under the measure asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.hazard_bootstrap import (
    NoHazardError,
    bond_implied_hazard,
    bootstrap_spreads,
    hazards_of_cumulative_defaults,
)
from spv_sim.closing.hazard_curve import HazardCurve, yearly_curve
from spv_sim.closing.rating_chain import generator_of, hazards_of_rating
from spv_sim.errors import Problem, UserError
from spv_sim.scenario.credit_quotes import Bond, Cds, Rating, in_order
from spv_sim.scenario.grid import LONGEST_GRID

if TYPE_CHECKING:
    from spv_sim.scenario.credit import Credit
    from spv_sim.scenario.credit_quotes import AnyQuotes

Array = NDArray[np.float64]


def hazard_curve(credit: Credit) -> HazardCurve:
    """The hazard that the engine uses.

    Raises
    ------
    UserError : where no hazard of 0 or more explains a quote.

    Source: model 0.6, 16.3; a hazard under P is that under Q divided by the risk premium.
    """
    curve = yearly_curve(credit.hazard) if credit.quotes is None else quoted_curve(credit.quotes)
    return curve if credit.premium_factor == 1 else curve.scaled(credit.premium_factor)


def quoted_curve(quotes: AnyQuotes) -> HazardCurve:
    """The hazard that explains the quotes."""
    try:
        if isinstance(quotes, Cds):
            tenors, spreads = zip(*in_order(quotes.spreads), strict=True)
            return bootstrap_spreads(tenors, spreads, quotes.recovery, quotes.flat_rate)
        if isinstance(quotes, Bond):
            return bond_implied_hazard(
                quotes.coupon_rate, quotes.maturity / 12, quotes.price, quotes.recovery, quotes.flat_rate
            )
        if isinstance(quotes, Rating):
            generator, _ = generator_of(rating_matrix(quotes))
            return hazards_of_rating(generator, list(quotes.transitions).index(quotes.initial), LONGEST_GRID)
        tenors, defaults = zip(*in_order(quotes.defaults), strict=True)
        return hazards_of_cumulative_defaults(tenors, defaults)
    except NoHazardError as fault:
        message = f"credit.quotes: {fault}"
        raise UserError(Problem("no-hazard", message, key="credit.quotes")) from fault


def rating_matrix(rating: Rating) -> Array:
    """The yearly matrix with rows that add to 1 exactly; what rounding left over goes to the diagonal."""
    matrix = np.array(rating.matrix)
    np.fill_diagonal(matrix, np.diag(matrix) + 1 - matrix.sum(axis=1))
    return matrix
