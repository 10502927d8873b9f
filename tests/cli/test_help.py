"""The command line as a whole: help that loads nothing, words for every failure, exit statuses."""

from __future__ import annotations

import errno
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from spv_sim import __version__
from spv_sim.cli import main as main_module
from spv_sim.cli.main import COMMANDS, describe, main
from spv_sim.errors import Problem, UserError
from spv_sim.scenario.starter import STARTER
from tests.cli.invoke import Shell

ROOT = Path(__file__).parents[2]
PRESENT = [name for name, (module, _) in COMMANDS.items() if importlib.util.find_spec(module)]
HEAVY = {
    "numpy",
    "numba",
    "llvmlite",
    "scipy",
    "matplotlib",
    "pydantic",
    "pydantic_core",
    "jinja2",
    "rich",
    "tomllib",
}


def start(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    command = [sys.executable, "-m", "spv_sim", *arguments]
    return subprocess.run(
        command, env=environment, cwd=cwd, capture_output=True, text=True, check=False, timeout=60
    )


def loaded(*arguments: str) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "spv_sim", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    return {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("validate", "--help"),
        ("explain", "--help"),
        ("solve", "--help"),
        ("bench", "--help"),
    ],
)
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not loaded(*arguments) & HEAVY


@pytest.mark.parametrize(
    "arguments", [("validate", "scenarios/vci-h100.toml"), ("explain", "lease.rate"), ("schema",)]
)
def test_commands_that_only_read_load_no_engine(arguments: tuple[str, ...]) -> None:
    assert not loaded(*arguments) & {"numba", "llvmlite", "matplotlib", "scipy"}


def test_help_is_quick() -> None:
    """Well under the cost of one heavy import, as a ratio to an interpreter that imports click."""

    def seconds(*command: str) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, check=True)
        return time.perf_counter() - begin

    ratios = [seconds("-m", "spv_sim", "--help") / seconds("-c", "import click") for _ in range(7)]
    assert statistics.median(ratios) < 2.5


def test_help_lists_every_command(shell: Shell) -> None:
    done = shell("--help")
    assert done.status == 0
    for name, (_, summary) in COMMANDS.items():
        assert name in done.out
        assert summary.split()[0] in done.out


@pytest.mark.parametrize("name", PRESENT)
def test_help_of_every_command(shell: Shell, name: str) -> None:
    done = shell(name, "--help")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"Usage: spv-sim {name}")


def test_version(shell: Shell) -> None:
    assert shell("--version").out == f"spv-sim {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("validat",), "Did you mean 'validate'?"),
        (("qqq",), "No such command 'qqq'."),
        (("validate",), "Missing argument"),
        (("validate", "--sett", "x"), "--set"),
        (("--colour",), "No such option"),
        ((), "Usage: spv-sim"),
    ],
)
def test_usage_errors(shell: Shell, arguments: tuple[str, ...], words: str) -> None:
    done = shell(*arguments)
    assert (done.status, done.out) == (2, "")
    assert words in done.err


class Failing(click.Group):
    """A command line whose command raises what the test wants."""

    fault: BaseException

    def invoke(self, ctx: click.Context) -> None:
        raise self.fault


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> type[Failing]:
    group = Failing("spv-sim", invoke_without_command=True)
    monkeypatch.setattr(main_module, "cli", group)
    monkeypatch.setattr(Failing, "fault", RuntimeError(), raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return Failing


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (UserError(Problem("x", "wrong")), 2, "error[x] wrong\n1 error."),
        (UserError(Problem("cannot-write", "full"), exit_code=4), 4, "error[cannot-write] full"),
        (OSError(errno.ENOSPC, "No space left on device"), 4, "error[cannot-write]: No space left on device"),
        (
            PermissionError(errno.EACCES, "Permission denied", "runs/x"),
            4,
            "error[cannot-write] runs/x: Permission denied",
        ),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (click.UsageError("odd"), 2, "odd"),
        (click.exceptions.Exit(1), 1, ""),
        (
            RuntimeError("boom"),
            70,
            "error[bug] this is a fault of spv-sim, not of your input: RuntimeError: boom",
        ),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_every_failure_has_words_and_a_status(
    shell: Shell,
    fail: type[Failing],
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException,
    status: int,
    words: str,
) -> None:
    monkeypatch.setattr(main_module, "_abandon_output", lambda: None)
    fail.fault = fault
    done = shell()
    assert done.status == status
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_bug_leaves_a_file_without_the_environment(
    shell: Shell, fail: type[Failing], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("SPV_SIM_SECRET", "hunter2-value")
    fail.fault = ZeroDivisionError("boom")
    done = shell("a", "\x1b[31m")
    (crash,) = tmp_path.glob("spv-sim-crash-*.txt")
    assert str(crash) in done.err
    text = crash.read_text()
    assert "ZeroDivisionError: boom" in text
    assert "command: spv-sim a \\x1b[31m" in text
    assert "hunter2" not in text
    assert crash.stat().st_mode & 0o077 == 0


def test_a_bug_without_a_place_for_its_file(
    shell: Shell, fail: type[Failing], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    fail.fault = ZeroDivisionError("boom")
    done = shell()
    assert done.status == 70
    assert "no crash file could be written" in done.err


def test_debug_shows_the_traceback_wherever_it_stands(shell: Shell, fail: type[Failing]) -> None:
    fail.fault = UserError(Problem("x", "wrong"))
    for arguments in (("--debug",), ("a", "--debug")):
        done = shell(*arguments)
        assert "Traceback" in done.err
        assert done.status == 2


def test_many_places_are_counted() -> None:
    problems = [Problem("x", "a", file="a.toml"), Problem("x", "b", key="lease.rate", file="b.toml")]
    assert describe(UserError(*problems)).endswith(
        "2 errors in 2 places. `spv-sim explain lease.rate` shows the setting."
    )


@pytest.mark.parametrize(
    ("environment", "color"),
    [
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, None),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"CLICOLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({}, None),
    ],
)
def test_color_is_the_users_choice(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], color: bool | None
) -> None:
    for name in ("NO_COLOR", "CLICOLOR", "TERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    seen: list[bool | None] = []

    class Looking(click.Group):
        def invoke(self, ctx: click.Context) -> None:
            seen.append(ctx.color)

    monkeypatch.setattr(main_module, "cli", Looking("spv-sim", invoke_without_command=True))
    assert main(["x"]) == 0
    assert seen == [color]


def test_a_full_device() -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "spv_sim", "schema"]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr == "error[cannot-write]: No space left on device\n"


def test_a_closed_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m spv_sim schema | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 141}
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_as_a_module_it_ignores_what_lies_in_the_current_folder(tmp_path: Path) -> None:
    for name in ("click.py", "json.py", "pydantic.py", "html.py"):
        (tmp_path / name).write_text("raise SystemExit('imported from the current folder')")
    (tmp_path / "deal.toml").write_text(STARTER)
    done = start("validate", "deal.toml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "deal.toml: ok, First deal\n")


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C"}, {"HOME": ""}, {"COLUMNS": "20"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_odd_environments(env: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "a b\u00e9\U0001f600"
    folder.mkdir()
    (folder / "deal.toml").write_text(STARTER.replace("First deal", "Deal \u00e9\U0001f600"))
    done = start("validate", str(folder / "deal.toml"), env=env)
    assert done.returncode == 0
    done = start("validate", str(folder / "absent.toml"), env=env)
    assert done.returncode == 2
    assert "error[unreadable]" in done.stderr
    assert "Traceback" not in done.stderr
