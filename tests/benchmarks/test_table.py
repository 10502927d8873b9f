"""Rows, goals and the table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import machine
from benchmarks.row import at_least, at_most, compare, within
from benchmarks.table import write
from spv_sim.bench.machine import describe
from spv_sim.bench.pairs import number
from spv_sim.bench.timing import interleave


def test_the_ratio_is_the_median_of_pairs() -> None:
    row = compare("a", "s", [1.0, 2.0, 9.0], [2.0, 2.0, 3.0])
    assert (row.ours, row.theirs, row.ratio, row.low, row.high) == (2.0, 2.0, 1.0, 0.5, 3.0)
    gain = compare("a", "s", [1.0, 2.0, 9.0], [2.0, 2.0, 3.0], is_gain=True)
    assert (gain.ratio, gain.low, gain.high) == (1.0, 1 / 3, 2.0)


def test_goals() -> None:
    assert compare("a", "s", [4.0], [10.0], at_most(0.4)).is_met is True
    assert compare("a", "s", [5.0], [10.0], at_most(0.4)).is_met is False
    assert compare("a", "s", [5.0], [10.0], at_least(1.8), is_gain=True).is_met is True
    assert compare("a", "s", [6.0], [10.0], at_least(1.8), is_gain=True).is_met is False
    assert compare("a", "s", [5.0], [0.1], within(5.0)).is_met is True
    assert compare("a", "s", [5.0], [0.1], within(4.9)).is_met is False
    assert compare("a", "s", [5.0], [0.1]).is_met is None


def test_numbers_have_three_digits() -> None:
    assert [number(value) for value in (23456.7, 123.4, 12.345, 1.2345, 0.012345)] == [
        "23,457",
        "123",
        "12.35",
        "1.23",
        "0.0123",
    ]


def test_every_call_is_timed_as_often() -> None:
    seconds = interleave(lambda: sum(range(100)), lambda: sum(range(200)), repetitions=3)
    assert [len(series) for series in seconds] == [3, 3]


def test_both_files_tell_the_same_rows(tmp_path: Path) -> None:
    row = compare("thing / other", "ms", [2.0], [1.0], within(5.0), "why")
    text = write([row], describe(), False, tmp_path / "results")
    assert (tmp_path / "results" / "latest.md").read_text(encoding="utf-8") == text
    assert "| thing / other | ms | 2 | 1 | 2 | 2 … 2 | ≤ 5 ms | yes | why |" in text
    kept = json.loads((tmp_path / "results" / "latest.json").read_text(encoding="utf-8"))
    assert kept["rows"] == [row.record()]
    assert kept["machine"]["cpu"] in text
    assert kept["machine"]["packages"]["numpy"]


@pytest.mark.parametrize(("now", "changed"), [("a", False), ("b", True)])
def test_changed_sources_are_noticed(monkeypatch: pytest.MonkeyPatch, now: str, changed: bool) -> None:
    def at_the_start() -> str:
        return "a"

    at_the_start.__wrapped__ = lambda: now  # type: ignore[attr-defined]
    monkeypatch.setattr(machine, "kernel_digest", at_the_start)
    assert machine.have_sources_changed() is changed


def test_figures_of_two_sources_are_marked(tmp_path: Path) -> None:
    row = compare("a", "s", [2.0], [1.0])
    seen = describe()
    assert "Measure again" not in write([row], {**seen, "sources_changed": False}, False, tmp_path)
    assert "Measure again" in write([row], {**seen, "sources_changed": True}, False, tmp_path)
