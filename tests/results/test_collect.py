"""The collector: any split of the stream gives the same bytes, memory stays bounded, order is enforced."""

from __future__ import annotations

import hashlib
import json
import tracemalloc

import numpy as np
import pytest

from spv_sim.engine.summing import BLOCK
from spv_sim.results.collect import Collector
from spv_sim.results.estimate import as_record
from spv_sim.results.estimate_all import estimate_all
from spv_sim.results.stream import is_snapshot
from spv_sim.results.variables import variables
from tests.results.invented import FACTS, collect, invent_columns, invent_flows, sum_blocks

PATHS = 11 * BLOCK + 123


def digest(collected) -> str:
    """Of the columns, the summary and every estimate."""
    state = hashlib.sha256()
    for name, column in collected.columns.items():
        state.update(name.encode() + column.tobytes())
    for flow in collected.flows.values():
        state.update(flow.sums.tobytes() + flow.batch_paths.tobytes())
    if collected.stream is not None:
        for summary in collected.stream.summaries.values():
            state.update(summary.counts.tobytes() + summary.sums.tobytes() + summary.square_sums.tobytes())
        state.update(repr(collected.stream.snapshots).encode())
    return state.hexdigest()


def answers(collected) -> str:
    estimates = estimate_all(collected, FACTS)
    return json.dumps({name: as_record(estimate) for name, estimate in estimates.items()})


@pytest.fixture(scope="module")
def columns():
    return invent_columns(PATHS)


@pytest.fixture(scope="module")
def flows():
    return {name: sum_blocks(flow) for name, flow in invent_flows(PATHS).items()}


@pytest.mark.parametrize("keep", [10**6, PATHS, PATHS - 1, 5 * BLOCK + 17, 0])
def test_any_split_gives_the_same_bytes(columns, flows, keep):
    first = collect(columns, keep, BLOCK, flows)
    for call, paths in ((2 * BLOCK, None), (5 * BLOCK, PATHS), (64 * BLOCK, PATHS)):
        other = collect(columns, keep, call, flows, paths)
        assert digest(other) == digest(first)
        assert answers(other) == answers(first)


def test_columns_are_kept_as_they_came(columns):
    collected = collect(columns, PATHS)
    assert collected.stream is None
    assert collected.kept == collected.paths == PATHS
    for name, column in columns.items():
        assert np.array_equal(collected.columns[name], column, equal_nan=True)


def test_beyond_keep_whole_blocks_stay_and_all_paths_count(columns):
    collected = collect(columns, 3 * BLOCK + 50)
    assert collected.kept == 3 * BLOCK
    assert collected.paths == PATHS
    sample = collected.sample("equity.moic")
    assert sample.count == PATHS
    # Two orders of summing 45,000 numbers of one sign.
    assert sample.mean == pytest.approx(float(columns["equity.moic"].mean()), rel=1e-12)


def test_a_growing_store_and_a_foreseen_one_hold_the_same(columns):
    # More blocks than the first allotment has room for.
    twice = {name: np.concatenate([column, column]) for name, column in columns.items()}
    assert digest(collect(twice)) == digest(collect(twice, paths=2 * PATHS))


def test_memory_does_not_grow_with_the_paths():
    few = invent_columns(BLOCK)
    no_flows = {name: np.zeros((1, FACTS.months + 1, 32)) for name in ("equity", "senior")}
    collector = Collector(variables(FACTS), keep=BLOCK)
    for block in range(20):
        collector.add(block * BLOCK, few, no_flows)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for block in range(20, 60):
        collector.add(block * BLOCK, few, no_flows)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    # Forty blocks of columns would be 25 MB; a dozen snapshots of a few hundred numbers are what may come.
    assert grown < 200_000


def test_snapshots_grow_with_the_logarithm():
    assert sum(is_snapshot(blocks) for blocks in range(1, 2**12 + 1)) <= 8 * 12 + 1
    assert all(is_snapshot(blocks) for blocks in range(1, 17))


def test_blocks_out_of_order_are_refused(columns):
    collector = Collector(variables(FACTS))
    with pytest.raises(ValueError, match="do not follow"):
        collector.add(BLOCK, columns, {})


def test_nothing_follows_a_broken_block(columns):
    collector = Collector(variables(FACTS))
    collector.add(0, {name: column[:100] for name, column in columns.items()}, {})
    with pytest.raises(ValueError, match="whole blocks"):
        collector.add(100, columns, {})


def test_sums_must_match_the_blocks(columns):
    with pytest.raises(ValueError, match="2 sums of equity"):
        Collector(variables(FACTS)).add(0, columns, {"equity": np.zeros((2, 73))})


def test_no_path_is_no_result():
    with pytest.raises(ValueError, match="no path"):
        Collector(variables(FACTS)).finish()


def test_batches_count_their_paths(columns, flows):
    collected = collect(columns, flows=flows)
    counts = collected.flows["equity"].batch_paths
    assert counts.sum() == PATHS
    assert counts.max() - counts.min() == 1
    expected = invent_flows(PATHS)["equity"].mean(axis=0)
    np.testing.assert_allclose(collected.flows["equity"].mean, expected, rtol=1e-12)


def test_sums_by_block_make_batches_in_turn(columns):
    by_block = {name: sum_blocks(flow, 1)[:, :, 0] for name, flow in invent_flows(PATHS).items()}
    collected = collect(columns, flows=by_block)
    counts = collected.flows["senior"].batch_paths
    assert counts.tolist() == [BLOCK] * 11 + [123] + [0] * 20
    np.testing.assert_allclose(
        collected.flows["senior"].mean, invent_flows(PATHS)["senior"].mean(axis=0), rtol=1e-12
    )
