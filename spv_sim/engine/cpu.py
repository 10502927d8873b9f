"""Runs blocks of paths on a pool of threads and hands the results over in path order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from llvmlite.binding import get_host_cpu_features as host_features
from numpy.typing import NDArray

from spv_sim.engine.block import BLOCK, SLOTS, Scratch, run_block
from spv_sim.engine.columns import N_CLASS_COLUMNS, N_DEAL_COLUMNS, N_TRANCHE_COLUMNS
from spv_sim.engine.ledger import ledger_names
from spv_sim.engine.path import Terms, count_investors
from spv_sim.kernel.jit import PLAIN, guarded

LANES = 1 if PLAIN else 32 if host_features().get("avx512f") else 8
"""Paths side by side: the width that measures fastest. Bits do not depend on it; plain Python knows one."""

CHUNK_BLOCKS = 4

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Chunk:
    """Results of consecutive blocks.

    columns : (n_columns, n_paths) float64.
    flow_sums : (n_blocks, 1 + n + m, months + 1, SLOTS) float64, flows of the whole equity, of each tranche
        and of each class of equity, summed over the block's paths whose number leaves the same rest by SLOTS
        [USD].
    """

    first_path: int
    columns: Array
    flow_sums: Array


def available_workers() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def n_columns(terms: Terms) -> int:
    """Number of columns that a path leaves."""
    n, m = len(terms.deal.tranche.rank), len(terms.deal.classes.preferred)
    return N_DEAL_COLUMNS + n * N_TRANCHE_COLUMNS + m * N_CLASS_COLUMNS


def launch(
    terms: Terms,
    seed: int,
    first_path: int,
    n_paths: int,
    lanes: int,
    columns: Array,
    begin: int,
    flow_sums: Array,
    ledger: Array,
    stride: int,
) -> None:
    """Run one block, whatever state the kept machine code is in."""
    width = (0,) * lanes
    first, key = np.uint64(first_path), np.uint64(seed)
    months = flow_sums.shape[1]
    padded = -(-n_paths // SLOTS) * SLOTS
    scratch = Scratch(
        flows=np.zeros(flow_sums.shape[0] * months * lanes),
        cells=np.empty(len(terms.deal.opening) * lanes),
        trunk_cells=np.empty(len(terms.deal.opening) * lanes),
        rows=np.empty((len(columns), padded)),
        default_months=np.empty(padded),
        own_months=np.empty(padded),
        order=np.empty(padded, dtype=np.uint64),
        begins=np.empty(months + 1, dtype=np.int64),
    )
    guarded(
        lambda: run_block(
            width, terms, key, first, n_paths, columns, begin, flow_sums, scratch, ledger, stride
        )
    )


def run_chunk(terms: Terms, seed: int, first_path: int, n_paths: int, lanes: int = LANES) -> Chunk:
    """Run paths `first_path` … `first_path + n_paths - 1`, block by block."""
    months = terms.deal.last_month + 1
    n_blocks, n_investors = -(-n_paths // BLOCK), count_investors(terms.deal)
    columns = np.empty((n_columns(terms), n_paths))
    sums = np.zeros((n_blocks, n_investors, months, SLOTS))
    no_ledger = np.empty(0)
    for block in range(n_blocks):
        start = block * BLOCK
        count = min(BLOCK, n_paths - start)
        launch(terms, seed, first_path + start, count, lanes, columns, start, sums[block], no_ledger, 0)
    return Chunk(first_path, columns, sums)


def simulate(
    terms: Terms,
    n_paths: int,
    seed: int,
    workers: int | None = None,
    chunk_blocks: int = CHUNK_BLOCKS,
    lanes: int = LANES,
) -> Iterator[Chunk]:
    """Yield the chunks of a run in path order.

    The numbers depend on (terms, n_paths, seed) alone: not on `workers`, `chunk_blocks` or `lanes`.
    """
    workers = workers or available_workers()
    size = chunk_blocks * BLOCK
    starts = iter(range(0, n_paths, size))
    with ThreadPoolExecutor(workers, thread_name_prefix="paths") as pool:
        waiting: deque[Future[Chunk]] = deque()
        try:
            while True:
                while len(waiting) < 2 * workers and (start := next(starts, None)) is not None:
                    waiting.append(
                        pool.submit(run_chunk, terms, seed, start, min(size, n_paths - start), lanes)
                    )
                if not waiting:
                    return
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def ledgers(
    terms: Terms,
    tranches: Sequence[str],
    seed: int,
    first_path: int,
    n_paths: int,
    lanes: int = LANES,
    classes: Sequence[str] = (),
) -> dict[str, Array]:
    """Month by month record of some paths: (months + 1, n_paths) float64 by name of `ledger_names`.

    Months up to completion are NaN: they are the same on every path and known at closing.

    Raises
    ------
    ValueError : there are not as many names as tranches and classes of equity.
    """
    if 1 + len(tranches) + len(classes) != count_investors(terms.deal):
        raise ValueError(f"{len(tranches)} tranches and {len(classes)} classes are not those of the deal")
    months, names = terms.deal.last_month + 1, ledger_names(tranches, classes)
    stride = -(-n_paths // SLOTS) * SLOTS
    ledger = np.full(months * len(names) * stride, np.nan)
    columns = np.empty((n_columns(terms), n_paths))
    sums = np.zeros((count_investors(terms.deal), months, SLOTS))
    launch(terms, seed, first_path, n_paths, lanes, columns, 0, sums, ledger, stride)
    rows = ledger.reshape(months, len(names), stride)[:, :, :n_paths]
    return {name: rows[:, row] for row, name in enumerate(names)}
