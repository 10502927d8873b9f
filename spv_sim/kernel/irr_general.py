"""The internal rate of return of one path whose flows may change sign any number of times."""

from __future__ import annotations

import math
from typing import Any

from spv_sim.kernel.irr_roots import DENSITY, MULTIPLE, NO_ROOT, OK, POINTS, REACH
from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import from_bits, lane, load, paths, width_of, word
from spv_sim.kernel.vmath import exp, log

STRETCH = REACH / math.sinh(DENSITY)
SPACING = 2.0 * DENSITY / (POINTS - 1)
WHOLE = 4503599627370496.0
LANES_OF_POINTS = (0,) * 8
MOST_STEPS = 200


@routine
def scan_point(number: Any) -> Any:
    """Log-rate of a point of the scan."""
    turn = (from_bits(number | word(0x4330000000000000)) - WHOLE) * SPACING - DENSITY
    return 0.5 * STRETCH * (exp(turn) - exp(-turn))


@routine
def value_and_slope(flows: Any, begin: Any, end: Any, stride: Any, offset: Any, x: Any) -> Any:
    """Value of months begin to end - 1 at log-rate x, and its slope in x.

    Seen from the first of these months where x >= 0 and from the last where x < 0, so that nothing overflows
    and not everything vanishes.
    """
    worth = 0.0 * x
    slope = 0.0 * x
    if lane(x, 0) < 0.0:
        factor = exp(x)
        for k in range(begin, end):
            slope = slope * factor + worth
            worth = worth * factor + load(flows, k * stride + offset, 0.0)
        return worth, slope * factor
    factor = exp(-x)
    for k in range(end - 1, begin - 1, -1):
        slope = slope * factor + worth
        worth = worth * factor + load(flows, k * stride + offset, 0.0)
    return worth, -slope * factor


@routine
def refine(
    flows: Any, begin: Any, end: Any, stride: Any, offset: Any, low: float, high: float, falling: Any
) -> Any:
    """Root between two log-rates, by Newton's method inside a shrinking bracket."""
    x = 0.5 * (low + high)
    width = high - low
    for _step in range(MOST_STEPS):
        worth, slope = value_and_slope(flows, begin, end, stride, offset, x)
        if worth == 0.0:
            return x
        if (worth > 0.0) == falling:
            low = x
        else:
            high = x
        middle = 0.5 * (low + high)
        if not (low < middle and middle < high):
            return x
        tried = x - worth / slope if slope != 0.0 else middle
        # A Newton step that leaves the bracket, or does not halve the last one, gives way to bisection.
        if not (low < tried and tried < high and 2.0 * abs(tried - x) < width):
            tried = middle
        width = abs(tried - x)
        x = tried
        if width <= 1e-16 + 2e-16 * abs(x):
            return x
    return x


@routine
def mirr_factor(flows: Any, n_flows: Any, stride: Any, offset: Any, hurdle: Any) -> Any:
    """1 + MIRR per month, calls funded and distributions reinvested at the hurdle."""
    got_out = 0.0
    put_in = 0.0
    for k in range(n_flows):
        flow = load(flows, k * stride + offset, 0.0)
        got_out = got_out * (1.0 + hurdle) + max(flow, 0.0)
    for k in range(n_flows - 1, -1, -1):
        flow = load(flows, k * stride + offset, 0.0)
        put_in = put_in / (1.0 + hurdle) + max(-flow, 0.0)
    return exp(log(got_out / put_in) / (n_flows - 1.0))


@routine
def root_of_path(flows: Any, n_flows: Any, stride: Any, offset: Any, hurdle: Any) -> Any:
    """Log-rate per month and flag of flows[offset], flows[stride + offset], … with both signs among them."""
    aim = mirr_factor(flows, n_flows, stride, offset, hurdle)
    begin = 0
    while load(flows, begin * stride + offset, 0.0) == 0.0:
        begin += 1
    end = n_flows
    while load(flows, (end - 1) * stride + offset, 0.0) == 0.0:
        end -= 1
    chosen = math.nan
    distance = math.inf
    found = 0
    before = 0.0
    worth_before = 0.0
    lanes = width_of(paths(LANES_OF_POINTS, 0))
    for first in range(0, POINTS, lanes):
        points = scan_point(paths(LANES_OF_POINTS, first))
        worths, _slopes = value_and_slope(flows, begin, end, stride, offset, points)
        for i in range(lanes):
            x = lane(points, i)
            worth = lane(worths, i)
            if worth == 0.0:
                continue
            if (worth < 0.0 and worth_before > 0.0) or (worth > 0.0 and worth_before < 0.0):
                falling = worth < 0.0
                root = refine(flows, begin, end, stride, offset, before, x, falling)
                found += 1
                away = abs(exp(root) - aim)
                if found == 1 or (falling and away < distance):
                    chosen = root
                    distance = away if falling else math.inf
            before = x
            worth_before = worth
    if found == 0:
        return math.nan, NO_ROOT
    return chosen, OK if found == 1 else MULTIPLE
