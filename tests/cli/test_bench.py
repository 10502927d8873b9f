"""`spv-sim bench`: what it prints, its exit statuses, and that it can be stopped."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from spv_sim.bench import measure as measuring
from spv_sim.bench.baseline import read_baseline, write_baseline
from spv_sim.bench.measurement import Measurement
from spv_sim.bench.workload import Workload
from spv_sim.cli.bench import command
from tests.bench.made_up import ANSWERS, measurement
from tests.cli.invoke import Shell
from tests.cli.process import ROOT, begin, finish, spv_sim


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> list[Measurement]:
    """Measures nothing: takes the first of these figures, for whatever is asked for."""
    waiting = [measurement()]

    def take(file: str | None, work: Workload, pairs: int, say: Any) -> Measurement:
        say("made up")
        found = waiting[0]
        return Measurement(work, found.figures, found.answers, found.machine)

    monkeypatch.setattr(measuring, "measure", take)
    return waiting


def test_a_baseline_is_written_and_passed(shell: Shell, made_up: list[Measurement], tmp_path: Path) -> None:
    done = shell("bench", "--write", tmp_path / "b.json")
    assert (done.status, done.err) == (0, "bench: made up\n")
    assert "ok" not in done.out.split()
    done = shell("bench", "--gate", tmp_path / "b.json", "-q")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1].split() == ["answers", "3", "of", "3", "digests", "equal", "ok"]


@pytest.mark.parametrize(
    "worse",
    [
        measurement(engine=(1.3, 1.3, 1.3)),
        measurement(help=(5.5, 5.5, 5.5)),
        measurement(memory=(400.0, 400.0, 400.0)),
        measurement(answers={**ANSWERS, "equity.irr": "zz"}),
    ],
    ids=["slower", "slower-help", "larger", "wrong"],
)
@pytest.mark.parametrize("form", ["text", "junit"])
def test_a_gate_that_fails_is_status_1_in_every_format(
    shell: Shell, made_up: list[Measurement], tmp_path: Path, worse: Measurement, form: str
) -> None:
    shell("bench", "--write", tmp_path / "b.json")
    made_up[0] = worse
    done = shell("bench", "--gate", tmp_path / "b.json", "--format", form, "--write", tmp_path / "now.json")
    assert done.status == 1
    assert ("<failure" if form == "junit" else "baseline") in done.out
    assert read_baseline(tmp_path / "now.json").figures == worse.figures


def test_another_processor_is_said(shell: Shell, made_up: list[Measurement], tmp_path: Path) -> None:
    shell("bench", "--write", tmp_path / "b.json")
    made_up[0] = measurement(cpu="B")
    done = shell("bench", "--gate", tmp_path / "b.json", "-q")
    assert done.status == 0
    assert done.err.startswith("bench: warning: the baseline is of another processor: A, this is B")


FAULTS: Sequence[tuple[Sequence[str], int, str]] = [
    (["--gate", "absent.json"], 2, "absent.json: error[baseline] cannot read the baseline: No such file"),
    (["--gate", "deal.toml"], 2, "deal.toml: error[baseline] the baseline is not JSON"),
    (["--gate", "b.json", "--paths", "7"], 2, "measured with paths 65,536, this is a run with paths 7"),
    (["deal.toml", "--gate", "b.json"], 2, "b.json: error[baseline] the baseline is of another scenario"),
    (["--gate", "b.json", "--write", "./b.json"], 2, "--gate and --write name one file"),
    (["--write", "deal.toml"], 2, "deal.toml: error[exists]"),
    (["--write", "absent/b.json"], 4, "error[cannot-write] cannot write the baseline"),
    (["absent.toml"], 2, "absent.toml: error[unreadable]"),
    (["--format", "xml"], 2, "'xml' is not one of 'text', 'native', 'bmf', 'gha', 'junit', 'markdown'"),
    (["--paths", "0"], 2, "0 is not in the range"),
    (["--pairs", "many"], 2, "'many' is not a valid integer range"),
]


@pytest.mark.parametrize(("words", "status", "said"), FAULTS, ids=range(len(FAULTS)))
def test_faults_are_told_before_anything_is_measured(
    shell: Shell,
    made_up: list[Measurement],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: Sequence[str],
    status: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    starter = (ROOT / "spv_sim/scenario/starter.toml").read_text()
    (tmp_path / "deal.toml").write_text(starter.replace('"70 %"', '"60 %"'))
    shell("bench", "--write", "b.json", "-q")
    before = (tmp_path / "b.json").read_bytes()
    done = shell("bench", *words)
    assert (done.status, done.out) == (status, "")
    assert said in " ".join(done.err.split())
    assert "made up" not in done.err
    assert (tmp_path / "b.json").read_bytes() == before


@pytest.mark.usefixtures("compiled")
def test_three_processes_measure_and_a_wrong_answer_is_found(tmp_path: Path) -> None:
    small = ("bench", "--paths", 64, "--pairs", 1)
    done = spv_sim(*small, "--write", "b.json", "--format", "gha", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "process" in line] == [
        f"bench: process {number} of 3" for number in (1, 2, 3)
    ]
    names = [each["name"] for each in json.loads(done.stdout)]
    assert names == [f"First deal: {name}" for name in ("engine", "help", "memory", "time-to-target")]

    kept = read_baseline(tmp_path / "b.json")
    assert all(len(figure.processes) == 3 for figure in kept.figures.values())
    generous = {
        name: type(figure)(**{**vars(figure), "processes": [1e9 * value for value in figure.processes]})
        for name, figure in kept.figures.items()
    }
    wrong = {**kept.answers, "equity.irr": "another"}
    write_baseline(tmp_path / "b.json", Measurement(kept.workload, generous, wrong, kept.machine))
    done = spv_sim(*small, "--gate", "b.json", "--format", "native", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    verdicts = json.loads(done.stdout)["gate"]["verdicts"]
    (failed,) = [verdict for verdict in verdicts if not verdict["is_met"]]
    assert failed["value"] == f"{len(wrong) - 1} of {len(wrong)} digests equal"
    assert failed["reason"] == "other answers than the baseline's: equity.irr"


def test_a_fault_of_the_closing_is_told_as_run_tells_it(tmp_path: Path) -> None:
    """Found by the first process that measures."""
    starter = (ROOT / "spv_sim/scenario/starter.toml").read_text()
    inverted = (
        'quotes = { kind = "cds", recovery = 0.4, flat_rate = "3.8 %", '
        'spreads = { "1 year" = "1000 bps", "2 years" = "100 bps" } }'
    )
    text = starter.replace('hazard = "5 %/year"', inverted + " #").replace('measure = "P"', 'measure = "Q"')
    (tmp_path / "deal.toml").write_text(text)
    done = spv_sim("bench", "deal.toml", "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[no-hazard]" in done.stderr
    assert done.stderr == spv_sim("run", "deal.toml", "-q", cwd=tmp_path).stderr


def processes_that_name(word: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if word.encode() in words:
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks into /proc")
@pytest.mark.parametrize(
    ("number", "status", "said"),
    [(signal.SIGINT, 130, "interrupted\n"), (signal.SIGTERM, 143, "terminated\n")],
)
def test_a_signal_ends_it_with_the_process_that_measures(
    tmp_path: Path, number: signal.Signals, status: int, said: str
) -> None:
    deal = tmp_path / "deal.toml"
    deal.write_text((ROOT / "spv_sim/scenario/starter.toml").read_text())
    process = begin("bench", deal, "--write", "b.json", cwd=tmp_path)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("bench: warming up")
    until = time.monotonic() + 60
    while len(processes_that_name(str(deal))) < 2:
        assert time.monotonic() < until, "no process measures"
        time.sleep(0.01)
    process.send_signal(number)
    done = finish(process, 30)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", said)
    while processes_that_name(str(deal)):
        assert time.monotonic() < until, "the process that measures is left behind"
        time.sleep(0.01)
    assert os.listdir(tmp_path) == ["deal.toml"]


def test_the_job_s_commands_are_ones_that_there_are() -> None:
    job = (ROOT / ".github/workflows/bench.yml").read_text()
    calls = re.findall(r"spv-sim bench (.*?)(?:\s*>>|\s*$)", job.replace("\\\n", " "), re.MULTILINE)
    assert len(calls) == 2
    options = [command.make_context("bench", shlex.split(call)).params for call in calls]
    assert [each["form"] for each in options] == ["text", "markdown"]
    assert options[0]["target"] == options[1]["gate"]
    assert options[0]["file"] == options[1]["file"]
    assert "GITHUB_STEP_SUMMARY" in job
