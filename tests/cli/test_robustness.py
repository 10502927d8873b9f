"""`spv-sim run` under faults: bad scenarios, bad places, full disks, hostile names."""

from __future__ import annotations

import json
import os
import re
import resource
from pathlib import Path
from typing import Any

import pytest

from spv_sim.analysis import simulation
from spv_sim.scenario.starter import STARTER
from spv_sim.store import run_folder
from spv_sim.store.manifest import verify
from tests.cli.invoke import Shell
from tests.cli.process import BASE, below, spv_sim
from tests.scenario.base import place_of, spoil

pytestmark = pytest.mark.usefixtures("compiled")

QUICK = ("--no-report", "--paths", "50")
ESCAPES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


NOT_PSD = "gpu_price = { lease_rate = 0.9, short_rate = 0.9 }\nlease_rate = { short_rate = -0.9 }"
FAULTS = {
    "misspelt key": ("hurdle =", "hurdel =", "hurdel", "did you mean `hurdle`?"),
    "misspelt table": ("[gpu_price.jump]", "[gpu_price.jmp]", "jmp", "did you mean"),
    "wrong unit": ('"1.60 USD/GPU-hour"', '"1.60 USD/GPU-day"', '"1.60 USD/GPU-day"', "USD/GPU-hour"),
    "no unit": ('"5 years"\ntiming', '"5"\ntiming', '"5"\ntiming', "months"),
    "share above one": ('debt_share = "70 %"', 'debt_share = "170 %"', '"170 %"', "at most 100 %"),
    "tranche does not fit": (
        'debt_share = "70 %"',
        'advance_rate = "100 %"',
        '"100 %" # of total uses',
        "the debt brings",
    ),
    "tenor beyond lease": ('tenor = "5 years"', 'tenor = "61 months"', '"61 months"', "61"),
    "not PSD": ("gpu_price = { lease_rate = 0.6 }", NOT_PSD, "[correlation]", "eigenvalue"),
    "absurd size": ("paths = 100_000", "paths = 1_000_000_000_000", "1_000_000_000_000", "1,000,000,000"),
    "brackets": ("schema = 1", "schema = " + "[" * 3_000, None, "nested"),
    "syntax": ("schema = 1", "schema = ", None, "syntax"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_scenario_is_shown_at_its_place(shell: Shell, here: Path, name: str) -> None:
    old, new, piece, words = FAULTS[name]
    text = spoil(old, new)
    if name == "tranche does not fit":
        first = 'first_payment = "30 %"\nfirst_payment_to = "reduces_uses"\ntriple_net'
        text = spoil("triple_net", first, text)
    (here / "deal.toml").write_text(text)
    done = shell("run", "deal.toml")
    assert (done.status, done.out) == (2, "")
    place = re.match(r"deal\.toml:(\d+):(\d+): error\[[a-z-]+\] ", done.err)
    assert place is not None, done.err
    if piece is not None:
        line, column = place_of(text, piece)
        assert int(place[1]) == line
        assert piece == "[correlation]" or int(place[2]) == column, done.err
    assert words in done.err
    assert "Traceback" not in done.err
    assert below(here) == ["deal.toml"]


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b'schema = 1\n[deal]\nname = "\xff\xfe"\n', r"deal\.toml:3:9: error\[", "UTF-8"),
        (STARTER.encode("utf-16"), r"deal\.toml:1:1: error\[", "UTF-8"),
        (b"\x00" * 100, r"deal\.toml:1:1: error\[", ""),
        (b"", r"deal\.toml", "deal"),
        (b"x" * (2 << 20), r"deal\.toml", ""),
    ],
    ids=["not UTF-8", "UTF-16", "zeros", "empty", "too long"],
)
def test_a_file_that_is_no_scenario(shell: Shell, here: Path, content: bytes, place: str, words: str) -> None:
    (here / "deal.toml").write_bytes(content)
    done = shell("run", "deal.toml")
    assert (done.status, done.out) == (2, "")
    assert re.match(place, done.err), done.err
    assert words in done.err
    assert not ESCAPES.search(done.err)
    assert len(done.err) < 10_000
    assert below(here) == ["deal.toml"]


