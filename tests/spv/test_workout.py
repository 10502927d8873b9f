"""The workout by hand: sale months, idle months, re-letting, and the claim's payment."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.best_workout import no_choice
from spv_sim.closing.casualty import casualty_terms
from spv_sim.closing.workout_terms import beta_recoveries
from spv_sim.market.contract import ContractDraws
from spv_sim.market.failures import Failures, FailureTerms
from spv_sim.market.market import Market
from spv_sim.market.short_rate import BaseRates
from spv_sim.spv.workout import (
    RateSeries,
    WorkoutTerms,
    claim_at_default,
    claim_payment,
    is_down,
    is_forced,
    merchant_income,
    recovery_of,
    relet_month,
    sale_month,
    sale_price,
)

NEVER = math.inf
RELET = WorkoutTerms(
    remarkets=True,
    chooses=False,
    choice=no_choice(84),
    downtime=4.0,
    falls=np.ones(85),
    enforcement_cost=5.0,
    merchant_hours=100.0,
    rate_share=0.9,
    merchant_opex=0.5,
    sell_cost=0.04,
    liquidation_cost=0.12,
    liquidation_months=1,
    price_impact=0.0,
    market_depth=math.inf,
    units_kept=1.0,
    claim_gross=np.full(85, 700.0),
    mitigation_per_price=np.zeros(85),
    mitigation=RateSeries(np.zeros(85), np.ones(85), np.full((85, 1), 100.0)),
    mitigates_at_once=False,
    claim_recovery=0.4,
    recoveries=np.empty(0),
    claim_lag=18.0,
    values_open_claim=True,
)
FORCED = RELET._replace(remarkets=False)


def market(default_month: float, rate: float = 2.0, price: float = 50.0) -> Market:
    rates, draws = BaseRates(0.0, 0.0, 0.0, 0.0), ContractDraws(NEVER, NEVER, 0.5, 0.5, NEVER, -1.0)
    none = Failures(FailureTerms(False, np.zeros(1), np.empty(0), casualty_terms(None)), 0, 0)
    return Market(price, rate, math.log(rate), 1.0, default_month, rates, draws, none)


@pytest.mark.parametrize(
    ("terms", "default", "expected"),
    [(RELET, 20.0, 60), (RELET, 58.0, 62), (FORCED, 20.0, 24), (FORCED, 60.0, 64), (FORCED, 83.0, 84)],
)
def test_units_are_sold_after_the_downtime_or_at_the_end_of_reletting(
    terms: WorkoutTerms, default: float, expected: float
) -> None:
    assert sale_month(terms, 60, 84, default) == expected


def test_units_stand_idle_for_the_downtime() -> None:
    assert [month for month in range(85) if is_down(RELET, month, 20.0)] == [20, 21, 22, 23]
    assert not any(is_down(RELET, month, NEVER) for month in range(85))


def test_relet_units_earn_the_market_rate_less_haircut_and_cost() -> None:
    ready = relet_month(RELET, 60, 20.0)
    earned = [merchant_income(RELET, month, ready, 10.0, market(20.0)) for month in range(85)]
    assert earned[23] == 0
    assert earned[24] == pytest.approx(1000 * (0.9 * 2.0 - 0.5))
    assert merchant_income(RELET, 30, ready, 0.0, market(20.0)) == 0
    assert merchant_income(RELET, 30, ready, 10.0, market(20.0, rate=0.4)) == 0
    assert relet_month(FORCED, 60, 20.0) == NEVER


def test_a_forced_sale_costs_more_than_one_in_order() -> None:
    assert is_forced(FORCED, 24, 20.0)
    assert not is_forced(FORCED, 60, NEVER)
    assert not is_forced(RELET, 24, 20.0)
    assert sale_price(FORCED, True, 10.0, market(20.0)) == pytest.approx(50 * 0.88)
    assert sale_price(RELET, False, 10.0, market(20.0)) == pytest.approx(50 * 0.96)


def test_the_claim_is_fixed_at_default_and_paid_once() -> None:
    claim, drawn = claim_at_default(RELET, 20, 10.0, 150.0, market(20.0))
    assert claim == 450.0
    assert drawn == 150.0
    assert claim_at_default(RELET, 20, 10.0, 700.0, market(20.0)) == (0.0, 600.0)
    paid = [claim_payment(RELET, month, 84, claim, 20.0, market(20.0)) for month in range(85)]
    assert paid[38] == pytest.approx(180.0)
    assert sum(paid) == pytest.approx(180.0)


def test_a_claim_still_open_at_the_end_is_valued_only_with_a_tail() -> None:
    assert claim_payment(RELET, 84, 84, 600.0, 70.0, market(20.0)) == pytest.approx(240.0)
    assert claim_payment(RELET._replace(values_open_claim=False), 84, 84, 600.0, 70.0, market(20.0)) == 0
    assert claim_payment(RELET, 84, 84, 600.0, NEVER, market(20.0)) == 0


@pytest.mark.parametrize("mean", [0.05, 0.4, 0.9, 0.95])
@pytest.mark.parametrize("part", [0.01, 0.3, 0.5])
def test_a_random_recovery_has_the_moments_of_its_beta_distribution(mean: float, part: float) -> None:
    """Mean to rounding, standard deviation to 3 in 1,000."""
    sd = math.sqrt(part * mean * (1 - mean))
    values = beta_recoveries(mean, sd)
    assert values.mean() == pytest.approx(mean, rel=1e-12)
    assert values.std() == pytest.approx(sd, rel=3e-3)
    assert values.min() >= 0
    assert values.max() <= 1


def test_each_recovery_is_met_by_its_part_of_the_uniforms() -> None:
    values = beta_recoveries(0.4, 0.2)
    assert 0 < values[0] < values[-1] < 1
    assert np.all(np.diff(values) > 0)
    drawn = market(20.0)
    for uniform, place in ((1e-9, 0), (0.5, 64), (1 - 1e-9, 127)):
        contract = drawn.contract._replace(recovery=uniform)
        terms = RELET._replace(recoveries=values)
        assert recovery_of(terms, drawn._replace(contract=contract)) == values[place]
    assert recovery_of(RELET._replace(recoveries=values), drawn) == 0.4
