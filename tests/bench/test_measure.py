"""From what the processes found to figures; the yardstick, the peak and the workload by themselves."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spv_sim.bench.measure import combine, probe
from spv_sim.bench.measurement import ENGINE, HELP, MEMORY, TARGET
from spv_sim.bench.pairs import pair_up
from spv_sim.bench.probe import half_width
from spv_sim.bench.processes import python, run_process
from spv_sim.bench.workload import describe, load
from spv_sim.bench.yardstick import step_on
from spv_sim.errors import UserError
from spv_sim.kernel.jit import PLAIN
from spv_sim.results.estimate import Estimate
from tests.bench.made_up import ANSWERS, WORK

ROOT = Path(__file__).parents[2]
HELPS = [pair_up([0.4, 0.5], [0.1, 0.1])] * 3


def found(engine: list[float], yardstick: list[float], **other: Any) -> dict[str, Any]:
    return {
        "months": 50,
        "engine": engine,
        "yardstick": yardstick,
        "peak": 3e8,
        "answers": ANSWERS,
        "half_width": 0.002,
        "machine": {"cpu": "A"},
        **other,
    }


def test_figures_of_three_processes() -> None:
    processes = [
        found([1.0, 2.0, 9.0], [2.0, 2.0, 3.0]),
        found([2.0, 2.0, 2.0], [1.0, 1.0, 1.0], peak=4e8),
        found([4.0, 4.0, 4.0], [1.0, 1.0, 1.0]),
    ]
    measured = combine(WORK, processes, HELPS)
    engine, target = measured.figures[ENGINE], measured.figures[TARGET]
    assert engine.processes == [1.0, 2.0, 4.0]
    assert (engine.value, engine.low, engine.high) == (2.0, 0.5, 4.0)
    assert engine.note == "40,000 ns/path-month at best"  # 2 s for 1,000 paths of 50 months
    assert measured.figures[HELP].value == pytest.approx(4.5)
    assert measured.figures[MEMORY].processes == [300.0, 400.0, 300.0]
    # Twice the wanted error: four times the paths.
    assert target.processes == [4.0, 8.0, 16.0]
    assert target.note == "4,000 paths, 8 s at best"
    assert (measured.answers, measured.machine) == (ANSWERS, {"cpu": "A"})


def test_no_target_without_an_irr() -> None:
    assert TARGET not in combine(WORK, [found([1.0], [1.0], half_width=None)] * 3, HELPS).figures


def test_two_answers_of_one_run_are_an_error() -> None:
    other = found([1.0], [1.0], answers={**ANSWERS, "senior.wal": "zz"})
    with pytest.raises(RuntimeError, match=r"gave two answers: senior\.wal$"):
        combine(WORK, [found([1.0], [1.0]), other], HELPS)


def test_half_of_the_interval_of_the_irr() -> None:
    irr = Estimate(0.15, 0.001, (0.148, 0.152), 1_000)
    assert half_width({"equity.irr": irr}) == pytest.approx(0.002)
    assert half_width({}) is None
    assert half_width({"equity.irr": Estimate(0.1, 0.0, (0.1, 0.1), 9)}) is None
    assert half_width({"equity.irr": Estimate(0.1, math.nan, (-math.inf, math.inf), 1)}) is None


def test_the_yardstick_computes_what_it_says() -> None:
    first = 1_082_269_761  # of xorshift64 from 1 with shifts 13, 7, 17: 0x40822041, by hand
    assert step_on(np.uint64(1), 1) == math.exp(-(first >> 11) * 2.0**-53)
    steps = 2_000 if PLAIN else 200_000
    variance = (1 - math.exp(-2)) / 2 - (1 - math.exp(-1)) ** 2
    expected = 1 - math.exp(-1)
    assert step_on(np.uint64(1), steps) / steps == pytest.approx(
        expected, abs=5 * math.sqrt(variance / steps)
    )


PEAKS = """
from spv_sim.bench.memory import peak_memory
before = peak_memory()
held = b"x" * 200_000_000
print(before, peak_memory())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the parent counts too")
def test_the_peak_is_that_of_this_program_alone() -> None:
    held = b"x" * 300_000_000
    before, after = map(int, run_process(python(PEAKS), folder=ROOT).stdout.split())
    assert before < len(held) / 2
    assert after - before == pytest.approx(200e6, rel=0.05)


def test_a_failing_process_is_an_error_and_an_interrupted_one_an_interruption() -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3:\nwhy"):
        run_process(python("import sys; sys.stderr.write('why'); sys.exit(3)"))
    for ending in ("sys.exit(130)", "os.kill(os.getpid(), signal.SIGINT)"):
        with pytest.raises(KeyboardInterrupt):
            run_process(
                python(f"import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); {ending}")
            )


def test_a_workload_is_what_the_file_says(tmp_path: Path) -> None:
    starter = load(None, 500)
    work = describe(starter)
    assert (work.scenario, work.paths, work.seed) == ("First deal", 500, 0)
    assert starter.scenario.monte_carlo.keep == 500
    text = (ROOT / "spv_sim/scenario/starter.toml").read_text()

    def settings(changed: str) -> str:
        (tmp_path / "deal.toml").write_text(changed)
        return describe(load(str(tmp_path / "deal.toml"), 99)).settings

    assert settings(text) == work.settings
    assert settings(text.replace("First deal", "Renamed").replace("100_000", "7")) == work.settings
    assert settings(text.replace('debt_share = "70 %"', 'debt_share = "71 %"')) != work.settings


def test_the_probe_tells_faults_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "deal.toml").write_text("schema = 1\n")
    with pytest.raises(UserError) as caught:
        probe(str(tmp_path / "deal.toml"), 9, 1, print)
    with pytest.raises(UserError) as read_here:
        load(str(tmp_path / "deal.toml"), 9)
    assert caught.value.problems == read_here.value.problems
    assert caught.value.exit_code == 2
