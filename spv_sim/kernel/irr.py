"""Internal rates of return of many paths side by side, from a buffer of monthly flows."""

from __future__ import annotations

import math
from typing import Any

from spv_sim.kernel.irr_general import root_of_path
from spv_sim.kernel.irr_roots import MULTIPLE, NO_ROOT, OK, TOTAL_LOSS, UNDEFINED, Rates, irr_roots, mirr
from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import (
    absolute,
    any_of,
    divide,
    fma,
    invert,
    lane,
    like,
    load,
    maximum,
    minimum,
    where,
    width_of,
    with_lane,
)
from spv_sim.kernel.vmath import NAN, exp, log

__all__ = ["MULTIPLE", "NO_ROOT", "OK", "TOTAL_LOSS", "UNDEFINED", "Rates", "irr", "irr_roots", "mirr"]

MOST_STEPS = 60
MOST_STEPS_UNORDERED = 20
# Newton's error after a step s is below n² s² / 8: under 1e-14 for 240 months.
SMALL_STEP = 1e-9
# Log-rate times months never above this, so that no power of the discount factor overflows.
LARGEST_POWER = 600.0
# Share of the discounted turnover below which a balance is rounding.
ROUNDING = 1e-13


@routine
def totals(flows: Any, n_flows: Any, last_call: Any, stride: Any, template: Any) -> Any:
    """Sums of distributions and calls, their date-weighted sums, whether a call followed a distribution, and
    the lowest flow of the dates at which no call is looked for."""
    nothing = like(template, 0.0)
    distributed, called, distributed_late, called_late = nothing, nothing, nothing, nothing
    disorder = nothing
    for k in range(last_call + 1):
        flow = load(flows, k * stride, template)
        above = maximum(flow, 0.0)
        below = maximum(-flow, 0.0)
        disorder = where((below > 0.0) & (distributed > 0.0), 1.0, disorder)
        distributed += above
        called += below
        distributed_late = fma(above, k, distributed_late)
        called_late = fma(below, k, called_late)
    lowest = nothing
    for k in range(last_call + 1, n_flows):
        flow = load(flows, k * stride, template)
        lowest = minimum(flow, lowest)
        distributed += flow
        distributed_late = fma(flow, k, distributed_late)
    return distributed, called, distributed_late, called_late, disorder > 0.0, lowest


@jit
def values(flows: Any, n_flows: Any, last_call: Any, stride: Any, factor: Any) -> Any:
    """Distributions and calls discounted by `factor` a date, and the slope of each in `factor`."""
    nothing = like(factor, 0.0)
    inward, inward_slope, outward, outward_slope = nothing, nothing, nothing, nothing
    for k in range(n_flows - 1, last_call, -1):
        inward_slope = fma(inward_slope, factor, inward)
        inward = fma(inward, factor, load(flows, k * stride, factor))
    for k in range(last_call, -1, -1):
        flow = load(flows, k * stride, factor)
        inward_slope = fma(inward_slope, factor, inward)
        inward = fma(inward, factor, maximum(flow, 0.0))
        outward_slope = fma(outward_slope, factor, outward)
        outward = fma(outward, factor, maximum(-flow, 0.0))
    return inward, inward_slope, outward, outward_slope


@jit
def is_only_root(flows: Any, n_flows: Any, stride: Any, factor: Any) -> Any:
    """Whether a root is proved to be the only one: what is still to come is never owed, or always.

    With T_k the value of the flows after date k at the root, the value at any other discount factor, q times
    the root's, is (q - 1) Σ T_k q^k, which has no other root where all T_k have one sign.
    """
    balance = like(factor, 0.0)
    turnover = balance
    owed = balance
    owing = balance
    for k in range(n_flows - 1, -1, -1):
        owed = minimum(balance + ROUNDING * turnover, owed)
        owing = maximum(balance - ROUNDING * turnover, owing)
        flow = load(flows, k * stride, factor)
        balance = fma(balance, factor, flow)
        turnover = fma(turnover, factor, absolute(flow))
    return ((owed >= 0.0) | (owing <= 0.0)) & (absolute(balance) <= 10.0 * ROUNDING * turnover)


