"""Every name of the vocabulary on fixed points, printed as JSON: run compiled and plain, to compare."""

from __future__ import annotations

import json
import sys
from typing import Any, NamedTuple

import numpy as np

from spv_sim.kernel.irr import irr
from spv_sim.kernel.jit import PLAIN, jit, kernel
from spv_sim.kernel.lanes import (
    absolute,
    all_of,
    any_of,
    bits,
    divide,
    floor,
    fma,
    from_bits,
    invert,
    lane,
    like,
    load,
    maximum,
    minimum,
    nearest,
    paths,
    sqrt,
    store,
    where,
    width_of,
    with_lane,
    word,
)
from spv_sim.kernel.rng import (
    four_uniforms,
    normal_of_step,
    normal_pair,
    two_normals,
    uniform,
    uniform_of_step,
)
from spv_sim.kernel.vmath import exp, log, ndtri, sincos2pi

WIDTHS = (1, 8, 16, 32)
COLUMNS = 34


class Pair(NamedTuple):
    first: Any
    second: Any


class Terms(NamedTuple):
    scale: float
    rows: Any


class Nested(NamedTuple):
    terms: Terms
    share: float


@jit
def turn(pair: Pair, nested: Nested, month: Any) -> Pair:
    """A step of state: values in, values out."""
    kept = minimum(pair.first, nested.terms.rows[1, month]) * nested.share
    return Pair(pair.second + kept, maximum(pair.first - kept, 0))


@kernel
def operators(width: Any, a_row: Any, b_row: Any, nested: Nested, out: Any) -> None:
    """Writes COLUMNS columns of as many items as `a_row` has."""
    n = a_row.size
    for i in range(0, n, width_of(paths(width, 0))):
        path = paths(width, i)
        a = load(a_row, i, path)
        b = load(b_row, i, path)
        store(out, i, a + b)
        store(out, n + i, a - b)
        store(out, 2 * n + i, a * b)
        store(out, 3 * n + i, divide(a, b))
        store(out, 4 * n + i, -a + 2)
        store(out, 5 * n + i, 3 * (1.5 - b) / 0.7)
        store(out, 6 * n + i, where(a < b, 1.0, 0.0) + where(a <= b, 2.0, 0.0) + where(a > b, 4, 0))
        store(out, 7 * n + i, where(a >= b, a, b) + where(a == b, 10.0, 20) + where(a != b, 100.0, 200.0))
        both = (a > 0.0) & (b > 0.0)
        one = (a > 0.0) | (b > 0.0)
        store(out, 8 * n + i, where(both, 1.0, where(one, 2.0, where(invert(one), 3.0, 4.0))))
        store(out, 9 * n + i, minimum(a, b))
        store(out, 10 * n + i, maximum(a, 1))
        store(out, 11 * n + i, absolute(a))
        store(out, 12 * n + i, sqrt(a))
        store(out, 13 * n + i, floor(a))
        store(out, 14 * n + i, nearest(a))
        store(out, 15 * n + i, fma(a, b, a))
        store(out, 16 * n + i, from_bits(bits(b) ^ word(1)))
        store(out, 17 * n + i, from_bits((((path + word(3)) * word(5)) >> word(1)) | word(1 << 62)))
        total = like(path, 0.0)
        count = like(path, 1.0)
        total += a
        total -= b
        total *= 2.0
        total /= 3
        for k in range(5):
            count = count * 1.5 + k
            if any_of(count > 4.0):
                total += where(count > 4.0, 1.0, 0.0)
            if all_of(count > 4.0):
                total += 1.0
        store(out, 18 * n + i, total)
        store(out, 19 * n + i, with_lane(a, 0, lane(a, 0)))
        pair = Pair(a, like(path, 1.0))
        for month in range(4):
            pair = turn(pair, nested, month)
        store(out, 20 * n + i, pair.first)
        store(out, 21 * n + i, pair.second)
        store(out, 22 * n + i, exp(a))
        store(out, 23 * n + i, log(a))
        store(out, 24 * n + i, log(absolute(b)))
        x, y = sincos2pi(a)
        store(out, 25 * n + i, x)
        store(out, 26 * n + i, y)
        store(out, 27 * n + i, ndtri(uniform(np.uint64(5), path, 3, 2)))
        x, y = normal_pair(np.uint64(2**63 + 11), path, 7, 0)
        store(out, 28 * n + i, x)
        store(out, 29 * n + i, y)
        far = path + word(2**33)
        store(out, 30 * n + i, normal_of_step(two_normals(np.uint64(5), far, 7, 1), 7))
        store(out, 31 * n + i, uniform_of_step(four_uniforms(np.uint64(5), far, 7, 3), 7))
        store(out, 32 * n + i, uniform(np.uint64(5), path, 7, 2))
        store(out, 33 * n + i, exp(100.0 * b))


