"""The simulated short rate: the forward curve without volatility, martingales and its law with it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from spv_sim.closing.discount_curve import discount_factor, simple_forward
from spv_sim.closing.hull_white import bond, integral_variance, variance
from spv_sim.closing.market_terms import base_case_market, market_terms
from spv_sim.closing.short_rate_terms import hull_white_of, short_rate_terms
from spv_sim.kernel.jit import PLAIN, kernel
from spv_sim.kernel.lanes import like, paths, store
from spv_sim.market.market import MarketTerms, draw_default_month, move_market, open_market
from spv_sim.market.short_rate import (
    ShortRateTerms,
    month_discount,
    observe_rates,
    open_short_rate,
    short_rate,
)
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.rates import Rates
from tests.closing.curves import rates
from tests.closing.deals import base

PATHS = 1 << (10 if PLAIN else 16)
LAST = 60
ROWS = (
    "deviation",
    "integral",
    "discount",
    "term_rate_1m",
    "term_rate_3m",
    "compounded_1m",
    "compounded_3m",
    "log_price",
    "log_lease_rate",
    "short_rate",
)


@kernel
def simulate(width: Any, terms: Any, seed: Any, last: int, n: int, out: Any) -> None:
    """Rows of each month from 1 on: (months, rows, n) flattened."""
    for first in range(0, n, len(width)):
        path = paths(width, first)
        state = open_market(terms, seed, path, draw_default_month(terms, seed, path))
        discount = like(state.log_price_noise, 1.0)
        for month in range(1, last + 1):
            state = move_market(terms, month, seed, path, state)
            seen = observe_rates(terms.short_rate, month, state.short_rate)
            discount = discount * month_discount(terms.short_rate, month, state.short_rate)
            row = (
                state.short_rate.deviation,
                state.short_rate.integral,
                discount,
                seen.term_rate_1m,
                seen.term_rate_3m,
                seen.compounded_1m,
                seen.compounded_3m,
                state.log_price_noise,
                state.log_lease_rate,
                short_rate(terms.short_rate, month, state.short_rate),
            )
            for number in range(len(row)):
                store(out, ((month - 1) * len(row) + number) * n + first, row[number])


def run(terms: MarketTerms, n: int = PATHS, last: int = LAST, width: int = 16) -> dict[str, np.ndarray]:
    """Each row by name, (months + 1, paths); month 0 is nan."""
    out = np.empty(last * len(ROWS) * n)
    simulate((0,) * (1 if PLAIN else width), terms, np.uint64(11), last, n, out)
    by_month = out.reshape(last, len(ROWS), n)
    at_closing = np.full((1, n), np.nan)
    return {name: np.concatenate([at_closing, by_month[:, row]]) for row, name in enumerate(ROWS)}


def deal(table: Rates | None, *sets: str) -> Scenario:
    return base("vci-h100", "gpu_price.jump.intensity=0 /year", *sets).model_copy(update={"rates": table})


def terms_of(scenario: Scenario) -> MarketTerms:
    return market_terms(scenario, np.zeros(LAST + 1), LAST)


CORRELATED = ("correlation.gpu_price.short_rate=-0.3", "correlation.lease_rate.short_rate=0.4")
TABLE = rates()
CURVE = TABLE.curve
MODEL = hull_white_of(TABLE)


@pytest.fixture(scope="module")
def sample() -> dict[str, np.ndarray]:
    return run(terms_of(deal(TABLE, *CORRELATED)))


def z(values: np.ndarray, expected: float) -> float:
    return float(abs(values.mean() - expected) / (values.std(ddof=1) / math.sqrt(len(values))))


@pytest.mark.parametrize("month", [1, 3, 12, 36, 60])
def test_paths_discount_to_the_curve(sample: dict[str, np.ndarray], month: int) -> None:
    assert z(sample["discount"][month], float(discount_factor(CURVE, month / 12))) <= 4


@pytest.mark.parametrize(("month", "end"), [(1, 2.0), (24, 3.0), (24, 10.0), (60, 5.25)])
def test_discounted_bonds_are_martingales(sample: dict[str, np.ndarray], month: int, end: float) -> None:
    prices = bond(MODEL, CURVE, month / 12, end, sample["deviation"][month])
    assert z(sample["discount"][month] * prices, float(discount_factor(CURVE, end))) <= 4


@pytest.mark.parametrize("name", ["term_rate_1m", "term_rate_3m", "compounded_1m", "compounded_3m"])
@pytest.mark.parametrize("month", [3, 12, 60])
def test_a_period_at_its_index_rate_is_worth_what_was_put_in(
    sample: dict[str, np.ndarray], name: str, month: int
) -> None:
    length = int(name[-2])
    paid = 1 + sample[name][month] * length / 12
    assert z(sample["discount"][month] * paid, float(discount_factor(CURVE, (month - length) / 12))) <= 4


def test_term_rates_are_those_of_the_bond_at_the_start_of_the_period(sample: dict[str, np.ndarray]) -> None:
    for length, name in ((1, "term_rate_1m"), (3, "term_rate_3m")):
        for month in (4, 17, 60):
            start, end = (month - length) / 12, month / 12
            prices = bond(MODEL, CURVE, start, end, sample["deviation"][month - length])
            wanted = (1 / prices - 1) / (length / 12)
            assert np.allclose(sample[name][month], wanted, rtol=0, atol=1e-13)


def test_compounded_rates_are_what_discounting_earned(sample: dict[str, np.ndarray]) -> None:
    for length, name in ((1, "compounded_1m"), (3, "compounded_3m")):
        earned = sample["discount"][30 - length] / sample["discount"][30] - 1
        assert np.allclose(sample[name][30], earned / (length / 12), rtol=0, atol=1e-13)


def test_the_first_quarter_begins_at_closing(sample: dict[str, np.ndarray]) -> None:
    for month in (1, 2, 3):
        wanted = float(simple_forward(CURVE, 0.0, month / 12, month / 12))
        assert np.allclose(sample["term_rate_3m"][month], wanted, rtol=0, atol=1e-13)
        earned = (1 / sample["discount"][month] - 1) * 12 / month
        assert np.allclose(sample["compounded_3m"][month], earned, rtol=0, atol=1e-13)


@pytest.mark.parametrize("month", [1, 12, 60])
def test_moments_are_those_of_the_model(sample: dict[str, np.ndarray], month: int) -> None:
    deviation = sample["deviation"][month]
    whole = sample["integral"][1 : month + 1].sum(axis=0)
    spread = float(variance(MODEL, month / 12))
    of_whole = float(integral_variance(MODEL, month / 12))
    slope = -math.expm1(-MODEL.mean_reversion * month / 12) / MODEL.mean_reversion
    assert z(deviation, 0.0) <= 4
    assert z(deviation**2, spread) <= 4
    assert z(whole**2, of_whole) <= 4
    assert z(deviation * whole, MODEL.volatility**2 * slope**2 / 2) <= 4


def test_under_p_the_rate_drifts_by_its_price_of_risk() -> None:
    """Model 0.6: a price of -0.2 volatilities a year lowers the drift of x by so much, on any grid."""
    moved = run(terms_of(deal(rates(measure="P", rate_risk=-0.2), *CORRELATED)))
    neutral = run(terms_of(deal(TABLE, *CORRELATED)))
    drift, a = -0.2 * MODEL.volatility, MODEL.mean_reversion
    for month in (1, 12, 60):
        years = month / 12
        slope = -math.expm1(-a * years) / a
        gap = moved["deviation"][month] - neutral["deviation"][month]
        np.testing.assert_allclose(gap, drift * slope, rtol=1e-10)
        whole = (moved["integral"] - neutral["integral"])[1 : month + 1].sum(axis=0)
        np.testing.assert_allclose(whole, drift * (years - slope) / a, rtol=1e-9)


def test_the_short_rate_is_the_limit_of_term_rates(sample: dict[str, np.ndarray]) -> None:
    # A bond of a day differs by half a day of drift and of the forward curve's slope, 1e-5 together.
    day = 1 / 365
    prices = bond(MODEL, CURVE, 2.0, 2.0 + day, sample["deviation"][24])
    assert np.allclose(sample["short_rate"][24], -np.log(prices) / day, rtol=0, atol=1e-5)


def test_price_lease_rate_and_short_rate_move_together_as_asked(sample: dict[str, np.ndarray]) -> None:
    decay = math.exp(-math.log(2) / 9)
    price = np.diff(sample["log_price"], axis=0)[1:]
    lease = sample["log_lease_rate"][2:] - decay * sample["log_lease_rate"][1:-1]
    rate = sample["deviation"][2:] - math.exp(-0.05 / 12) * sample["deviation"][1:-1]
    for one, other, rho in ((price, rate, -0.3), (lease, rate, 0.4), (price, lease, 0.6)):
        pairs = [np.corrcoef(a, b)[0, 1] for a, b in zip(one, other, strict=True)]
        error = (1 - rho**2) / math.sqrt(PATHS * len(pairs))
        assert abs(np.mean(pairs) - rho) <= 4 * error + 3e-4  # the step's correlation is rho to 3e-4 here


def same_but_for_the_rate(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    names = ("log_price", "log_lease_rate")
    return all(np.array_equal(one[name][1:], other[name][1:]) for name in names)


def test_rates_leave_price_and_lease_rate_their_draws(sample: dict[str, np.ndarray]) -> None:
    assert same_but_for_the_rate(run(terms_of(deal(None))), sample)


@pytest.mark.parametrize(
    "table",
    [rates(volatility="0 %/sqrt(year)"), rates(model="none", mean_reversion=None, volatility=None)],
    ids=["no volatility", "no model"],
)
def test_without_volatility_rates_are_forwards_exactly(table: Rates) -> None:
    got = run(terms_of(deal(table)), n=32)
    ends = np.arange(1, LAST + 1) / 12
    monthly = simple_forward(CURVE, ends - 1 / 12, ends, 1 / 12)
    for name in ("term_rate_1m", "compounded_1m"):
        assert np.allclose(got[name][1:], monthly[:, None], rtol=0, atol=2e-14)
    assert np.array_equal(got["term_rate_3m"][1:], got["compounded_3m"][1:])
    quarterly = simple_forward(CURVE, ends[3:] - 0.25, ends[3:], 0.25)
    assert np.allclose(got["term_rate_3m"][4:], quarterly[:, None], rtol=0, atol=2e-14)
    assert np.allclose(got["discount"][1:], discount_factor(CURVE, ends)[:, None], rtol=1e-13)
    assert np.all(got["deviation"][1:] == 0)


def test_without_rates_a_dollar_earns_nothing() -> None:
    got = run(terms_of(deal(None)), n=16)
    for name in ROWS[3:7]:
        assert np.all(got[name][1:] == 0)
    assert np.all(got["discount"][1:] == 1)


def test_the_base_case_earns_the_forward_rates() -> None:
    scenario = deal(TABLE, *CORRELATED)
    got = run(base_case_market(scenario, LAST), n=16)
    wanted = run(terms_of(deal(rates(volatility="0 %/sqrt(year)"))), n=16)
    assert np.array_equal(got["term_rate_3m"][1:], wanted["term_rate_3m"][1:])


@pytest.mark.skipif(PLAIN, reason="plain Python has one lane")
def test_lanes_do_not_change_a_path(sample: dict[str, np.ndarray]) -> None:
    alone = run(terms_of(deal(TABLE, *CORRELATED)), n=64, width=1)
    for name in ROWS:
        assert np.array_equal(alone[name][1:], sample[name][1:, :64])


def plain(function: Any) -> Any:
    return getattr(function, "py_func", function)


def test_at_closing_no_period_ends() -> None:
    terms: ShortRateTerms = short_rate_terms(TABLE, LAST)
    assert set(plain(observe_rates)(terms, 0, plain(open_short_rate)(0.0))) == {0.0}
