"""Lessee credit at closing: the default curve, and the engine that draws from it, in kernel terms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.black_cox import BlackCox, black_cox_of_assets
from spv_sim.closing.cir_intensity import NO_CIR, Cir, cir_terms
from spv_sim.closing.credit_curve import hazard_curve
from spv_sim.closing.first_passage import first_passage_terms, walk_terms
from spv_sim.closing.lease_rate_terms import reversion_speed
from spv_sim.closing.regulatory_shocks import NO_SHOCKS, shock_log_survival, shock_terms
from spv_sim.errors import Problem, UserError
from spv_sim.market.credit import HAZARD, INTENSITY, NEVER, PASSAGE, CreditTerms
from spv_sim.market.intensity import IntensityTerms

if TYPE_CHECKING:
    from spv_sim.scenario import credit_engines
    from spv_sim.scenario.credit import Credit

Array = NDArray[np.float64]

STANDING = walk_terms(1.0, np.zeros(0), np.zeros(0))
CERTAIN = IntensityTerms(0, np.zeros(0), NO_CIR, NO_SHOCKS)
ROUNDING = 1e-12
"""A fall of a cumulative hazard up to this is rounding [1]."""


def cumulative_hazard(credit: Credit, completion: int, months: Array) -> Array:
    """Hazard of the curve integrated from the start of the credit clock to each month [1]."""
    return hazard_curve(credit).cumulative(clock_years(credit, completion, months))


def clock_years(credit: Credit, completion: int, months: Array) -> Array:
    """Time on the credit clock by month, 0 before it starts [years]."""
    start = completion if credit.clock == "cod" else 0
    return np.asarray(np.maximum(months - start, 0) / 12)


def scheduled_terms(cumulative: Array) -> CreditTerms:
    """Kernel terms of the engine of a hazard alone, from -ln of survival by month."""
    return CreditTerms(HAZARD, cumulative, np.full(len(cumulative), NEVER), STANDING, CERTAIN)


def credit_terms(credit: Credit, completion: int, rent_due: Array, monthly: bool = True) -> CreditTerms:
    """Kernel terms of the default clock.

    A default between two rent dates makes the later one the first unpaid, so the survival that counts only
    falls on rent dates after completion, and in every month before it where a default stops the draws. A
    scheduled default month makes the hazard infinite from there on. `monthly` is false on a grid of years.

    Raises
    ------
    UserError : where quotes have no hazard, or a random intensity implies more default than the curve.
    """
    months = np.arange(len(rent_due))
    is_rent_date = (rent_due > 0) & (months > completion)
    if credit.draw_stop and monthly:
        is_rent_date |= (months > 0) & (months <= completion)
    if credit.default_month is not None:
        return scheduled_terms(
            on_rent_dates(np.where(months >= credit.default_month, math.inf, 0.0), is_rent_date)
        )
    years = clock_years(credit, completion, months.astype(float))
    moving = years[: int(np.flatnonzero(is_rent_date)[-1]) + 1] if is_rent_date.any() else years[:0]
    if credit.engine == "black_cox":
        assets = black_cox(credit)
        survived = -np.log1p(-np.minimum(assets.default_probability(years), 1 - 2.0**-53))
        terms = scheduled_terms(on_rent_dates(survived, is_rent_date))
        return terms._replace(
            engine=PASSAGE, rent_dates=next_rent_date(is_rent_date), walk=assets.terms(moving)
        )
    cumulative = hazard_curve(credit).cumulative(years)
    if credit.engine == "first_passage":
        terms = scheduled_terms(on_rent_dates(cumulative, is_rent_date))
        walk = first_passage_terms(cumulative[: len(moving)])
        return terms._replace(engine=PASSAGE, rent_dates=next_rent_date(is_rent_date), walk=walk)
    if credit.engine == "hazard" and credit.regulatory is None:
        return scheduled_terms(on_rent_dates(cumulative, is_rent_date))
    intensity, added = intensity_terms(credit, cumulative[: len(moving)], moving)
    cumulative[: len(moving)] += added
    terms = scheduled_terms(on_rent_dates(cumulative, is_rent_date))
    return terms._replace(engine=INTENSITY, rent_dates=next_rent_date(is_rent_date), intensity=intensity)


def intensity_terms(credit: Credit, cumulative: Array, years: Array) -> tuple[IntensityTerms, Array]:
    """A random intensity that survives as the curve says, and what shocks on top of it add to -ln survival.

    cumulative, years : (months,) float64, the curve and the credit clock by month.

    Source: model 4.3, 4.4: the certain part is ln of the survival under the random parts less ln of the
    curve's, on the monthly grid.
    """
    certain, added = cumulative.copy(), np.zeros_like(cumulative)
    first = int(np.argmax(years > 0)) if (years > 0).any() else len(years)
    moves, shocks = NO_CIR, NO_SHOCKS
    if credit.engine == "cir" and credit.cir is not None:
        cir = cir_of(credit.cir)
        moves = cir_terms(cir)
        steps = np.maximum(np.arange(len(years)) - (first - 1), 0)
        certain += cir.grid_log_survival(len(years))[steps]
    if credit.regulatory is not None and credit.regulatory.events > 0:
        table = credit.regulatory
        speed = reversion_speed(table.half_life)
        shocks = shock_terms(table.events, table.severity, speed)
        cost = shock_log_survival(table.events, table.severity, speed, years)
        if table.curve_includes:
            certain += cost
        else:
            added = -cost
    if not (credit.cir is not None and credit.engine == "cir" and credit.cir.allow_negative_shift):
        refuse_negative(certain, credit)
    return IntensityTerms(first, certain, moves, shocks), added


def refuse_negative(certain: Array, credit: Credit) -> None:
    """The part of the hazard that is not random must not fall.

    Raises
    ------
    UserError : where it does.
    """
    steps = np.diff(certain, prepend=0.0)
    if not len(steps) or steps.min() >= -ROUNDING:
        return
    month = int(np.argmin(steps))
    key = "credit.cir" if credit.engine == "cir" else "credit.regulatory"
    advice = "allow_negative_shift, or " if credit.engine == "cir" else "curve_includes = false, or "
    message = (
        f"{key}: the random part alone implies a larger hazard than the curve: in month {month} by "
        f"{-12 * steps[month]:.3%} a year; set {advice}lower it or raise the hazard"
    )
    raise UserError(Problem("negative-shift", message, key=key))


def cir_of(table: credit_engines.Cir) -> Cir:
    """The intensity of the table, in annual numbers."""
    return Cir(table.initial, reversion_speed(table.half_life), table.level, table.volatility)


def black_cox(credit: Credit) -> BlackCox:
    """The walk of the table, however its distance is given."""
    table = credit.black_cox
    if table is None:
        raise AssertionError("the rules ask for the table black_cox")
    if table.distance is not None:
        return BlackCox(table.distance, table.distance_drift or 0.0, table.volatility)
    return black_cox_of_assets(
        table.asset_value or math.nan,
        table.barrier or math.nan,
        table.asset_growth or 0.0,
        table.volatility,
        table.barrier_growth or 0.0,
    )


def on_rent_dates(cumulative: Array, is_rent_date: NDArray[np.bool_]) -> Array:
    """A cumulative hazard that only moves on rent dates: at each month its value on the last one."""
    last = np.maximum.accumulate(np.where(is_rent_date, np.arange(len(cumulative)), -1))
    return np.where(last >= 0, cumulative[np.maximum(last, 0)], 0.0)


def next_rent_date(is_rent_date: NDArray[np.bool_]) -> Array:
    """First rent date at or after each month, NEVER after the last, (months + 1,) float64."""
    dates = np.where(is_rent_date, np.arange(len(is_rent_date), dtype=float), NEVER)
    return np.ascontiguousarray(np.minimum.accumulate(dates[::-1])[::-1])
