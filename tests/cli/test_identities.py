"""`spv-sim run` refuses to publish a run that breaks an identity of the cash, and names the path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spv_sim.analysis import base_case, simulation
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import Chunk
from tests.cli.invoke import Shell
from tests.cli.process import BASE, below

pytestmark = pytest.mark.usefixtures("compiled")

QUICK = ("--no-report", "--paths", "50")
BREACH = column_names(["senior"]).index("spv.breach")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def break_path(path: int, violation: float) -> Callable[..., Any]:
    """A simulation in which one path violates an identity."""
    sound = simulation.simulate

    def simulate(*arguments: Any, **named: Any) -> Any:
        for chunk in sound(*arguments, **named):
            columns = chunk.columns.copy()
            if 0 <= path - chunk.first_path < columns.shape[1]:
                columns[BREACH, path - chunk.first_path] = violation
            yield replace(chunk, columns=columns)

    return simulate


@pytest.mark.parametrize(("path", "keep"), [(0, 50_000), (17_003, 50_000), (17_003, 100)])
def test_a_broken_identity_fails_the_run(
    shell: Shell, here: Path, monkeypatch: pytest.MonkeyPatch, path: int, keep: int
) -> None:
    monkeypatch.setattr(simulation, "simulate", break_path(path, 2e-9))
    sets = ("--set", "deal.name=a b")
    done = shell("run", BASE, "--no-report", "--paths", 20_000, "--seed", 4, "--keep", keep, *sets)
    assert (done.status, done.out) == (70, "")
    assert f"does not hold on path {path}: 2.0e-09 of the total uses, allowed 1e-09" in done.err
    command = f"spv-sim replay {BASE} {path} --seed 4 --set 'deal.name=a b'"
    assert command in done.err
    assert below(here) == []
    assert shell("replay", BASE, path, "--seed", 4, *sets).status == 0


def test_an_identity_within_rounding_passes(
    shell: Shell, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "simulate", break_path(7, 0.99e-9))
    assert shell("run", BASE, *QUICK, "-o", "out").status == 0


def test_an_undefined_identity_fails_the_run(
    shell: Shell, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "simulate", break_path(7, np.nan))
    done = shell("run", BASE, *QUICK)
    assert (done.status, done.out) == (70, "")
    assert "does not hold on path 7: not defined" in done.err
    assert below(here) == []


def test_a_broken_base_case_fails_the_run(shell: Shell, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = base_case.run_chunk

    def broken(*arguments: Any, **named: Any) -> Chunk:
        chunk = sound(*arguments, **named)
        chunk.columns[BREACH] = 1.0
        return chunk

    monkeypatch.setattr(base_case, "run_chunk", broken)
    done = shell("run", BASE, *QUICK)
    assert (done.status, done.out) == (70, "")
    assert "does not hold on the base case" in done.err
    assert below(here) == []
