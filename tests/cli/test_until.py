"""`spv-sim run --until`: the run of so many paths on any threads, and what is said of how it ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spv_sim.cli import approach, progress
from spv_sim.store.manifest import verify
from tests.cli.invoke import Shell
from tests.cli.process import BASE, ROOT, below

pytestmark = pytest.mark.usefixtures("compiled")

NPV = "equity.npv ± 6 m USD"
"""Reached at three steps: the NPV of a path deviates by 0.6 bn, and 1.96 · 0.6 bn / √38,000 is 6 m."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read_run(folder: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(folder, "run.json").read_bytes())
    return document


def test_it_does_not_depend_on_the_threads(shell: Shell) -> None:
    for workers in (1, 2, 5):
        done = shell("run", BASE, "--until", NPV, "--no-report", "-o", workers, "--workers", workers)
        assert (done.status, done.err) == (0, "")
    assert read_run("1")["manifest"]["paths"] == 3 * 16_384
    for name in ("run.json", "columns.npz"):
        assert len({Path(folder, name).read_bytes() for folder in "125"}) == 1


@pytest.mark.parametrize("keep", [(), ("--keep", 20_000)])
def test_it_is_the_run_of_so_many_paths(shell: Shell, keep: tuple[object, ...]) -> None:
    """With every path kept and with summaries: all but the words of the command and why it stopped."""
    assert shell("run", BASE, "--until", NPV, *keep, "--no-report", "-o", "a").status == 0
    paths = read_run("a")["manifest"]["paths"]
    assert paths == 3 * 16_384
    assert shell("run", BASE, "--paths", paths, *keep, "--no-report", "-o", "b").status == 0
    first, second = read_run("a"), read_run("b")
    record = first["manifest"].pop("until")
    assert first["manifest"].pop("command")[2:] != second["manifest"].pop("command")[2:]
    assert first == second
    assert Path("a/columns.npz").read_bytes() == Path("b/columns.npz").read_bytes()
    assert (record["stopped"], record["paths"], record["most_paths"]) == ("reached", paths, 10**9)
    low, high = first["metrics"]["equity.npv"]["ci95"]
    (goal,) = record["goals"]
    assert goal["half_width"] == (high - low) / 2 <= goal["half_width_asked"] == 6e6


def test_the_recorded_command_makes_the_same_run(shell: Shell, here: Path) -> None:
    (here / "deal.toml").write_text(BASE.read_text().replace("common/", f"{BASE.parent}/common/"))
    words = ("--until", NPV, "--until", "equity.irr.mean +- 50 bps", "--paths", 100_000, "--seed", 3)
    assert shell("run", "deal.toml", *words, "--no-report", "-o", "a").status == 0
    program, *again = read_run("a")["manifest"]["command"]
    assert program == "spv-sim"
    assert again.count("--until") == 2
    assert shell(*again, "--no-report", "-o", "b").status == 0
    assert (here / "a" / "run.json").read_bytes() == (here / "b" / "run.json").read_bytes()


def test_the_automatic_folder_is_named_by_what_is_asked(shell: Shell) -> None:
    common = ("run", BASE, "--no-report", "-q", "--paths", 50)
    names = [
        shell(*common).out,
        shell(*common, "--until", NPV).out,
        shell(*common, "--until", "equity.npv ± 5 m USD").out,
    ]
    assert len(set(names)) == 3
    assert shell(*common, "--until", NPV).out == names[1]


def test_the_most_paths_end_a_run_that_says_so(shell: Shell) -> None:
    words = ("run", BASE, "--until", "senior.expected_loss ± 1 %", "--paths", 3_000, "-o", "out")
    done = shell(*words)
    assert done.status == 0
    assert "warning: stopped at 3,000 paths, the most allowed" in done.err
    assert "Until     stopped at 3,000 paths, the most allowed" in done.out
    assert "senior.expected_loss ± " in done.out
    record = read_run("out")["manifest"]["until"]
    assert (record["stopped"], record["goals"][0]["reached"]) == ("most_paths", False)
    assert verify(Path("out")) == ()
    assert "stopped at 3,000 paths" in Path("out/report.html").read_text()
    assert shell(*words, "--must-reach", "--no-report").status == 1
    assert read_run("out")["manifest"]["paths"] == 3_000
    assert shell("run", BASE, "--until", NPV, "--must-reach", "--no-report").status == 0


def test_the_most_paths_may_be_set_as_a_setting(shell: Shell) -> None:
    words = ("--until", "senior.expected_loss ± 1 %", "--set", "monte_carlo.paths=500")
    assert shell("run", BASE, *words, "--no-report", "-q", "-o", "out").status == 0
    assert read_run("out")["manifest"]["paths"] == 500


