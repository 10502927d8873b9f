"""The README says what the program prints, and its commands run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.refresh import PICTURES, README, ROOT, SCHEMA, SHOWN, filled, made, spv_sim

COMMANDS = re.findall(r"^\.venv/bin/spv-sim (.*)$", README.read_text(), re.MULTILINE)


def test_the_readme_shows_what_is_printed_today(tmp_path: Path) -> None:
    text = README.read_text()
    assert filled(text, made(tmp_path)) == text, "run `make docs`"
    for name in SHOWN:
        drawn = (tmp_path / "base" / "charts" / f"{name}.svg").read_bytes()
        assert (PICTURES / f"{name}.svg").read_bytes() == drawn, (
            f"{name} is not what the run draws; run `make docs`"
        )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    import shlex

    words = shlex.split(command)
    if words[0] == "run":
        words += ["--paths", "2000", "--no-report", "-o", str(tmp_path / "run")]
    if words[0] == "init":
        words[1] = str(tmp_path / words[1])
    done = subprocess.run(
        [sys.executable, "-m", "spv_sim", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_commands_were_found() -> None:
    assert len(COMMANDS) >= 6


def test_the_schema_beside_the_scenarios_is_fresh() -> None:
    assert SCHEMA.read_text() == spv_sim("schema"), "run `make docs`"
