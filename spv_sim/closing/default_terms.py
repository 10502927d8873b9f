"""What follows a default, at closing: outcomes, contract rates by month, the lessee's guarantor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.hazard_curve import yearly_curve
from spv_sim.closing.rent import hours_due, rent_due
from spv_sim.market.lessee_guarantor import LesseeGuarantorTerms
from spv_sim.spv.lessee_default import REJECTED, RENEGOTIATED, DefaultTerms

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

NO_GUARANTOR = LesseeGuarantorTerms(np.zeros(0), 0.0, 1.0, np.zeros(0))


def default_terms(scenario: Scenario, last_month: int, stops_draws: bool = False) -> DefaultTerms:
    """Kernel terms of the outcomes of a default."""
    said, lease = scenario.credit.outcome, scenario.lease
    by_rent = said.decided_by == "rent"
    guaranteed = scenario.credit.guarantor is not None
    return DefaultTerms(
        active=guaranteed or by_rent or said.kept > 0,
        reinstated=said.reinstate,
        assumed=said.reinstate + said.assume,
        renegotiated=said.kept if said.rejected > 0 else math.inf,
        by_rent=by_rent,
        essentiality=said.essentiality,
        otherwise=float(RENEGOTIATED if said.otherwise == "renegotiate" else REJECTED),
        cure_months=float(said.cure_months),
        stay_months=float(said.stay_months),
        talk_months=float(said.negotiation_months),
        administrative_after=float(said.administrative_rent_after),
        late_rate=said.default_interest / 12,
        premium=said.market_premium,
        market_cost=scenario.workout.merchant_opex if lease.triple_net else 0.0,
        hourly=hourly_rates(scenario, last_month),
        index_weight=np.full(last_month + 1, lease.index.weight if lease.index else 0.0),
        guaranteed=guaranteed,
        values_open=scenario.grid.tail > 0,
        stops_draws=stops_draws,
    )


def hourly_rates(scenario: Scenario, last_month: int) -> Array:
    """Fixed part of the rate of a contract hour by month, before holidays, (last_month + 1,) float64 [USD].

    Between rent dates it is that of the last one. Source: model 6.1, the hour equivalent of a rent on cost.
    """
    lease, fleet, completion = scenario.lease, scenario.fleet, scenario.grid.construction
    hours = hours_due(lease, fleet, completion, last_month)
    dates = np.flatnonzero(hours > 0)
    if not len(dates):
        return np.zeros(last_month + 1)
    rates = rent_due(lease, fleet, completion, last_month)[dates] / hours[dates]
    latest = np.searchsorted(dates, np.arange(last_month + 1), side="right") - 1
    return np.asarray(rates[np.maximum(latest, 0)])


def guarantor_terms(scenario: Scenario, last_month: int, cumulative_hazard: Array) -> LesseeGuarantorTerms:
    """The guarantor's clock; `cumulative_hazard` is that of the lessee's first unpaid rent by month [1].

    Source: model 4.8, 4.9.
    """
    from scipy.special import ndtri

    said = scenario.credit.guarantor
    if said is None or not any(said.hazard):
        return NO_GUARANTOR
    failed = -np.expm1(-yearly_curve(said.hazard).cumulative(np.arange(last_month + 1) / 12))
    return LesseeGuarantorTerms(
        levels=np.asarray(ndtri(failed)),
        loading=said.correlation,
        alone=math.sqrt(1 - said.correlation**2),
        lessee_defaulted=-np.expm1(-cumulative_hazard),
    )


def guarantee_cap(scenario: Scenario) -> float:
    """Most that the lessee's guarantor pays; 0 without one [USD]."""
    said = scenario.credit.guarantor
    if said is None:
        return 0.0
    return math.inf if said.cap is None else said.cap


def draws_outcome(scenario: Scenario) -> bool:
    """Whether the outcome of a default takes a draw."""
    return scenario.credit.outcome.decided_by == "probabilities" and outcome_lots(scenario)[1].max() < 1


def outcome_lots(scenario: Scenario) -> tuple[Array, Array]:
    """A uniform that leads to each outcome by lot, and its probability, where that is above 0."""
    said = scenario.credit.outcome
    chances = np.array((said.reinstate, said.assume, said.renegotiate, max(said.rejected, 0.0)))
    middles = np.cumsum(chances) - chances / 2
    return middles[chances > 0], chances[chances > 0]


def likeliest_outcome(scenario: Scenario) -> float:
    """The uniform that leads to the likeliest outcome; of equals, to the first."""
    middles, chances = outcome_lots(scenario)
    return float(middles[np.argmax(chances)])
