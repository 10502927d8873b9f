"""Runs blocks of paths on a pool of threads and hands the results over in path order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from llvmlite.binding import get_host_cpu_features as host_features
from numpy.typing import NDArray

from spv_sim.engine.block import BLOCK, SLOTS, Scratch, run_block
from spv_sim.engine.columns import Columns
from spv_sim.engine.path import LedgerRow, Terms
from spv_sim.kernel.jit import guarded

LANES = 16 if host_features().get("avx512f") else 8
"""Paths side by side: as many as keep the processor's vector units busy without running out of registers."""

CHUNK_BLOCKS = 4

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Chunk:
    """Results of consecutive blocks.

    columns : (n_columns, n_paths) float64.
    flow_sums : (n_blocks, 2, months + 1, SLOTS) float64, equity and lender flows of each block, summed over
        the paths whose number leaves the same rest by SLOTS [USD].
    """

    first_path: int
    columns: Array
    flow_sums: Array


def available_workers() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
        equity_flows=np.empty(months * lanes),
        lender_flows=np.empty(months * lanes),
        rows=np.empty((len(Columns._fields), padded)),
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
    n_blocks = -(-n_paths // BLOCK)
    columns = np.empty((len(Columns._fields), n_paths))
    sums = np.zeros((n_blocks, 2, months, SLOTS))
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


def ledgers(terms: Terms, seed: int, first_path: int, n_paths: int, lanes: int = LANES) -> dict[str, Array]:
    """Month by month record of some paths: (months + 1, n_paths) float64 by name of `LedgerRow`.

    Months up to completion are NaN: they are the same on every path and known at closing.
    """
    months = terms.deal.last_month + 1
    stride = -(-n_paths // SLOTS) * SLOTS
    ledger = np.full(months * len(LedgerRow._fields) * stride, np.nan)
    columns = np.empty((len(Columns._fields), n_paths))
    launch(terms, seed, first_path, n_paths, lanes, columns, 0, np.zeros((2, months, SLOTS)), ledger, stride)
    rows = ledger.reshape(months, len(LedgerRow._fields), stride)[:, :, :n_paths]
    return {name: rows[:, column] for column, name in enumerate(LedgerRow._fields)}
