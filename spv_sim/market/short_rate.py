"""Short rate: Hull and White's one factor around the forward curve, stepped exactly with its integral."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like
from spv_sim.kernel.vmath import exp


class ShortRateTerms(NamedTuple):
    """The process r = x + shift in kernel units; without volatility x stays 0 and r is the forward curve.

    Rows of months are (months + 1,) float64; a period ends in its month and starts one or three months
    before, at closing where that would be earlier.

    decay : share of the deviation x that survives a month [1].
    step_volatility : standard deviation of the noise of one month in x [1/year].
    drift, integral_drift : what a month adds to x and to its integral under P; 0 under Q [1/year, 1].
    integral_on_deviation : integral of x over a month per unit of x at its start [years].
    integral_on_rate, integral_alone : loadings of that integral's noise on the noise of x and on its own [1].
    shift : r without its deviation at each month [1/year].
    shift_integral_1m, shift_integral_3m : the shift integrated over the period [1].
    log_growth_1m, log_growth_3m : minus ln of the period's bond, at its start, where x is 0 there [1].
    slope_1m, slope_3m : minus the derivative of ln of such a bond by x [years].
    accrual_1m, accrual_3m : the period's fraction of a year, by which its rate is quoted [years].
    log_discount : ln of the discount factor from closing, less half the variance of the integral of x [1].
    half_variance : half the variance of the integral of x over a number of months [1].
    slope : minus the derivative by x of ln of a bond of a number of months [years].
    """

    decay: float
    step_volatility: float
    drift: float
    integral_drift: float
    integral_on_deviation: float
    integral_on_rate: float
    integral_alone: float
    shift: Any
    shift_integral_1m: Any
    shift_integral_3m: Any
    log_growth_1m: Any
    log_growth_3m: Any
    slope_1m: float
    slope_3m: float
    accrual_1m: Any
    accrual_3m: Any
    log_discount: Any
    half_variance: Any
    slope: Any


class ShortRateState(NamedTuple):
    """Deviation x from the shift now and one, two, three months ago; its integrals over the last months."""

    deviation: Any
    deviation_1m_ago: Any
    deviation_2m_ago: Any
    deviation_3m_ago: Any
    integral: Any
    integral_1m_ago: Any
    integral_2m_ago: Any


class ShortRateLoadings(NamedTuple):
    """Rows of the factor of the step's correlations that belong to the short rate and to its integral.

    Each loads one of the two normals of the short rate on the independent normals of lessee credit, GPU
    price, lease rate, short rate and integral, in this order [1].
    """

    on_credit: float
    on_price: float
    on_lease_rate: float
    alone: float
    integral_on_credit: float
    integral_on_price: float
    integral_on_lease_rate: float
    integral_on_rate: float
    integral_alone: float


class BaseRates(NamedTuple):
    """Index rates of the periods that end in this month [1/year], simple, quoted by the terms' accruals.

    term_rate_1m, term_rate_3m : set in advance, at the start of the period.
    compounded_1m, compounded_3m : what the short rate has earned over the period, known at its end.

    Every month has those of the one and three months up to it, whenever a contract's quarters begin; up to
    month 3 the longer period begins at closing. At closing, where no period ends, they are 0.
    """

    term_rate_1m: Any
    term_rate_3m: Any
    compounded_1m: Any
    compounded_3m: Any


@jit
def open_short_rate(template: Any) -> ShortRateState:
    """State at closing: on the curve."""
    none = like(template, 0.0)
    return ShortRateState(none, none, none, none, none, none, none)


@jit
def short_rate_normals(
    loadings: ShortRateLoadings, credit: Any, price: Any, lease_rate: Any, first: Any, second: Any
) -> tuple[Any, Any]:
    """The two normals of the short rate's step, out of five independent ones."""
    rate = (
        loadings.on_credit * credit
        + loadings.on_price * price
        + loadings.on_lease_rate * lease_rate
        + loadings.alone * first
    )
    integral = (
        loadings.integral_on_credit * credit
        + loadings.integral_on_price * price
        + loadings.integral_on_lease_rate * lease_rate
        + loadings.integral_on_rate * first
        + loadings.integral_alone * second
    )
    return rate, integral


