"""Our normals, drawn by address, against numpy's SFC64."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.row import Row, at_most, compare
from benchmarks.sfc64 import draw, make
from spv_sim.bench.timing import interleave
from spv_sim.engine.cpu import LANES
from spv_sim.kernel.jit import guarded, kernel
from spv_sim.kernel.lanes import paths, store
from spv_sim.kernel.rng import PRICE_BLOCK, normal_pair

NANO = 1e9


@kernel
def fill(width: Any, seed: Any, out: Any, rounds: int) -> None:
    """Overwrite `out` with the normals of addresses one after the other, `rounds` times."""
    lanes = len(width)
    for step in range(rounds):
        for start in range(0, out.size, 2 * lanes):
            first, second = normal_pair(seed, paths(width, start), step, PRICE_BLOCK)
            store(out, start, first)
            store(out, start + lanes, second)


def draw_ours(out: np.ndarray, rounds: int, lanes: int = LANES, seed: int = 0) -> None:
    """Fill `out`, of a multiple of 2 × lanes, `rounds` times."""
    guarded(lambda: fill((0,) * lanes, np.uint64(seed), out, rounds))


def measure(quick: bool) -> list[Row]:
    """Time per normal, stored, each into a buffer that stays in the cache; one thread (`thread_time`).

    Raises
    ------
    RuntimeError : what is drawn is not normal.
    """
    generator, buffer = make()
    out, rounds = np.empty_like(buffer), 8 if quick else 64
    count = rounds * out.size
    draw_ours(out, 1)
    # Six standard errors of mean and variance of this many normals.
    if abs(out.mean()) > 6 / out.size**0.5 or abs(out.var() - 1) > 6 * (2 / out.size) ** 0.5:
        raise RuntimeError(f"normals of mean {out.mean()} and variance {out.var()}")
    ours, theirs = interleave(
        lambda: draw_ours(out, rounds),
        lambda: draw(generator, buffer, count),
        repetitions=3 if quick else 25,
    )
    return [
        compare(
            "normals / SFC64",
            "ns/normal",
            [NANO * seconds / count for seconds in ours],
            [NANO * seconds / count for seconds in theirs],
            at_most(0.20),
            "Philox4x32-10, 52-bit uniforms, Box-Muller",
        )
    ]
