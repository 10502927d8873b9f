"""Paths found by a column are those that sorting all of them in plain Python finds."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spv_sim.analysis import find_paths
from spv_sim.analysis.breach import IdentityError
from spv_sim.analysis.find_paths import BY, UNITS, Worst, column_unit, quantile_path, worst_paths
from spv_sim.analysis.simulation import run_simulation
from spv_sim.closing.close import Closed, close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import run_chunk
from spv_sim.errors import UserError
from spv_sim.scenario.read import read
from tests.cli.process import BASE
from tests.strategies import examples
from tests.test_metamorphic import load

PATHS = 20_000
"""More than one chunk of 16,384."""
SEED = 3
CODES = ("irr_flag", "yield_flag", "outcome", "event_of_default_cause")
VALUES = st.sampled_from([-math.inf, -1.0, -0.0, 0.0, 1.0, 2.0, math.inf, math.nan])


@pytest.fixture(scope="module")
def closed() -> Closed:
    return close(read(BASE, ["credit.hazard=20 %/year"]).scenario)


@pytest.fixture(scope="module")
def columns(closed: Closed) -> dict[str, list[float]]:
    """All paths at once."""
    rows = run_chunk(closed.terms, SEED, 0, PATHS).columns
    return {name: row.tolist() for name, row in zip(column_names(closed.tranches), rows, strict=True)}


def in_order(values: list[float], highest_first: bool) -> list[int]:
    """Path numbers from the worst on, NaN last, equals by number."""
    sign = -1 if highest_first else 1
    return sorted(
        range(len(values)),
        key=lambda path: (math.isnan(values[path]), 0 if math.isnan(values[path]) else sign * values[path]),
    )


@examples(200)
@given(
    values=st.lists(VALUES, min_size=1, max_size=40),
    cuts=st.lists(st.integers(1, 39), max_size=4),
    count=st.integers(1, 45),
    highest_first=st.booleans(),
)
def test_the_worst_of_any_values_in_any_chunks(
    values: list[float], cuts: list[int], count: int, highest_first: bool
) -> None:
    worst = Worst(1, highest_first, count)
    edges = sorted({0, len(values), *(cut for cut in cuts if cut < len(values))})
    for start, end in pairwise(edges):
        part = np.array(values[start:end])
        worst.add(start, np.stack([100.0 + np.arange(start, end), part]))
    expected = in_order(values, highest_first)[:count]
    assert worst.numbers.tolist() == expected
    assert worst.columns is not None
    assert worst.columns[0].tolist() == [100.0 + path for path in expected]
    np.testing.assert_array_equal(worst.columns[1], [values[path] for path in expected])
    assert worst.undefined == sum(map(math.isnan, values))


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize(
    ("by", "highest_first"),
    [
        ("equity.npv", False),
        ("senior.loss", True),
        ("spv.min_dscr", False),
        ("lessee.default_month", False),
        ("equity.payback", True),
    ],
)
def test_the_worst_paths_of_a_run(
    closed: Closed, columns: dict[str, list[float]], by: str, highest_first: bool, workers: int
) -> None:
    worst = worst_paths(closed, by, 12, PATHS, SEED, workers)
    assert worst.highest_first == highest_first
    assert [row.path for row in worst.found] == in_order(columns[by], highest_first)[:12]
    for row in worst.found:
        for name, value in row.columns.items():
            assert value == pytest.approx(columns[name][row.path], rel=0, abs=0, nan_ok=True), name
    assert worst.shown[0] == by
    assert len(set(worst.shown)) == len(worst.shown)


def test_asking_for_more_than_there_are_lists_all(closed: Closed, columns: dict[str, list[float]]) -> None:
    worst = worst_paths(closed, BY, 50, 7, SEED)
    assert [row.path for row in worst.found] == in_order(columns[BY][:7], False)
    assert (worst.simulated, worst.undefined) == (7, 0)


def test_the_search_holds_only_what_it_lists(closed: Closed) -> None:
    """Whatever the number of paths, no more than the asked ones stay between chunks."""
    worst = Worst(0, False, 5)
    draw = np.random.default_rng(1)
    for chunk in range(50):
        worst.add(chunk * 1000, draw.normal(size=(3, 1000)))
        assert worst.columns is not None
        assert worst.columns.shape == (3, 5)


@pytest.mark.parametrize("by", ["equity.irr", "equity.npv", "senior.loss_pv", "spv.min_dscr"])
@pytest.mark.parametrize("level", [0.01, 0.05, 0.5, 0.99])
def test_a_quantile_is_the_one_of_the_run(closed: Closed, by: str, level: float) -> None:
    """The path's value is the run's own order statistic, bit for bit."""
    found = quantile_path(closed, by, level, PATHS, SEED, PATHS)
    done = run_simulation(closed, PATHS, SEED, PATHS)
    metric = {"senior.loss_pv": "senior.expected_loss_pv"}.get(by, by)
    assert found.value == done.estimates[metric].quantiles[level].value
    assert done.collected.columns[by][found.path] == found.value
    assert found.count == done.collected.sample(by).count


def test_quantiles_by_hand(closed: Closed, columns: dict[str, list[float]]) -> None:
    """⌈7 · 0.5⌉ = 4, ⌈7 · 0.01⌉ = 1; the ends are the extremes; equals by number."""
    values = columns[BY][:7]
    order = in_order(values, False)
    for level, rank in ((0.0, 1), (0.01, 1), (0.5, 4), (4 / 7, 4), (0.58, 5), (1.0, 7)):
        found = quantile_path(closed, BY, level, 7, SEED, 7)
        assert (found.rank, found.path, found.value) == (rank, order[rank - 1], values[order[rank - 1]])


def test_undefined_paths_stand_beside_the_ranks() -> None:
    closed = close(load("capital.debt_share=0 %"))
    with pytest.raises(UserError, match=r"senior\.wal is not defined on any of the 9 paths"):
        quantile_path(closed, "senior.wal", 0.5, 9, 0, 9)
    worst = worst_paths(closed, "senior.wal", 3, 9, 0)
    assert ([row.path for row in worst.found], worst.undefined) == ([0, 1, 2], 9)


def test_more_paths_than_may_be_kept(closed: Closed) -> None:
    with pytest.raises(UserError, match=r"all 10 paths, and monte_carlo\.keep is 9") as fault:
        quantile_path(closed, BY, 0.5, 10, 0, 9)
    assert fault.value.exit_code == 2
    assert "--keep 10" in str(fault.value)


@pytest.mark.parametrize(
    ("by", "near"),
    [
        ("equity.nvp", "did you mean `equity.npv`"),
        ("senior.expected_loss", "did you mean `senior.loss`"),
        ("senior.probability_of_event_of_default", "did you mean `senior.event_of_default_month`"),
        ("7", "the columns are equity.irr, "),
    ],
)
def test_an_unknown_column_leads_to_a_known_one(closed: Closed, by: str, near: str) -> None:
    for search in (
        lambda: worst_paths(closed, by, 1, 10, 0),
        lambda: quantile_path(closed, by, 0.5, 10, 0, 10),
    ):
        with pytest.raises(UserError, match=f"{by} is not a column of a path") as fault:
            search()
        assert near in str(fault.value)
        assert fault.value.exit_code == 2


def test_a_broken_identity_stops_the_search(closed: Closed, monkeypatch: pytest.MonkeyPatch) -> None:
    sound, breach = find_paths.simulate, column_names(closed.tranches).index("spv.breach")

    def broken(*arguments: object, **named: object) -> object:
        for chunk in sound(*arguments, **named):  # type: ignore[arg-type]
            chunk.columns[breach, 4] = 1e-8
            yield chunk

    monkeypatch.setattr(find_paths, "simulate", broken)
    with pytest.raises(IdentityError, match="path 4"):
        worst_paths(closed, BY, 1, 10, 0)


def test_every_column_has_its_unit(closed: Closed) -> None:
    """Only codes and the violation, a share of the uses, have none; no table names a column that is not."""
    names = {name.split(".")[1] for name in column_names(closed.tranches, refinances=True)}
    assert {name for name in names if not column_unit(f"x.{name}")} == {*CODES, "breach"}
    assert {column for columns in UNITS.values() for column in columns} <= names
    assert names >= find_paths.HIGHEST_IS_WORST
    assert set(find_paths.KEY_COLUMNS) <= names
