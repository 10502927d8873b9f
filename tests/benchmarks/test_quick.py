"""The quick run: every row is there, none of it nonsense; how fast anything is stays untested."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from benchmarks import threads, waterfall
from benchmarks.__main__ import NAMES, TOO_SLOW_FOR_QUICK, main
from benchmarks.scenario import base_deal
from spv_sim.engine.cpu import CHUNK_BLOCKS, available_workers
from spv_sim.engine.summing import BLOCK
from spv_sim.scenario.waterfall import steps_of

EXPECTED = {
    "engine / SFC64 drawing the same normals",
    "engine / SFC64 drawing 3 × months",
    "engine, core model / SFC64 drawing the same normals",
    "priority written out / usual",
    "a longer priority / usual",
    "normals / SFC64",
    "IRR: pyxirr / lanes, equity flows",
    "IRR: pyxirr / lanes, with a late call",
    "`spv-sim --help` / `python -c pass`",
    "`spv-sim validate` / `python -c pass`",
    "`run` 2,000 paths, no report / `import numba`",
}
IN_PAIRS = {"two threads against one: engine", "two threads against one: SFC64"}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder: Path = tmp_path_factory.mktemp("results")
    assert main(["--quick", "-o", str(folder)]) == 0
    kept = json.loads((folder / "latest.json").read_text(encoding="utf-8"))
    assert kept["quick"] is True
    assert "smoke" in (folder / "latest.md").read_text(encoding="utf-8")
    return list(kept["rows"])


def test_every_row_is_there(rows: list[dict[str, Any]]) -> None:
    assert {row["name"] for row in rows} == EXPECTED | (IN_PAIRS if available_workers() > 1 else set())


def test_every_figure_is_finite_and_positive(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        figures = [row[name] for name in ("ours", "theirs", "low", "ratio", "high")]
        assert all(math.isfinite(figure) and figure > 0 for figure in figures), row
        assert row["low"] <= row["ratio"] <= row["high"]


def test_help_imports_nothing_heavy(rows: list[dict[str, Any]]) -> None:
    notes = {row["name"]: row["note"] for row in rows}
    assert notes["`spv-sim --help` / `python -c pass`"] == "heavy imports: none"
    assert notes["`spv-sim validate` / `python -c pass`"] == "heavy imports: pydantic"


def test_any_number_of_threads_has_one_digest() -> None:
    paths = CHUNK_BLOCKS * BLOCK + 100
    assert threads.digest(paths, 1) == threads.digest(paths, 2)
    assert threads.digest(paths, 1) != threads.digest(paths - 1, 1)


def test_a_fast_wrong_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "available_workers", lambda: 2)
    monkeypatch.setattr(threads, "digest", lambda paths, workers: str(workers))
    with pytest.raises(RuntimeError, match="one thread answers 1, two answer 2"):
        threads.measure(quick=True)


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["enigne"])
    assert "no benchmark enigne" in capsys.readouterr().err
    assert set(TOO_SLOW_FOR_QUICK) < set(NAMES)


def test_priorities_that_pay_something_else_are_an_error() -> None:
    scenario, usual = base_deal().scenario, base_deal().terms
    lists = steps_of(scenario.waterfall, scenario.capital, scenario.accounts)
    without_reserves = waterfall.with_lists(
        [step for step in lists[0] if step.accounts != ["trap", "dsra"]], lists[1]
    )
    with pytest.raises(RuntimeError, match="should pay the same"):
        waterfall.check_equal(usual, without_reserves, BLOCK)
