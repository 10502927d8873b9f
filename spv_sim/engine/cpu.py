"""Runs blocks of paths on a pool of threads and hands the results over in path order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from llvmlite.binding import get_host_cpu_features as host_features
from numpy.typing import NDArray

from spv_sim.engine.block import Scratch, run_block
from spv_sim.engine.layout import Layout, lay_out
from spv_sim.engine.ledger import count_rows
from spv_sim.engine.summing import BLOCK, SLOTS
from spv_sim.engine.terms import Common, Programme, Terms, common_of, deals_of
from spv_sim.engine.ties import PROGRAMME_COLUMNS
from spv_sim.kernel.jit import PLAIN, guarded
from spv_sim.kernel.shelf import Shelf

LANES = 1 if PLAIN else 16 if host_features().get("avx512f") else 8
"""Paths side by side: the width that measures fastest. Bits do not depend on it; plain Python knows one."""

CHUNK_BLOCKS = 4
CACHE_LINE = 64
"""Bytes; as many as the widest register holds."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Chunk:
    """Results of consecutive blocks.

    columns : (n_columns, n_paths) float64.
    flow_sums : (n_blocks, investors, months + 1, SLOTS) float64, flows of each deal's equity, of each of
        its tranches and classes of equity, summed over the block's paths whose number leaves the same rest by
        SLOTS [USD].
    """

    first_path: int
    columns: Array
    flow_sums: Array


def available_workers() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Ready:
    """What a run's blocks share, laid out for the kernel."""

    common: Common
    deals: Shelf
    layout: Layout

    @property
    def n_columns(self) -> int:
        """Number of columns that a path leaves."""
        return int(self.layout.columns[-1]) + (len(PROGRAMME_COLUMNS) if self.is_programme else 0)

    @property
    def n_flows(self) -> int:
        """Number of flows of a path; those of all equity together go behind those of the deals."""
        return int(self.layout.flows[-1]) + (self.layout.last_month + 1 if self.is_programme else 0)

    @property
    def is_programme(self) -> bool:
        """Whether there are several deals."""
        return len(self.layout.cells) > 2


def make_ready(terms: Terms | Programme) -> Ready:
    """Lay a run's terms out."""
    deals = deals_of(terms)
    return Ready(common_of(terms), guarded(lambda: Shelf(deals)), lay_out(deals))


def aligned(size: int) -> Array:
    """Zeros that begin with a line of the cache, so that no access to lanes meets two of them."""
    room = np.zeros(size + CACHE_LINE // 8)
    begin = -room.ctypes.data % CACHE_LINE // 8
    return room[begin : begin + size]


def launch(
    ready: Ready,
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
    width, layout = (0,) * lanes, ready.layout
    first, key = np.uint64(first_path), np.uint64(seed)
    padded = -(-n_paths // SLOTS) * SLOTS
    stride_of_rows = padded + CACHE_LINE // 8
    scratch = Scratch(
        flows=aligned(ready.n_flows * lanes),
        cells=aligned(layout.cells[-1] * lanes),
        trunk=np.empty(layout.cells[-1]),
        rows=aligned(len(columns) * stride_of_rows).reshape(len(columns), stride_of_rows),
        default_months=np.empty(padded),
        own_months=np.empty(padded),
        order=np.empty(padded, dtype=np.uint64),
        begins=np.empty(layout.last_month + 2, dtype=np.int64),
    )
    guarded(
        lambda: run_block(
            width,
            ready.common,
            ready.deals,
            layout,
            key,
            first,
            n_paths,
            columns,
            begin,
            flow_sums,
            scratch,
            ledger,
            stride,
        )
    )


def run_chunk(
    terms: Terms | Programme, seed: int, first_path: int, n_paths: int, lanes: int = LANES
) -> Chunk:
    """Run paths `first_path` … `first_path + n_paths - 1`, block by block."""
    return run_ready(make_ready(terms), seed, first_path, n_paths, lanes)


def run_ready(ready: Ready, seed: int, first_path: int, n_paths: int, lanes: int) -> Chunk:
    """The same for terms that are laid out."""
    n_blocks, layout = -(-n_paths // BLOCK), ready.layout
    columns = np.empty((ready.n_columns, n_paths))
    sums = np.zeros((n_blocks, layout.investors[-1], layout.last_month + 1, SLOTS))
    no_ledger = np.empty(0)
    for block in range(n_blocks):
        start = block * BLOCK
        count = min(BLOCK, n_paths - start)
        launch(ready, seed, first_path + start, count, lanes, columns, start, sums[block], no_ledger, 0)
    return Chunk(first_path, columns, sums)


def simulate(
    terms: Terms | Programme,
    n_paths: int,
    seed: int,
    workers: int | None = None,
    chunk_blocks: int = CHUNK_BLOCKS,
    lanes: int = LANES,
) -> Generator[Chunk, None, None]:
    """Yield the chunks of a run in path order.

    The numbers depend on (terms, n_paths, seed) alone: not on `workers`, `chunk_blocks` or `lanes`.
    """
    workers, ready = workers or available_workers(), make_ready(terms)
    size = chunk_blocks * BLOCK
    starts = iter(range(0, n_paths, size))
    with ThreadPoolExecutor(workers, thread_name_prefix="paths") as pool:
        waiting: deque[Future[Chunk]] = deque()
        try:
            while True:
                while len(waiting) < 2 * workers and (start := next(starts, None)) is not None:
                    waiting.append(
                        pool.submit(run_ready, ready, seed, start, min(size, n_paths - start), lanes)
                    )
                if not waiting:
                    return
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def ledgers(
    terms: Terms, names: Sequence[str], seed: int, first_path: int, n_paths: int, lanes: int = LANES
) -> dict[str, Array]:
    """Month by month record of some paths: (months + 1, n_paths) float64 by name.

    `names` are all those of `ledger_names` for the deal.

    Months up to completion are NaN: they are the same on every path and known at closing.

    Raises
    ------
    ValueError : there are not as many names as rows.
    """
    if len(names) != count_rows(terms.deal):
        raise ValueError(f"{len(names)} names for the {count_rows(terms.deal)} rows of the ledger")
    return programme_ledgers(terms, [names], seed, first_path, n_paths, lanes)[0]


def programme_ledgers(
    terms: Terms | Programme,
    rows: Sequence[Sequence[str]],
    seed: int,
    first_path: int,
    n_paths: int,
    lanes: int = LANES,
) -> list[dict[str, Array]]:
    """The same of every deal, each with the names of its rows."""
    ready = make_ready(terms)
    layout, stride = ready.layout, -(-n_paths // SLOTS) * SLOTS
    ledger = np.full(layout.ledger[-1] * stride, np.nan)
    columns = np.empty((ready.n_columns, n_paths))
    sums = np.zeros((layout.investors[-1], layout.last_month + 1, SLOTS))
    launch(ready, seed, first_path, n_paths, lanes, columns, 0, sums, ledger, stride)
    found = []
    for d, names in enumerate(rows):
        own = ledger[layout.ledger[d] * stride : layout.ledger[d + 1] * stride]
        by_month = own.reshape(-1, len(names), stride)[:, :, :n_paths]
        found.append({name: by_month[:, row] for row, name in enumerate(names)})
    return found
