"""Two threads against one, with equal answers."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from benchmarks.row import Row, at_least, compare
from benchmarks.scenario import base_terms
from benchmarks.sfc64 import draw, make
from spv_sim.bench.timing import interleave
from spv_sim.engine.cpu import CHUNK_BLOCKS, available_workers, simulate
from spv_sim.engine.summing import BLOCK

SEED = 0
NORMALS_PER_PATH = 200
"""Of the yardstick: about as much work as our paths are, and even between the threads."""


def digest(paths: int, workers: int) -> str:
    """sha256 of every column and every sum of flows of a run."""
    found = hashlib.sha256()
    for chunk in simulate(base_terms(), paths, SEED, workers):
        found.update(chunk.columns.tobytes())
        found.update(chunk.flow_sums.tobytes())
    return found.hexdigest()


def measure(quick: bool) -> list[Row]:
    """Wall time (`perf_counter`); no row on a machine of one core.

    The second row is what the machine has to give: numpy, which shares nothing, drawing on both cores. Two
    cores that are halves of one, or that others use too, give less than 2.

    Raises
    ------
    RuntimeError : the answers differ, so that their speed means nothing.
    """
    if available_workers() < 2:
        return []
    paths = (2 if quick else 8) * CHUNK_BLOCKS * BLOCK
    one, two = (digest(paths, workers) for workers in (1, 2))
    if one != two:
        raise RuntimeError(f"one thread answers {one}, two answer {two}")
    yardsticks = [make() for _ in range(2)]

    def run(workers: int) -> None:
        for _ in simulate(base_terms(), paths, SEED, workers):
            pass

    def draw_half(number: int) -> None:
        draw(*yardsticks[number], paths * NORMALS_PER_PATH // 2)

    def draw_all(workers: int) -> None:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(draw_half, range(2)))

    pair, single, pair_of_draws, single_draw = interleave(
        lambda: run(2),
        lambda: run(1),
        lambda: draw_all(2),
        lambda: draw_all(1),
        repetitions=2 if quick else 15,
        clock=perf_counter,
    )
    note = f"{paths:,} paths; equal digests {one[:12]}"
    return [
        compare("two threads against one: engine", "s", pair, single, at_least(1.8), note, is_gain=True),
        compare(
            "two threads against one: SFC64",
            "s",
            pair_of_draws,
            single_draw,
            note="what the machine gives at most",
            is_gain=True,
        ),
    ]