@jit
def dates_with_flows(flows: Any, n_flows: Any, stride: Any, template: Any) -> Any:
    """Number of dates up to the last at which anything flows on any lane; at least one."""
    while n_flows > 1 and not any_of(load(flows, (n_flows - 1) * stride, template) != 0.0):
        n_flows -= 1
    return n_flows


@routine
def irr(flows: Any, n_flows: Any, last_call: Any, template: Any, hurdle: Any = 0.01, every: Any = 1) -> Any:
    """Effective annual rate and flag of each lane's monthly flows.

    Newton's method on ln D(x) - ln E(x), x the log-rate per date, D and E the present values of
    distributions and calls: almost linear in x, three passes. Where no call follows a distribution the root
    is unique; where one does, a root is taken if proved the only one, else all are looked for, path by path.

    Parameters
    ----------
    flows : (n_flows * lanes,) float64, month-major [USD].
    n_flows : number of months, the first at closing.
    last_call : last month in which calls are expected; calls later than this are found, but cost time.
    template : any value of the lanes' shape.
    hurdle : rate per month of the MIRR that chooses among several roots [1/month].
    every : months between the dates at which anything may flow: in all other months the flows are zero.

    Returns
    -------
    (1 + monthly rate)¹² - 1, and the flag of irr_roots as a float. No lane depends on its neighbours.

    Limits
    ------
    Those of irr_roots.
    """
    months, lanes = n_flows, width_of(template)
    stride = every * lanes
    n_flows = dates_with_flows(flows, (months - 1) // every + 1, stride, template)
    last = min(last_call // every, n_flows - 1)
    distributed, called, distributed_late, called_late, unordered, lowest = totals(
        flows, n_flows, last, stride, template
    )
    if any_of(lowest < 0.0):
        last = n_flows - 1
        distributed, called, distributed_late, called_late, unordered, lowest = totals(
            flows, n_flows, last, stride, template
        )
    both = (distributed > 0.0) & (called > 0.0)
    unordered = unordered & both

    most = minimum(LARGEST_POWER / months, 60.0) * every
    delay = divide(distributed_late, distributed) - divide(called_late, called)
    guess = divide(log(divide(distributed, called)), delay)
    x = where(both & (absolute(guess) < math.inf), maximum(minimum(guess, most), -most), 0.0)
    moving = both
    for step_number in range(MOST_STEPS):
        if step_number == MOST_STEPS_UNORDERED:
            moving = moving & invert(unordered)
        if not any_of(moving):
            break
        factor = exp(-x)
        inward, inward_slope, outward, outward_slope = values(flows, n_flows, last, stride, factor)
        delay = factor * (divide(inward_slope, inward) - divide(outward_slope, outward))
        step = divide(log(divide(inward, outward)), delay)
        x = where(moving, maximum(minimum(x + step, most), -most), x)
        moving = moving & invert(absolute(step) <= SMALL_STEP)

    rate = exp(12.0 / every * x) - 1.0
    flag = like(template, OK)
    doubtful = moving
    if any_of(unordered):
        doubtful = moving | (unordered & invert(is_only_root(flows, n_flows, stride, exp(-x))))
    if any_of(doubtful):
        for i in range(lanes):
            if lane(doubtful, i):
                log_rate, why = root_of_path(flows, months, lanes, i, hurdle)
                rate = with_lane(rate, i, exp(12.0 * log_rate) - 1.0)
                flag = with_lane(flag, i, why)
    rate = where(called > 0.0, where(distributed > 0.0, rate, -1.0), NAN)
    flag = where(called > 0.0, where(distributed > 0.0, flag, TOTAL_LOSS), UNDEFINED)
    return rate, flag