@pytest.mark.parametrize("name", ["absent.toml", ".", "/dev/null/x", "a\0b", "\udcff.toml"])
def test_an_unreadable_file(shell: Shell, here: Path, name: str) -> None:
    done = shell("run", name)
    assert (done.status, done.out) == (2, "")
    assert "error[unreadable]" in done.err
    assert below(here) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--paths", "1000000000000"), "--paths 1000000000000: error[range] monte_carlo.paths"),
        (("--paths", "0"), "--paths 0: error[range]"),
        (("--paths", "many"), "'many' is not a valid integer"),
        (("--seed", "-1"), "--seed -1: error[range]"),
        (("--seed", str(2**64)), f"--seed {2**64}: error[range]"),
        (("--keep", str(10**12)), f"--keep {10**12}: error[range]"),
        (("--workers", "0"), "--workers"),
        (("--workers", "100000"), "--workers"),
        (("--set", "lease.rat=1"), "--set lease.rat=1: error[unknown-key]"),
        (("--set", "nonsense"), "--set nonsense: error["),
        (("-o", ""), "empty"),
        (("-o", "."), "the current folder"),
        (("--outpt", "x"), "No such option"),
        (("second.toml",), "unexpected extra argument"),
    ],
)
def test_faulty_options(shell: Shell, here: Path, words: tuple[str, ...], said: str) -> None:
    done = shell("run", BASE, *words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert below(here) == []


@pytest.mark.parametrize("case", ["folder", "file", "run with a stranger", "link"])
def test_what_is_not_a_run_is_left_alone(shell: Shell, here: Path, case: str) -> None:
    out = here / "out"
    if case == "folder":
        out.mkdir()
        (out / "thesis.txt").write_text("mine")
    elif case == "file":
        out.write_text("mine")
    elif case == "link":
        (here / "real").mkdir()
        out.symlink_to(here / "real")
    else:
        assert shell("run", BASE, *QUICK, "-o", "out").status == 0
        (out / "notes.txt").write_text("mine")
    before = below(here)
    done = shell("run", BASE, *QUICK, "-o", "out")
    assert (done.status, done.out) == (2, "")
    assert "error[output]" in done.err
    assert "-o DIR" in done.err
    assert below(here) == before


@pytest.mark.parametrize("place", ["/proc/spv-sim/out", "/dev/null/out", "/dev/full/a/b"])
def test_a_place_that_cannot_be_written(shell: Shell, here: Path, place: str) -> None:
    done = shell("run", BASE, *QUICK, "-o", place)
    assert (done.status, done.out) == (4, "")
    assert done.err.startswith(f"error[cannot-write] cannot write {place}: ")
    assert below(here) == []


def test_a_forbidden_place_is_told_before_the_work(
    shell: Shell, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_folder.os, "access", lambda path, mode: False)
    monkeypatch.setattr(simulation, "simulate", pytest.fail)
    done = shell("run", BASE, *QUICK, "-o", "a/b")
    assert (done.status, done.out) == (4, "")
    assert "cannot write a/b: Permission denied" in done.err


def test_a_disk_that_fills_up(here: Path) -> None:
    """50 paths make 7.6 kB of columns, and run.json is above 40 kB: the limit falls in its midst."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = spv_sim("run", BASE, *QUICK, "-o", "out", cwd=here, before=limit)
    assert (done.returncode, done.stdout) == (4, "")
    assert "error[cannot-write] cannot write" in done.stderr
    assert "File too large" in done.stderr
    assert below(here) == []


def test_a_full_device_for_json(here: Path) -> None:
    with open("/dev/full", "w") as full:
        done = spv_sim("run", BASE, *QUICK, "--json", "-o", "out", cwd=here, stdout=full)
    assert done.returncode == 4
    assert done.stderr == "error[cannot-write]: No space left on device\n"
    assert verify(here / "out") == ()


def test_a_closed_standard_output(here: Path) -> None:
    done = spv_sim("run", BASE, *QUICK, "-o", "out", cwd=here, before=lambda: os.close(1))
    assert (done.returncode, done.stderr) == (0, "")
    assert verify(here / "out") == ()


def test_too_little_memory(shell: Shell, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object, **__: object) -> Any:
        raise MemoryError

    monkeypatch.setattr(simulation, "Collector", fill)
    done = shell("run", BASE, *QUICK)
    assert (done.status, done.out) == (4, "")
    assert "--keep" in done.err
    assert below(here) == []


def test_failed_terms_are_shown_and_do_not_fail_the_run(shell: Shell, here: Path) -> None:
    term = (
        '[deal.published.x]\nmetric = "base_case.equity.moic"\nexpected = 9\ntolerance = 0.1\nsource = "s"\n'
    )
    (here / "deal.toml").write_text(spoil("[grid]", f"{term}\n[grid]"))
    done = shell("run", "deal.toml", *QUICK, "-o", "out")
    assert (done.status, done.err) == (0, "")
    assert "0 of 1 published terms met" in done.out
    (failed,) = [c for c in json.loads((here / "out/run.json").read_bytes())["checks"] if not c["passed"]]
    assert failed["name"] == "published.x"


def test_a_term_that_does_not_exist(shell: Shell, here: Path) -> None:
    term = (
        '[deal.published.x]\nmetric = "base_case.equity.iir"\nexpected = 9\ntolerance = 0.1\nsource = "s"\n'
    )
    text = spoil("[grid]", f"{term}\n[grid]")
    (here / "deal.toml").write_text(text)
    done = shell("run", "deal.toml", *QUICK)
    assert (done.status, done.out) == (2, "")
    line, column = place_of(text, '"base_case.equity.iir"')
    assert done.err.startswith(f"deal.toml:{line}:{column}: error[")
    assert below(here) == ["deal.toml"]


HOSTILE = "<script>alert(1)</script> \x1b[31m\u202e $\\frac{1$ ../../x %s {{7*7}} [/b] \U0001f600"


def test_a_hostile_name_is_only_text(here: Path) -> None:
    name = json.dumps(HOSTILE).replace("\\ud83d\\ude00", "\U0001f600")
    (here / "deal.toml").write_text(spoil('"First deal"', name), encoding="utf-8")
    done = spv_sim("run", "deal.toml", "--paths", 300, cwd=here, env={"FORCE_COLOR": "1"})
    assert done.returncode == 0, done.stderr
    assert not ESCAPES.search(done.stdout + done.stderr)
    (folder,) = (here / "runs").iterdir()
    assert re.fullmatch(r"[a-z0-9-]{1,60}", folder.name)
    assert json.loads((folder / "run.json").read_bytes())["scenario"]["name"] == HOSTILE
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not ESCAPES.search(page.replace("\t", ""))
    for chart in (folder / "charts").iterdir():
        assert "<script" not in chart.read_text(encoding="utf-8")


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}, {"LC_ALL": "C"}])
def test_pipes_see_no_escapes(here: Path, env: dict[str, str]) -> None:
    done = spv_sim("run", BASE, *QUICK, "-o", "out", cwd=here, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert not ESCAPES.search(done.stdout)


def test_help_names_every_status(shell: Shell) -> None:
    words = shell("--help").out
    assert all(f"{status} " in words for status in (0, 1, 2, 4, 70, 130, 143))