@jit
def move_short_rate(
    terms: ShortRateTerms, state: ShortRateState, normal_1: Any, normal_2: Any
) -> ShortRateState:
    """State one month later, from two independent standard normals: that of x, and what its integral adds.

    Every month steps alike; the curve enters where rates are observed. Source: model 3.4.
    """
    noise = terms.integral_on_rate * normal_1 + terms.integral_alone * normal_2
    return ShortRateState(
        deviation=terms.decay * state.deviation + terms.drift + terms.step_volatility * normal_1,
        deviation_1m_ago=state.deviation,
        deviation_2m_ago=state.deviation_1m_ago,
        deviation_3m_ago=state.deviation_2m_ago,
        integral=terms.integral_on_deviation * state.deviation + terms.integral_drift + noise,
        integral_1m_ago=state.integral,
        integral_2m_ago=state.integral_1m_ago,
    )


@jit
def short_rate(terms: ShortRateTerms, month: int, state: ShortRateState) -> Any:
    """Instantaneous rate at the month, continuously compounded [1/year]."""
    return state.deviation + terms.shift[month]


@jit
def month_discount(terms: ShortRateTerms, month: int, state: ShortRateState) -> Any:
    """Factor by which the month that ends now discounts along the path: e to minus the integral of r."""
    return exp(-(state.integral + terms.shift_integral_1m[month]))


@jit
def term_rate(log_growth: Any, slope: Any, accrual: Any, deviation: Any) -> Any:
    """Simple rate (1/P - 1)/accrual of the bond P that the deviation at the period's start gives [1/year]."""
    return (exp(log_growth + slope * deviation) - 1.0) / accrual


@jit
def bond(terms: ShortRateTerms, month: int, end: int, deviation: Any) -> Any:
    """Price at a month of a dollar in a later one, by the deviation x at the first [1].

    Source: model 3.4.
    """
    certain = terms.log_discount[end] - terms.log_discount[month] + terms.half_variance[end - month]
    return exp(certain - terms.slope[end - month] * deviation)


@jit
def compounded_rate(integral: Any, accrual: Any) -> Any:
    """Simple rate that pays what the short rate's integral over the period has earned [1/year]."""
    return (exp(integral) - 1.0) / accrual


@jit
def rates_at(
    terms: ShortRateTerms,
    month: int,
    deviation_1m_ago: Any,
    deviation_3m_ago: Any,
    integral_1m: Any,
    integral_3m: Any,
) -> BaseRates:
    """The month's index rates from deviations at the periods' starts and their integrals since."""
    accrual_1m, accrual_3m = terms.accrual_1m[month], terms.accrual_3m[month]
    return BaseRates(
        term_rate_1m=term_rate(terms.log_growth_1m[month], terms.slope_1m, accrual_1m, deviation_1m_ago),
        term_rate_3m=term_rate(terms.log_growth_3m[month], terms.slope_3m, accrual_3m, deviation_3m_ago),
        compounded_1m=compounded_rate(integral_1m + terms.shift_integral_1m[month], accrual_1m),
        compounded_3m=compounded_rate(integral_3m + terms.shift_integral_3m[month], accrual_3m),
    )


@jit
def observe_rates(terms: ShortRateTerms, month: int, state: ShortRateState) -> BaseRates:
    """Index rates of the periods that end in this month."""
    template = state.deviation
    if terms.step_volatility > 0.0:
        integral_3m = state.integral + state.integral_1m_ago + state.integral_2m_ago
        return rates_at(
            terms, month, state.deviation_1m_ago, state.deviation_3m_ago, state.integral, integral_3m
        )
    # The forward curve is the same on all paths, so its exponentials are taken once and not a lane each.
    curve = rates_at(terms, month, 0.0, 0.0, 0.0, 0.0)
    return BaseRates(
        like(template, curve.term_rate_1m),
        like(template, curve.term_rate_3m),
        like(template, curve.compounded_1m),
        like(template, curve.compounded_3m),
    )