@kernel
def rates(width: Any, flows: Any, n_flows: int, last_call: int, every: int, rate: Any, flag: Any) -> None:
    """Rates of blocks of paths, each block month-major."""
    lanes = width_of(paths(width, 0))
    block = n_flows * lanes
    for i in range(0, rate.size, lanes):
        start = i * n_flows
        r, f = irr(flows[start : start + block], n_flows, last_call, paths(width, 0), 0.01, every)
        store(rate, i, r)
        store(flag, i, f)


def irr_in_lanes(
    rows: np.ndarray, last_call: int, width: int, every: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """`irr` of (paths, months) rows, `width` at a time, or one at a time in plain Python."""
    width = 1 if PLAIN else width
    n_paths, n_flows = rows.shape
    flows = np.ascontiguousarray(rows.reshape(n_paths // width, width, n_flows).transpose(0, 2, 1)).ravel()
    rate, flag = np.empty(n_paths), np.empty(n_paths)
    rates((0,) * width, flows, n_flows, last_call, every, rate, flag)
    return rate, flag


def points() -> tuple[np.ndarray, np.ndarray]:
    """64 pairs of arguments, the awkward ones among them."""
    rng = np.random.default_rng(7)
    a = rng.normal(0.0, 3.0, 64)
    b = rng.normal(0.0, 3.0, 64)
    a[:12] = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, 1.0, 0.5, 2.5, -1.5, 5e-324, 1e300]
    b[:12] = [0.0, 1.0, 1.0, -np.inf, 2.0, np.nan, 1.0, 0.0, -0.0, 0.25, 5.0, 1e300]
    return a, b


def flow_rows() -> np.ndarray:
    """64 rows of 40 flows of every pattern of signs."""
    rng = np.random.default_rng(11)
    rows = np.abs(rng.normal(2.0, 1.0, (64, 40)))
    rows[:, 0] = -50.0
    rows[::3, 2] = -10.0
    rows[::5, 20] = -15.0
    rows[1::16] = -np.abs(rows[1::16])
    rows[2::16] = np.abs(rows[2::16])
    rows[3::16] = -rows[3::16]
    rows[4, :] = 0.0
    rows[5, :3] = [-1600.0, 10000.0, -10000.0]
    rows[5, 3:] = 0.0
    rows[6, 5:] = 0.0
    rows[7, 1:] = 0.0
    rows[7, 39] = 1e-6
    return rows


def nested() -> Nested:
    return Nested(Terms(2.0, np.arange(8.0).reshape(2, 4)), 0.75)


def computed(width: int) -> np.ndarray:
    """All columns at a width."""
    a, b = points()
    out = np.full(COLUMNS * a.size, -99.0)
    operators((0,) * width, a, b, nested(), out)
    return out.reshape(COLUMNS, a.size)


if __name__ == "__main__":
    rate, flag = irr_in_lanes(flow_rows(), 3, 1)
    json.dump({"columns": computed(1).tolist(), "rate": rate.tolist(), "flag": flag.tolist()}, sys.stdout)