def test_what_is_known_exactly_is_reached_at_once(shell: Shell) -> None:
    words = ("--set", "credit.hazard=0 %/year", "--until", "senior.expected_loss ± 1 %")
    assert shell("run", BASE, *words, "--no-report", "-o", "out").status == 0
    run = read_run("out")
    assert run["manifest"]["paths"] == 16_384
    assert run["manifest"]["until"]["goals"][0]["half_width"] == 0.0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "senior.expected_los ± 2 %"), "did you mean `senior.expected_loss`?"),
        (("--until", "senior.expected_loss ± 2 USD"), "allowed: pp"),
        (("--until", "senior.expected_loss ± 0 %"), "more than 0"),
        (("--until", "senior.expected_loss"), "METRIC ± ERROR"),
        (("--until", NPV, "--paths", 1), "the error of equity.npv is not defined after 1 path"),
        (("--until", NPV, "--paths", 0), "--paths 0"),
        (("--must-reach",), "--must-reach goes with --until"),
        (
            ("--set", "credit.hazard=0 %/year", "--until", "senior.loss_given_default ± 2 %"),
            "not defined after 16,384 paths: undefined: no path with a loss",
        ),
        (
            ("--set", "credit.hazard=0 %/year", "--until", "lessee.default_probability ± 2 %"),
            "lessee.default_probability is 0 after 16,384 paths",
        ),
    ],
)
def test_faults_leave_nothing(shell: Shell, here: Path, words: tuple[object, ...], said: str) -> None:
    done = shell("run", BASE, *words, "--no-report", "-o", "out")
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert below(here) == []


def test_a_log_tells_the_error_beside_what_is_asked(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LOG_EVERY", 0.0)
    done = shell("run", BASE, "--until", NPV, "--until", "equity.irr ± 1 %", "--no-report", "-o", "out")
    assert done.status == 0
    lines = done.err.splitlines()
    assert lines[0].startswith("32,768 paths, about ")
    assert "; at 16,384: equity.irr ± " in lines[0]
    assert lines[0].endswith(" % of its value, asked ± 1 %, and 1 more")
    assert shell("run", BASE, "--until", NPV, "--no-report", "-o", "out", "-q").err == ""


def test_a_terminal_shows_a_bar(monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    nearest = approach.nearest_words
    monkeypatch.setattr(approach, "nearest_words", lambda of: drawn.append(nearest(of)) or drawn[-1])
    done = shell("run", BASE, "--until", NPV, "--no-report", "-o", "out")
    assert done.status == 0
    assert len(drawn) >= 2
    assert all(words.startswith("equity.npv ± ") and "asked ± 6 m USD" in words for words in drawn)


def test_a_programme_stops_on_its_own_metrics_and_those_of_a_vehicle(shell: Shell) -> None:
    """Of all together and of one vehicle at once; it is the run of so many paths, in every folder."""
    file = ROOT / "scenarios" / "programme-three-spvs.toml"
    asked = ("programme.debt.expected_loss.mean ± 10 %", "first.senior.expected_loss ± 10 %")
    words = [word for text in asked for word in ("--until", text)]
    done = shell("run", file, *words, "--no-report", "-o", "a")
    assert done.status == 0
    record = read_run("a")["manifest"]["until"]
    assert [goal["metric"] for goal in record["goals"]] == [
        "programme.debt.expected_loss",
        "first.senior.expected_loss",
    ]
    assert record["stopped"] == "reached"
    assert f"stopped at {record['paths']:,} paths, with every error" in done.out
    assert shell("run", file, "--paths", record["paths"], "--no-report", "-o", "b").status == 0
    for folder in ("", *(path.name for path in Path("a").iterdir() if path.is_dir())):
        first, second = read_run(f"a/{folder}"), read_run(f"b/{folder}")
        assert first["manifest"].pop("until") == record
        assert first["manifest"].pop("command") != second["manifest"].pop("command")
        assert first == second
    first = read_run("a")["vehicles"]["first"]["metrics"]["senior.expected_loss"]
    low, high = first["ci95"]
    assert record["goals"][1]["half_width"] == (high - low) / 2 / first["value"] <= 0.1


def test_a_programme_tells_which_metrics_it_has(shell: Shell, here: Path) -> None:
    file = ROOT / "scenarios" / "programme-three-spvs.toml"
    done = shell(
        "run",
        file,
        "--until",
        "first.senior.expected_los ± 1 %",
        "--until",
        "programme.equity.npv ± 1 %/year",
    )
    assert (done.status, done.out) == (2, "")
    assert "did you mean `first.senior.expected_loss`?" in done.err
    assert "programme.equity.npv is in USD" in done.err
    assert below(here) == []
